package peloton.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.spec;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.operator.TestCluster;
import peloton.records.JobStatusRecord;
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
