package peloton.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.label;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;

import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.watch.Watch.PodFilter;
import peloton.api.v1alpha.watch.Watch.StatelessJobFilter;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.desired.ApiException;
import peloton.operator.TestCluster;
import peloton.records.JobStatusRecord;
import peloton.records.PodGoalRecord;
import peloton.store.view.RecordKey;

class WatchHubTest {
  private static final WatchRequest ALL_PODS =
      WatchRequest.newBuilder().setPodFilter(PodFilter.getDefaultInstance()).build();
  private static final WatchRequest ALL_JOBS =
      WatchRequest.newBuilder()
          .setStatelessJobFilter(StatelessJobFilter.getDefaultInstance())
          .build();

  private final TestCluster cluster = TestCluster.started();
  private final WatchHub hub = cluster.hub(new WatchSettings(3, 4, 2));
  private final RecordingSink sink = new RecordingSink();
  private long created;

  @BeforeEach
  void createJob() {
    created = cluster.createJob(JOB, spec(3).build());
  }

  @Test
  void theFirstMessageHoldsTheIdAndTheRevisionAndNoChange() {
    WatchSession session = hub.open(ALL_PODS, sink);

    assertThat(sink.messages).hasSize(1);
    assertThat(sink.messages.get(0).getWatchId()).isEqualTo(session.id()).isPositive();
    assertThat(sink.messages.get(0).getRevision()).isEqualTo(created);
    assertThat(sink.changes()).isEmpty();
  }

  @Test
  void podsComeInOneMessageForEachRevision() {
    hub.open(ALL_PODS, sink);

    long launched =
        cluster.write(
            podKey(0),
            pod(1, PodState.POD_STATE_LAUNCHED).build(),
            podKey(2),
            pod(1, PodState.POD_STATE_LAUNCHED).build());
    long running = cluster.write(podKey(2), pod(1, PodState.POD_STATE_RUNNING).build());
    long removed = cluster.delete(podKey(0));

    assertThat(sink.changes())
        .containsExactly(
            launched + ": pod 0 LAUNCHED pod 2 LAUNCHED",
            running + ": pod 2 RUNNING",
            removed + ": pod 0 DELETED");
    assertThat(sink.messages).allSatisfy(m -> assertThat(m.getWatchId()).isEqualTo(1));
  }

  @Test
  void aPodThatAClientStopsIsToldOfWithItsNewGoal() {
    hub.open(ALL_PODS, sink);

    cluster.write(
        new RecordKey.PodGoal(JOB, 1),
        PodGoalRecord.newBuilder()
            .setGoal(PodState.POD_STATE_KILLED)
            .setDesiredStateVersion(1)
            .build());

    assertThat(sink.messages.get(1).getPods(0).getStatus().getDesiredState())
        .isEqualTo(PodState.POD_STATE_KILLED);
  }

  @Test
  void aJobIsToldOfWhenItsStateOrItsPodsChange() {
    hub.open(ALL_JOBS, sink);

    long pending = cluster.write(new RecordKey.JobStatus(JOB), status(JobState.JOB_STATE_PENDING));
    long running =
        cluster.write(
            podKey(0),
            pod(1, PodState.POD_STATE_RUNNING).build(),
            new RecordKey.JobStatus(JOB),
            status(JobState.JOB_STATE_RUNNING));

    assertThat(sink.changes())
        .containsExactly(pending + ": job 1 PENDING", running + ": job 1 RUNNING");
    assertThat(sink.messages.get(2).getStatelessJobs(0).getStatus().getPodStatsMap())
        .containsEntry("POD_STATE_RUNNING", 1)
        .containsEntry("POD_STATE_INITIALIZED", 2);
  }

  @Test
  void aDeletedJobIsToldOfOnceWithItsName() {
    cluster.write(podKey(0), pod(1, PodState.POD_STATE_RUNNING).build());
    hub.open(ALL_JOBS, sink);

    long deleted = cluster.deleteJob(JOB);

    assertThat(sink.changes()).containsExactly(deleted + ": job 1 DELETED");
    assertThat(sink.messages.get(1).getStatelessJobs(0).getName()).isEqualTo("web");
  }

