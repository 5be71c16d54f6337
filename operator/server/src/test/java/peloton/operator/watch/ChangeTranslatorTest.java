package peloton.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.spec;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.operator.TestCluster;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.records.PodGoalRecord;
import peloton.store.view.RecordChange;
import peloton.store.view.RecordKey;

class ChangeTranslatorTest {
  private final TestCluster cluster = TestCluster.started();
  private final ChangeTranslator translator = new ChangeTranslator(cluster.jobs, cluster.pods);

  @BeforeEach
  void createJobs() {
    cluster.createJob(JOB, spec(3).build());
    cluster.createJob(OTHER, spec(3).build());
    translator.reset(cluster.view.records());
  }

  @Test
  void ofSeveralRevisionsAJobComesWithItsLastAndSoDoWhatItsTransactionDidToPods() {
    List<RecordChange> changes =
        List.of(pod(JOB, 50), pod(OTHER, 51), status(JOB, 52), pod(JOB, 52));

    List<Publication> publications = translate(changes, 54);

    assertThat(publications).extracting(Publication::revision).containsExactly(50L, 51L, 52L, 54L);
    assertThat(publications.get(0).pods()).hasSize(1);
    assertThat(publications.get(0).jobs()).isEmpty();
    assertThat(publications.get(1).jobs())
        .extracting(Publication.JobChange::job)
        .containsExactly(OTHER);
    assertThat(publications.get(2).jobs())
        .extracting(Publication.JobChange::job)
        .containsExactly(JOB);
    assertThat(publications.get(2).pods()).hasSize(1);
    assertThat(publications.get(3).pods()).isEmpty();
    assertThat(publications.get(3).jobs()).isEmpty();
  }

  @Test
  void anInstanceThatWasOnlySpokenOfIsGoneWithTheSpecThatLeavesItOut() {
    RecordKey.PodGoal asked = new RecordKey.PodGoal(JOB, 2);
    cluster.write(asked, PodGoalRecord.newBuilder().setRefresh(1).build());
    JobGoalRecord goal =
        cluster.view.records().job(JOB).goal().toBuilder().setConfigurationVersion(2).build();
    JobSpecRecord smaller = JobSpecRecord.newBuilder().setSpec(spec(2)).setVersion(2).build();

    List<Publication> publications =
        translate(
            List.of(
                new RecordChange(new RecordKey.JobSpec(JOB, 2), Optional.of(smaller), 60),
                new RecordChange(new RecordKey.JobGoal(JOB), Optional.of(goal), 60)),
            60);

    assertThat(gone(publications)).containsExactly("2 POD_STATE_DELETED");
  }

  @Test
  void anInstanceThatWasOnlySpokenOfIsGoneWithItsJobAndOneThatRanIsGoneOnce() {
    cluster.write(
        new RecordKey.PodGoal(JOB, 0),
        PodGoalRecord.newBuilder().setRefresh(1).build(),
        new RecordKey.PodGoal(JOB, 1),
        PodGoalRecord.newBuilder().setRefresh(1).build(),
        new RecordKey.Pod(JOB, 1),
        TestCluster.pod(1, PodState.POD_STATE_RUNNING).build());
    List<RecordChange> deletions =
        java.util.stream.Stream.of(
                new RecordKey.Pod(JOB, 1),
                new RecordKey.JobGoal(JOB),
                new RecordKey.PodGoal(JOB, 0),
                new RecordKey.PodGoal(JOB, 1),
                new RecordKey.JobSpec(JOB, 1))
            .map(key -> new RecordChange(key, Optional.empty(), 70))
            .toList();

    assertThat(gone(translate(deletions, 70)))
        .containsExactly("1 POD_STATE_DELETED", "0 POD_STATE_DELETED");
  }

  private static List<String> gone(List<Publication> publications) {
    return publications.stream()
        .flatMap(publication -> publication.pods().stream())
        .map(ChangeTranslatorTest::text)
        .toList();
  }

  private static String text(Publication.PodChange change) {
    try {
      PodState state = WatchResponse.parseFrom(change.piece()).getPods(0).getStatus().getState();
      return change.instance() + " " + state;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private List<Publication> translate(List<RecordChange> changes, long revision) {
    changes.forEach(cluster.view.records()::apply);
    return translator.translate(
        cluster.view.records(), changes, revision, new ChangeTranslator.Wanted(true, true));
  }

  private static RecordChange pod(String job, long revision) {
    return new RecordChange(
        new RecordKey.Pod(job, 0),
        Optional.of(TestCluster.pod(revision, PodState.POD_STATE_RUNNING).build()),
        revision);
  }

  private static RecordChange status(String job, long revision) {
    return new RecordChange(
        new RecordKey.JobStatus(job),
        Optional.of(JobStatusRecord.newBuilder().setState(JobState.JOB_STATE_RUNNING).build()),
        revision);
  }
}
