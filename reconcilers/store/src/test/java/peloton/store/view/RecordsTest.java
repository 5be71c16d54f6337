package peloton.store.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.records.FrameworkRecord;
import peloton.records.HostGoalRecord;
import peloton.records.HostPoolRecord;
import peloton.records.HostRecord;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.records.JobWaitingRecord;
import peloton.records.LastRunRecord;
import peloton.records.LeaderRecord;
import peloton.records.LockdownRecord;
import peloton.records.NameRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodHistoryRecord;
import peloton.records.PodRecord;
import peloton.records.PoolUsageRecord;
import peloton.records.ResourcePoolRecord;
import peloton.records.SchemaRecord;
import peloton.records.SecretRecord;
import peloton.records.VolumeGoalRecord;
import peloton.records.VolumeRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;

class RecordsTest {
  private static final String JOB = "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f11";
  private static final String OTHER = "11111111-3f8f-4a58-9d7a-0d2f1f1f7f11";

  private final Records records = new Records();

  private record Entry(RecordKey key, Message value) {}

  static Stream<Entry> kept() {
    return Stream.of(
        new Entry(new RecordKey.JobGoal(JOB), goal(1)),
        new Entry(new RecordKey.JobSpec(JOB, 1), JobSpecRecord.newBuilder().setVersion(1).build()),
        new Entry(
            new RecordKey.WorkflowRequest(JOB, 2),
            WorkflowRequestRecord.newBuilder().setNumber(2).build()),
        new Entry(
            new RecordKey.PodGoal(JOB, 3), PodGoalRecord.newBuilder().setDesiredRun(2).build()),
        new Entry(new RecordKey.Secret(JOB, "s"), SecretRecord.newBuilder().setPath("/s").build()),
        new Entry(new RecordKey.JobStatus(JOB), status(JobState.JOB_STATE_RUNNING)),
        new Entry(
            new RecordKey.JobWaiting(JOB), JobWaitingRecord.newBuilder().setUpdatedAt(5).build()),
        new Entry(
            new RecordKey.WorkflowStatus(JOB, 2),
            WorkflowStatusRecord.newBuilder().setNumber(2).build()),
        new Entry(new RecordKey.Pod(JOB, 3), pod(PodState.POD_STATE_RUNNING)),
        new Entry(new RecordKey.Pool("p"), ResourcePoolRecord.newBuilder().setId("p").build()),
        new Entry(new RecordKey.PoolUsage("p"), PoolUsageRecord.newBuilder().addDemand(1).build()),
        new Entry(new RecordKey.JobName("web", 7, JOB), NameRecord.newBuilder().setId(JOB).build()),
        new Entry(
            new RecordKey.InstanceLastRun(JOB, 3), LastRunRecord.newBuilder().setRun(2).build()),
        new Entry(new RecordKey.JobLastRun(JOB), LastRunRecord.newBuilder().setRun(2).build()),
        new Entry(
            new RecordKey.Framework(), FrameworkRecord.newBuilder().setFrameworkId("f").build()),
        new Entry(
            new RecordKey.HostGoal("h"),
            HostGoalRecord.newBuilder().setGoal(HostState.HOST_STATE_DOWN).build()),
        new Entry(new RecordKey.HostPool("p"), HostPoolRecord.newBuilder().setCreatedAt(1).build()),
        new Entry(new RecordKey.Host("h"), HostRecord.newBuilder().setIp("10.0.0.1").build()),
        new Entry(
            new RecordKey.VolumeGoal("v"),
            VolumeGoalRecord.newBuilder().setGoal(VolumeState.VOLUME_STATE_DELETED).build()),
        new Entry(new RecordKey.Volume("v"), VolumeRecord.newBuilder().setJob("j").build()),
        new Entry(new RecordKey.Leader(), LeaderRecord.newBuilder().setId("l").build()),
        new Entry(
            new RecordKey.Lockdown(),
            LockdownRecord.newBuilder().addComponents(Component.Write).build()),
        new Entry(new RecordKey.Schema(), SchemaRecord.newBuilder().setVersion(1).build()));
  }