  @Test
  void filtersLeaveOutWhatIsNotAskedFor() {
    cluster.createJob(OTHER, spec(2).setName("other").clearLabels().build());
    RecordingSink labelled = new RecordingSink();
    RecordingSink named = new RecordingSink();
    hub.open(
        WatchRequest.newBuilder()
            .setStatelessJobFilter(
                StatelessJobFilter.newBuilder().addLabels(label("tier", "front")))
            .build(),
        labelled);
    hub.open(
        WatchRequest.newBuilder()
            .setPodFilter(
                PodFilter.newBuilder()
                    .addPodNames(podName(OTHER, 1))
                    .addLabels(label("app", "web")))
            .build(),
        named);
    hub.open(
        WatchRequest.newBuilder().setPodFilter(PodFilter.newBuilder().setJobId(id(JOB))).build(),
        sink);

    long first = cluster.write(podKey(0), pod(1, PodState.POD_STATE_RUNNING).build());
    cluster.write(new RecordKey.Pod(OTHER, 0), pod(1, PodState.POD_STATE_RUNNING).build());
    long third =
        cluster.write(new RecordKey.Pod(OTHER, 1), pod(1, PodState.POD_STATE_RUNNING).build());

    assertThat(sink.changes()).containsExactly(first + ": pod 0 RUNNING");
    assertThat(labelled.changes()).containsExactly(first + ": job 1 INITIALIZED");
    assertThat(named.changes()).containsExactly(third + ": pod 1 RUNNING");
  }

  @Test
  void bothFiltersTogetherGiveBoth() {
    hub.open(
        ALL_PODS.toBuilder().setStatelessJobFilter(StatelessJobFilter.getDefaultInstance()).build(),
        sink);

    long launched = cluster.write(podKey(1), pod(1, PodState.POD_STATE_LAUNCHED).build());

    assertThat(sink.changes()).containsExactly(launched + ": pod 1 LAUNCHED job 1 INITIALIZED");
  }

  @Test
  void whatIsAskedForAndDoesNotExistIsSaidFirst() {
    hub.open(
        WatchRequest.newBuilder()
            .setStatelessJobFilter(
                StatelessJobFilter.newBuilder().addJobIds(id(JOB)).addJobIds(id(OTHER)))
            .setPodFilter(
                PodFilter.newBuilder()
                    .addPodNames(podName(JOB, 2))
                    .addPodNames(podName(JOB, 3))
                    .addPodNames(PodName.newBuilder().setValue("junk")))
            .build(),
        sink);

    assertThat(sink.messages.get(0).getStatelessJobsNotFoundList()).containsExactly(id(OTHER));
    assertThat(sink.messages.get(0).getPodsNotFoundList())
        .extracting(PodName::getValue)
        .containsExactly(JOB + "-3", "junk");
  }

  @Test
  void theJobOfAPodFilterIsSaidToBeMissingAndSoArePodsOfAnother() {
    RecordingSink other = new RecordingSink();
    hub.open(
        WatchRequest.newBuilder()
            .setStatelessJobFilter(StatelessJobFilter.newBuilder().addJobIds(id(OTHER)))
            .setPodFilter(PodFilter.newBuilder().setJobId(id(OTHER)).addPodNames(podName(OTHER, 0)))
            .build(),
        sink);
    hub.open(
        WatchRequest.newBuilder()
            .setPodFilter(
                PodFilter.newBuilder()
                    .setJobId(id(JOB))
                    .addPodNames(podName(JOB, 0))
                    .addPodNames(podName(OTHER, 0)))
            .build(),
        other);

    assertThat(sink.messages.get(0).getStatelessJobsNotFoundList()).containsExactly(id(OTHER));
    assertThat(sink.messages.get(0).getPodsNotFoundList()).containsExactly(podName(OTHER, 0));
    assertThat(other.messages.get(0).getStatelessJobsNotFoundList()).isEmpty();
    assertThat(other.messages.get(0).getPodsNotFoundList()).containsExactly(podName(OTHER, 0));
  }

  @Test
  void aWatchGoesOnFromAPastRevisionWithEveryChangeInBetween() {
    long launched = cluster.write(podKey(0), pod(1, PodState.POD_STATE_LAUNCHED).build());
    long running = cluster.write(podKey(0), pod(1, PodState.POD_STATE_RUNNING).build());
    long killed = cluster.write(podKey(0), pod(1, PodState.POD_STATE_KILLED).build());

    hub.open(ALL_PODS.toBuilder().setStartRevision(running).build(), sink);
    long again = cluster.write(podKey(0), pod(2, PodState.POD_STATE_LAUNCHED).build());

    assertThat(launched).isLessThan(running);
    assertThat(sink.messages.get(0).getRevision()).isEqualTo(running - 1);
    assertThat(sink.changes())
        .containsExactly(
            running + ": pod 0 RUNNING", killed + ": pod 0 KILLED", again + ": pod 0 LAUNCHED");
  }

