package peloton.operator.read;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.goal;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.operator.TestCluster;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.records.PodGoalRecord;
import peloton.store.view.RecordKey;

class JobReaderTest {
  private final TestCluster cluster = TestCluster.started();

  @Test
  void aSummaryShowsEveryFieldOfTheSpecThatItHas() {
    cluster.createJob(JOB, spec(4).build());

    JobSummary summary = cluster.jobs.summary(cluster.job(JOB));

    assertThat(summary.getJobId().getValue()).isEqualTo(JOB);
    assertThat(summary.getName()).isEqualTo("web");
    assertThat(summary.getOwner()).isEqualTo("me");
    assertThat(summary.getOwningTeam()).isEqualTo("us");
    assertThat(summary.getLabelsList()).containsExactly(TestCluster.label("tier", "front"));
    assertThat(summary.getInstanceCount()).isEqualTo(4);
    assertThat(summary.getRespoolId().getValue()).isEqualTo(TestCluster.POOL);
  }

  @Test
  void everyInstanceIsCountedByItsStateAndItsVersion() {
    cluster.createJob(JOB, spec(5).build());
    cluster.write(
        new RecordKey.JobSpec(JOB, 2),
        JobSpecRecord.newBuilder().setVersion(2).setSpec(spec(4)).build(),
        new RecordKey.JobGoal(JOB),
        goal(2, 1, 2, 1).build());
    cluster.write(new RecordKey.Pod(JOB, 0), pod(1, PodState.POD_STATE_RUNNING).build());
    cluster.write(
        new RecordKey.Pod(JOB, 1), pod(2, PodState.POD_STATE_RUNNING).setVersion(2).build());
    cluster.write(new RecordKey.Pod(JOB, 4), pod(1, PodState.POD_STATE_KILLING).build());

    JobStatus status = cluster.jobs.status(cluster.job(JOB));

    assertThat(status.getPodStatsMap())
        .isEqualTo(
            Map.of("POD_STATE_RUNNING", 2, "POD_STATE_KILLING", 1, "POD_STATE_INITIALIZED", 2));
    assertThat(status.getPodConfigurationVersionStatsMap())
        .isEqualTo(Map.of("1-0-0", 2, "2-0-0", 3));
    assertThat(status.getPodStatsByConfigurationVersionMap().get("2-0-0").getStateStatsMap())
        .isEqualTo(Map.of("POD_STATE_RUNNING", 1, "POD_STATE_INITIALIZED", 2));
  }

  @Test
  void theRevisionGrowsWithEveryChangeOfTheJobAndItsPods() {
    long created = cluster.createJob(JOB, spec(1).build());
    assertThat(cluster.jobs.status(cluster.job(JOB)).getRevision().getVersion()).isEqualTo(created);

    long changed =
        cluster.write(new RecordKey.Pod(JOB, 0), pod(1, PodState.POD_STATE_LOST).build());
    assertThat(cluster.jobs.status(cluster.job(JOB)).getRevision().getVersion()).isEqualTo(changed);
  }

  @Test
  void theStateIsWhatTheLoopsSaid() {
    cluster.createJob(JOB, spec(1).build());
    cluster.write(
        new RecordKey.JobStatus(JOB),
        JobStatusRecord.newBuilder().setState(JobState.JOB_STATE_KILLING).build());

    JobStatus status = cluster.jobs.status(cluster.job(JOB));

    assertThat(status.getState()).isEqualTo(JobState.JOB_STATE_KILLING);
    assertThat(status.getDesiredState()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(status.getVersion().getValue()).isEqualTo("1-1-1");
    assertThat(status.getCreationTime()).isEqualTo("1970-01-01T00:00:01.000000001Z");
  }

  @ParameterizedTest
  @CsvSource({
    "JOB_STATE_RUNNING, 1, POD_STATE_KILLED",
    "JOB_STATE_RUNNING, 0, POD_STATE_RUNNING",
    "JOB_STATE_KILLED, 0, POD_STATE_KILLED",
    "JOB_STATE_DELETED, 1, POD_STATE_DELETED",
  })
  void aGoalOfOnePodHoldsUntilTheJobIsStartedOrStopped(
      JobState jobGoal, long podGoalVersion, PodState expected) {
    cluster.createJob(JOB, spec(2).build());
    cluster.write(
        new RecordKey.JobGoal(JOB),
        goal(1, 1, 1, 1).setGoal(jobGoal).build(),
        new RecordKey.PodGoal(JOB, 1),
        PodGoalRecord.newBuilder()
            .setGoal(PodState.POD_STATE_KILLED)
            .setDesiredStateVersion(podGoalVersion)
            .build());

    assertThat(
            cluster
                .pods
                .summary(cluster.job(JOB), 1, cluster.view.records().lastRuns())
                .getStatus()
                .getDesiredState())
        .isEqualTo(expected);
  }

  @Test
  void aPodBeyondTheInstancesIsToGo() {
    cluster.createJob(JOB, spec(1).build());
    cluster.write(new RecordKey.Pod(JOB, 3), pod(1, PodState.POD_STATE_RUNNING).build());

    assertThat(cluster.pods.exists(cluster.job(JOB), 3)).isTrue();
    assertThat(cluster.pods.exists(cluster.job(JOB), 2)).isFalse();
    assertThat(
            cluster
                .pods
                .summary(cluster.job(JOB), 3, cluster.view.records().lastRuns())
                .getStatus()
                .getDesiredState())
        .isEqualTo(PodState.POD_STATE_DELETED);
  }
}