  @ParameterizedTest
  @MethodSource("kept")
  void aRecordIsHeldUntilItIsDeleted(Entry entry) {
    assertThat(records.holds(entry.key(), entry.value(), 5)).isFalse();

    records.apply(new RecordChange(entry.key(), Optional.of(entry.value()), 5));
    assertThat(records.holds(entry.key(), entry.value(), 5)).isTrue();
    assertThat(keys(records)).containsExactly(entry.key());

    records.apply(new RecordChange(entry.key(), Optional.empty(), 6));
    assertThat(records.holds(entry.key(), entry.value(), 5)).isFalse();
    assertThat(keys(records)).isEmpty();
    assertThat(records.jobs()).isEmpty();
    assertThat(records.pools()).isEmpty();
    assertThat(records.jobsNamed("web")).isEmpty();
    assertThat(records.framework()).isEmpty();
    assertThat(records.leader()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kept")
  void deletingWhatWasNeverThereLeavesNoTrace(Entry entry) {
    records.apply(entry.key(), null, 5);

    assertThat(keys(records)).isEmpty();
    assertThat(records.jobs()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kept")
  void aCopyGoesItsOwnWay(Entry entry) {
    records.apply(entry.key(), entry.value(), 5);
    Records copy = records.copy();

    assertThat(keys(copy)).containsExactly(entry.key());
    assertThat(copy.holds(entry.key(), entry.value(), 5)).isTrue();

    copy.apply(entry.key(), null, 6);
    assertThat(keys(records)).containsExactly(entry.key());
  }

  @Test
  void everyKindOfKeyIsKeptOrKnownNotToBe() {
    List<Class<?>> kinds = new ArrayList<>(kept().map(e -> e.key().getClass()).toList());
    kinds.add(RecordKey.PodHistory.class);
    kinds.add(RecordKey.PoolName.class);

    assertThat(kinds).containsExactlyInAnyOrder(RecordKey.class.getPermittedSubclasses());
  }

  @Test
  void runNumbersGoOnAfterRemovalAndDeletion() {
    assertThat(records.lastRuns().next(JOB, 3)).isEqualTo(1);

    records.apply(new RecordKey.InstanceLastRun(JOB, 3), lastRun(4), 5);
    assertThat(records.lastRuns().next(JOB, 3)).isEqualTo(5);
    assertThat(records.lastRuns().next(JOB, 2)).isEqualTo(1);

    records.apply(new RecordKey.JobLastRun(JOB), lastRun(7), 6);
    records.applyDeleteAll(RecordKey.actualOf(JOB));
    assertThat(records.lastRuns().of(JOB, 3)).isZero();
    assertThat(records.lastRuns().next(JOB, 3)).isEqualTo(8);
    assertThat(records.lastRuns().largest(JOB)).isEqualTo(7);
  }

  private static LastRunRecord lastRun(long run) {
    return LastRunRecord.newBuilder().setRun(run).build();
  }

  @Test
  void theRevisionOfAJobIsTheSameForWhoeverBeginsAfterADeletion() {
    JobStatusRecord status = JobStatusRecord.newBuilder().setUpdatedAt(1).build();
    records.apply(new RecordKey.JobStatus(JOB), status, 5);
    records.apply(new RecordKey.Secret(JOB, "s"), SecretRecord.getDefaultInstance(), 6);
    records.apply(new RecordKey.Pod(JOB, 1), PodRecord.getDefaultInstance(), 7);
    assertThat(records.job(JOB).writtenRevision()).isEqualTo(7);

    records.apply(new RecordKey.Pod(JOB, 1), null, 8);
    records.apply(new RecordKey.InstanceLastRun(JOB, 1), lastRun(3), 8);
    records.apply(new RecordKey.Secret(JOB, "s"), null, 9);

    Records later = new Records();
    later.apply(new RecordKey.InstanceLastRun(JOB, 1), lastRun(3), 8);
    later.apply(new RecordKey.JobStatus(JOB), status, 5);
    assertThat(later.job(JOB).writtenRevision())
        .isEqualTo(records.job(JOB).writtenRevision())
        .isEqualTo(8);
    assertThat(records.job(JOB).revision()).isEqualTo(9);
  }

  @Test
  void historyAndPoolNamesAreNotKept() {
    records.apply(new RecordKey.PodHistory(JOB, 1, 1), PodHistoryRecord.getDefaultInstance(), 5);
    records.apply(new RecordKey.PoolName("root", "a"), NameRecord.getDefaultInstance(), 6);

    assertThat(records.jobs()).isEmpty();
    assertThat(keys(records)).isEmpty();
  }

  @Test
  void deletingPastRunsLeavesWhatIsKept() {
    records.apply(new RecordKey.Pod(JOB, 1), PodRecord.newBuilder().setRun(3).build(), 5);

    records.applyDeleteAll(RecordKey.pastRunsOf(JOB));

    assertThat(keys(records)).containsExactly(new RecordKey.Pod(JOB, 1));
  }

  @Test
  void theSameValueWrittenLaterIsAnotherStateOfARecordThatWritersCompare() {
    records.apply(new RecordKey.JobGoal(JOB), goal(1), 5);
    records.apply(new RecordKey.Pool("p"), ResourcePoolRecord.getDefaultInstance(), 5);

    assertThat(records.holds(new RecordKey.JobGoal(JOB), goal(1), 6)).isFalse();
    assertThat(records.holds(new RecordKey.Pool("p"), ResourcePoolRecord.getDefaultInstance(), 6))
        .isFalse();
    assertThat(records.job(JOB).goalRevision()).isEqualTo(5);
    assertThat(records.poolRevision("p")).isEqualTo(5);
  }

  @Test
  void aDeletedGoalOrPoolHasNoRevisionToCompare() {
    records.apply(new RecordKey.JobGoal(JOB), goal(1), 5);
    records.apply(new RecordKey.JobStatus(JOB), status(JobState.JOB_STATE_KILLED), 5);
    records.apply(new RecordKey.JobGoal(JOB), null, 9);
    records.apply(new RecordKey.Pool("p"), ResourcePoolRecord.getDefaultInstance(), 5);
    records.apply(new RecordKey.Pool("p"), null, 9);

    assertThat(records.job(JOB).goal()).isNull();
    assertThat(records.job(JOB).goalRevision()).isZero();
    assertThat(records.job(JOB).revision()).isEqualTo(9);
    assertThat(records.poolRevision("p")).isZero();
  }

  @Test
  void deletingAllOfOneHalfLeavesTheOther() {
    kept().forEach(entry -> records.apply(entry.key(), entry.value(), 5));
    records.apply(new RecordKey.JobGoal(OTHER), goal(1), 5);

    records.applyDeleteAll(RecordKey.desiredOf(JOB));
    assertThat(keys(records))
        .contains(
            new RecordKey.JobStatus(JOB),
            new RecordKey.WorkflowStatus(JOB, 2),
            new RecordKey.Pod(JOB, 3),
            new RecordKey.JobGoal(OTHER))
        .doesNotContain(
            new RecordKey.JobGoal(JOB),
            new RecordKey.JobSpec(JOB, 1),
            new RecordKey.WorkflowRequest(JOB, 2),
            new RecordKey.PodGoal(JOB, 3),
            new RecordKey.Secret(JOB, "s"));

    records.applyDeleteAll(RecordKey.actualOf(JOB));
    assertThat(records.job(JOB)).isNull();
    assertThat(records.job(OTHER)).isNotNull();
    assertThat(records.jobsNamed("web")).hasSize(1);
  }

  @Test
  void deletingOneByOneEndsWhereDeletingAllDoes() {
    kept().forEach(entry -> records.apply(entry.key(), entry.value(), 5));
    Records atOnce = records.copy();
    atOnce.applyDeleteAll(RecordKey.actualOf(JOB));
    keys(records).stream()
        .filter(key -> key.path().startsWith(RecordKey.actualOf(JOB)))
        .forEach(key -> records.apply(key, null, 6));

    assertThat(keys(records)).containsExactlyInAnyOrderElementsOf(keys(atOnce));
    assertThat(records.job(JOB).podsIn(PodState.POD_STATE_RUNNING)).isZero();
    assertThat(records.job(JOB).pods().size()).isZero();
    assertThat(records.job(JOB).status()).isEqualTo(atOnce.job(JOB).status());
  }

  @Test
  void jobsOfOneNameComeNewestFirst() {
    RecordKey.JobName older = new RecordKey.JobName("web", 1, OTHER);
    RecordKey.JobName newer = new RecordKey.JobName("web", 2, JOB);
    records.apply(older, NameRecord.getDefaultInstance(), 5);
    records.apply(newer, NameRecord.getDefaultInstance(), 6);
    records.apply(new RecordKey.JobName("db", 3, JOB), NameRecord.getDefaultInstance(), 7);

    assertThat(records.jobsNamed("web")).containsExactly(newer, older);

    records.apply(older, null, 8);
    assertThat(records.jobsNamed("web")).containsExactly(newer);
    assertThat(records.jobsNamed("nobody")).isEmpty();
  }

  @Test
  void podsAreCountedByState() {
    for (int i = 0; i < 3; i++) {
      records.apply(new RecordKey.Pod(JOB, i), pod(PodState.POD_STATE_LAUNCHED), 5);
    }
    records.apply(new RecordKey.Pod(JOB, 1), pod(PodState.POD_STATE_RUNNING), 6);
    records.apply(new RecordKey.Pod(JOB, 2), null, 7);

    JobEntry job = records.job(JOB);
    assertThat(job.podsIn(PodState.POD_STATE_LAUNCHED)).isEqualTo(1);
    assertThat(job.podsIn(PodState.POD_STATE_RUNNING)).isEqualTo(1);
    assertThat(job.podCounts().byVersion())
        .isEqualTo(
            Map.of(0L, Map.of(PodState.POD_STATE_LAUNCHED, 1, PodState.POD_STATE_RUNNING, 1)));
    assertThat(job.pods().size()).isEqualTo(2);
  }

  @Test
  void aStateOfANewerVersionIsCountedAsInvalid() {
    records.apply(new RecordKey.Pod(JOB, 0), PodRecord.newBuilder().setStateValue(4711).build(), 5);
    assertThat(records.job(JOB).podsIn(PodState.POD_STATE_INVALID)).isEqualTo(1);

    records.apply(new RecordKey.Pod(JOB, 0), null, 6);
    assertThat(records.job(JOB)).isNull();
  }

  @Test
  void aRecordThatIsRefusedLeavesNoJobBehind() {
    RecordKey impossible = new RecordKey.Pod(JOB, Integer.MAX_VALUE);

    assertThatThrownBy(() -> records.apply(impossible, pod(PodState.POD_STATE_RUNNING), 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(records.jobs()).isEmpty();
  }

  @Test
  void aJobIsCompleteOnceTheSpecificationOfItsGoalIsThere() {
    records.apply(new RecordKey.JobGoal(JOB), goal(2), 5);
    assertThat(records.job(JOB).complete()).isFalse();

    records.apply(new RecordKey.JobSpec(JOB, 1), JobSpecRecord.getDefaultInstance(), 6);
    assertThat(records.job(JOB).complete()).isFalse();

    records.apply(new RecordKey.JobSpec(JOB, 2), JobSpecRecord.getDefaultInstance(), 7);
    assertThat(records.job(JOB).complete()).isTrue();
    assertThat(records.job(JOB).currentSpec()).isNotNull();
    assertThat(records.job(JOB).revision()).isEqualTo(7);
  }

  @Test
  void aReaderBesideTheWriterSeesOnlyWholeStates() {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Integer> reader =
        CompletableFuture.supplyAsync(
            () -> {
              int looks = 0;
              while (!done.get() || looks == 0) {
                for (JobEntry job : records.jobs()) {
                  JobGoalRecord goal = job.goal();
                  assertThat(goal == null || goal.getConfigurationVersion() > 0).isTrue();
                  job.specs().forEach((version, spec) -> assertThat(spec).isNotNull());
                  for (int i = 0; i < job.pods().bound(); i++) {
                    PodRecord pod = job.pods().get(i);
                    assertThat(pod == null || pod.getRun() == 1).isTrue();
                  }
                }
                records.jobsNamed("web").forEach(name -> assertThat(name.job()).isNotEmpty());
                looks++;
              }
              return looks;
            });
    for (int round = 1; round <= 300; round++) {
      String id = round % 2 == 0 ? JOB : OTHER;
      records.apply(new RecordKey.JobName("web", round, id), NameRecord.getDefaultInstance(), 1);
      records.apply(new RecordKey.JobGoal(id), goal(round), round);
      for (int i = 0; i < 50; i++) {
        records.apply(new RecordKey.Pod(id, i), PodRecord.newBuilder().setRun(1).build(), round);
      }
      records.applyDeleteAll(RecordKey.actualOf(id));
      records.applyDeleteAll(RecordKey.desiredOf(id));
      records.apply(new RecordKey.JobName("web", round, id), null, 1);
    }
    done.set(true);

    assertThat(reader.join()).isPositive();
    assertThat(keys(records)).isEmpty();
  }

  private static List<RecordKey> keys(Records records) {
    List<RecordKey> keys = new ArrayList<>();
    records.forEachKey(keys::add);
    return keys;
  }

  private static JobGoalRecord goal(long version) {
    return JobGoalRecord.newBuilder().setConfigurationVersion(version).build();
  }

  private static JobStatusRecord status(JobState state) {
    return JobStatusRecord.newBuilder().setState(state).build();
  }

  private static PodRecord pod(PodState state) {
    return PodRecord.newBuilder().setState(state).build();
  }
}