  @Test
  void historyShowsAJobAsItWasThen() {
    cluster.write(new RecordKey.JobStatus(JOB), status(JobState.JOB_STATE_PENDING));
    cluster.write(podKey(0), pod(1, PodState.POD_STATE_RUNNING).build());
    long deleted = cluster.deleteJob(JOB);
    cluster.createJob(JOB, spec(1).build());

    hub.open(
        WatchRequest.newBuilder()
            .setStatelessJobFilter(StatelessJobFilter.newBuilder().addJobIds(id(JOB)))
            .setStartRevision(created)
            .build(),
        sink);

    assertThat(sink.changes())
        .containsExactly(
            created + ": job 1 INITIALIZED",
            (created + 1) + ": job 1 PENDING",
            (created + 2) + ": job 1 PENDING",
            deleted + ": job 1 DELETED",
            (deleted + 1) + ": job 1 INITIALIZED");
    assertThat(sink.messages.get(3).getStatelessJobs(0).getStatus().getPodStatsMap())
        .containsEntry("POD_STATE_RUNNING", 1);
  }

  @Test
  void historyWaitsForAClientThatReadsSlowly() {
    List<String> expected = new java.util.ArrayList<>();
    for (int i = 0; i < 60; i++) {
      long revision = cluster.write(podKey(i % 3), pod(i + 1, PodState.POD_STATE_RUNNING).build());
      expected.add(revision + ": pod " + i % 3 + " RUNNING");
    }
    sink.ready = false;
    WatchSession session =
        hub.open(ALL_PODS.toBuilder().setStartRevision(created + 1).build(), sink);
    assertThat(sink.messages).isEmpty();

    long late = cluster.write(podKey(0), pod(99, PodState.POD_STATE_KILLED).build());
    expected.add(late + ": pod 0 KILLED");
    sink.ready = true;
    session.drain();
    long live = cluster.write(podKey(1), pod(99, PodState.POD_STATE_KILLED).build());
    expected.add(live + ": pod 1 KILLED");

    assertThat(sink.end).isEmpty();
    assertThat(sink.changes()).isEqualTo(expected);
  }

  @Test
  void aClientThatReadsHistoryInSipsGetsAllOfIt() {
    for (int i = 0; i < 40; i++) {
      cluster.write(podKey(0), pod(i + 1, PodState.POD_STATE_RUNNING).build());
    }
    sink.room = 0;
    WatchSession session =
        hub.open(ALL_PODS.toBuilder().setStartRevision(created + 1).build(), sink);
    for (int sip = 0; sip < 100 && sink.end.isEmpty(); sip++) {
      sink.room = 1;
      session.drain();
    }

    assertThat(sink.end).isEmpty();
    assertThat(sink.messages)
        .hasSize(41)
        .extracting(message -> message.getRevision())
        .doesNotHaveDuplicates()
        .isSorted();
  }

  @Test
  void aWatchFromTheNextRevisionIsLiveAtOnce() {
    hub.open(ALL_PODS.toBuilder().setStartRevision(created + 1).build(), sink);

    long launched = cluster.write(podKey(0), pod(1, PodState.POD_STATE_LAUNCHED).build());

    assertThat(launched).isEqualTo(created + 1);
    assertThat(sink.changes()).containsExactly(launched + ": pod 0 LAUNCHED");
  }

  @Test
  void aStartInTheFutureIsRefused() {
    hub.open(ALL_PODS.toBuilder().setStartRevision(created + 2).build(), sink);

    assertEnd(sink, ApiException.Code.INVALID_ARGUMENT, "start_revision: " + (created + 2));
    assertThat(sink.messages).isEmpty();
    assertThat(hub.size()).isZero();
    assertRefused(
        () -> hub.open(ALL_PODS.toBuilder().setStartRevision(-1).build(), sink),
        ApiException.Code.INVALID_ARGUMENT,
        "18446744073709551615");
  }

  @Test
  void aStartThatIsCompactedAwayIsOutOfRange() {
    for (int i = 0; i < 3; i++) {
      cluster.write(podKey(i), pod(1, PodState.POD_STATE_RUNNING).build());
    }
    cluster.data.compact(created + 2);

    hub.open(ALL_PODS.toBuilder().setStartRevision(created).build(), sink);

    assertEnd(sink, ApiException.Code.OUT_OF_RANGE, "start_revision: " + created);
    assertThat(hub.size()).isZero();
  }

  @Test
  void aClientThatKeepsUpLateGetsEverythingInOrder() {
    hub.open(ALL_PODS, sink);
    WatchSession session = hub.open(ALL_PODS, new RecordingSink());
    sink.ready = false;
    List<PodState> states =
        List.of(
            PodState.POD_STATE_LAUNCHED, PodState.POD_STATE_STARTING, PodState.POD_STATE_RUNNING);
    states.forEach(state -> cluster.write(podKey(0), pod(1, state).build()));

    assertThat(sink.changes()).isEmpty();
    sink.ready = true;
    cluster.write(podKey(0), pod(1, PodState.POD_STATE_KILLED).build());

    assertThat(sink.changes())
        .extracting(text -> text.substring(text.lastIndexOf(' ') + 1))
        .containsExactly("LAUNCHED", "STARTING", "RUNNING", "KILLED");
    assertThat(session.id()).isEqualTo(2);
  }

  @Test
  void aClientThatFallsBehindIsCutOffAndOthersAreNot() {
    RecordingSink other = new RecordingSink();
    hub.open(ALL_PODS, sink);
    hub.open(ALL_PODS, other);
    sink.ready = false;

    for (int i = 0; i < 5; i++) {
      cluster.write(podKey(0), pod(i + 1, PodState.POD_STATE_RUNNING).build());
    }

    assertEnd(sink, ApiException.Code.ABORTED, "event overflow: 1");
    assertThat(other.changes()).hasSize(5);
    assertThat(other.end).isEmpty();
    assertThat(hub.size()).isEqualTo(1);
  }

  @Test
  void aCancelledWatchEndsAndIsGone() {
    WatchSession session = hub.open(ALL_JOBS, sink);

    hub.cancel(session.id());

    assertEnd(sink, ApiException.Code.CANCELLED, "watch cancelled: " + session.id());
    assertRefused(
        () -> hub.cancel(session.id()), ApiException.Code.NOT_FOUND, "watch_id: this replica");
    cluster.write(podKey(0), pod(1, PodState.POD_STATE_RUNNING).build());
    assertThat(sink.changes()).isEmpty();
  }

  @Test
  void watchesBeyondTheLimitAreRefusedUntilOneEnds() {
    WatchSession first = hub.open(ALL_PODS, new RecordingSink());
    hub.open(ALL_PODS, new RecordingSink());
    hub.open(ALL_JOBS, new RecordingSink());

    assertRefused(
        () -> hub.open(ALL_PODS, sink), ApiException.Code.RESOURCE_EXHAUSTED, "max client reached");

    first.clientGone();
    hub.open(ALL_PODS, sink);
    assertThat(sink.messages).hasSize(1);
  }

  @Test
  void aWatchOfNothingIsRefused() {
    assertRefused(
        () -> hub.open(WatchRequest.getDefaultInstance(), sink),
        ApiException.Code.INVALID_ARGUMENT,
        "not supported watch type");
  }

  @Test
  void changesThatTheViewLostComeFromHistory() {
    hub.open(ALL_PODS, sink);
    cluster.store.unavailable(true);
    var elsewhere = new peloton.store.memory.MemoryStore(cluster.data, Runnable::run);
    long missed =
        elsewhere
            .commit(
                new peloton.store.Txn(
                    List.of(),
                    List.of(
                        cluster.keyspace.put(
                            podKey(0), pod(1, PodState.POD_STATE_LAUNCHED).build()))))
            .join()
            .revision();
    cluster.store.unavailable(false);
    cluster.timers.advance(java.time.Duration.ofSeconds(30));
    long seen = cluster.write(podKey(0), pod(1, PodState.POD_STATE_RUNNING).build());

    assertThat(sink.changes())
        .containsExactly(missed + ": pod 0 LAUNCHED", seen + ": pod 0 RUNNING");
    assertThat(sink.end).isEmpty();
  }

  @Test
  void aSnapshotAfterALossSendsWatchesThroughHistory() {
    hub.open(ALL_PODS, sink);
    cluster.view.close();
    long missed = cluster.write(podKey(1), pod(1, PodState.POD_STATE_LAUNCHED).build());

    hub.onSnapshot(cluster.view.records(), missed);

    assertThat(sink.changes()).containsExactly(missed + ": pod 1 LAUNCHED");
    assertThat(sink.end).isEmpty();
  }

  @Test
  void closingEndsEveryWatchWithTheWayToGoOn() {
    hub.open(ALL_PODS, sink);

    hub.close();

    assertEnd(sink, ApiException.Code.UNAVAILABLE, "this replica stops");
    assertThat(hub.size()).isZero();
  }

  @Test
  void nothingIsServedBeforeTheStoreWasRead() {
    TestCluster fresh = new TestCluster();
    WatchHub early = fresh.hub(WatchSettings.DEFAULT);

    assertRefused(
        () -> early.open(ALL_PODS, sink), ApiException.Code.UNAVAILABLE, "has not read etcd yet");
  }

  private static void assertEnd(RecordingSink sink, ApiException.Code code, String text) {
    assertThat(sink.end.map(ApiException::code)).isEqualTo(Optional.of(code));
    assertThat(sink.end.orElseThrow()).hasMessageContaining(text);
  }

  private static void assertRefused(ThrowingCallable call, ApiException.Code code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  private static RecordKey podKey(int instance) {
    return new RecordKey.Pod(JOB, instance);
  }

  private static JobID id(String job) {
    return JobID.newBuilder().setValue(job).build();
  }

  private static PodName podName(String job, int instance) {
    return PodName.newBuilder().setValue(job + "-" + instance).build();
  }

  private static JobStatusRecord status(JobState state) {
    return JobStatusRecord.newBuilder().setState(state).build();
  }
}
