package peloton.operator.read;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.goal;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.request;
import static peloton.operator.TestCluster.spec;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.operator.TestCluster;
import peloton.records.InstanceRange;
import peloton.records.JobSpecRecord;
import peloton.records.LastRunRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowEventRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.RecordKey;
import peloton.workflow.VersionMarkers;

class PodStatsTest {
  private final TestCluster cluster = TestCluster.started();

  @Test
  void podsThatAnUpdateDoesNotConcernCountAsBeingOnItsVersion() {
    cluster.createJob(JOB, spec(4).build());
    for (int i = 0; i < 4; i++) {
      cluster.write(new RecordKey.Pod(JOB, i), running().build());
    }
    update(2, 4);
    assertThat(stats()).isEqualTo(Map.of("1-0-0", 4));

    rolling(2, range(3, 4));

    assertThat(stats()).isEqualTo(Map.of("1-0-0", 1, "2-0-0", 3));
    assertThat(status(0).getVersion().getValue()).isEqualTo("2-0-0");
    assertThat(status(3).getVersion().getValue()).isEqualTo("1-0-0");
    assertThat(status(3).getDesiredVersion().getValue()).isEqualTo("1-0-0");

    cluster.write(
        new RecordKey.Pod(JOB, 3),
        running().setVersion(2).setDesiredVersion(2).setWorkflow(2).build());
    assertThat(stats()).isEqualTo(Map.of("2-0-0", 4));
  }

  @Test
  void theIndexAgreesWithTheMarkersWhateverTheWorkflows() {
    Random random = new Random(7);
    for (int round = 0; round < 40; round++) {
      cluster.createJob(JOB, spec(20).build());
      for (int version = 2; version < 6; version++) {
        update(version, random.nextBoolean() ? 20 : 15);
        if (random.nextInt(4) > 0) {
          int from = random.nextInt(20);
          rolling(version, range(from, from + random.nextInt(21 - from)));
        }
      }
      for (int i = 0; i < 20; i++) {
        long desired = random.nextInt(1, 6);
        cluster.write(
            new RecordKey.Pod(JOB, i),
            running()
                .setVersion(random.nextInt(3) == 0 ? random.nextInt(1, 6) : desired)
                .setDesiredVersion(desired)
                .setWorkflow(random.nextInt(6))
                .build());
      }
      VersionIndex index = new VersionIndex(cluster.job(JOB));
      for (int i = 0; i < 20; i++) {
        PodRecord pod = cluster.job(JOB).pods().get(i);
        assertThat(index.current(i, pod))
            .isEqualTo(VersionMarkers.current(cluster.job(JOB), i, pod));
      }
      assertThat(stats().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(20);
      cluster.deleteJob(JOB);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "JOB_STATE_RUNNING, WORKFLOW_STATE_INVALID, POD_STATE_INITIALIZED",
    "JOB_STATE_RUNNING, WORKFLOW_STATE_PAUSED, POD_STATE_INITIALIZED",
    "JOB_STATE_RUNNING, WORKFLOW_STATE_ROLLING_FORWARD, POD_STATE_PENDING",
    "JOB_STATE_RUNNING, WORKFLOW_STATE_SUCCEEDED, POD_STATE_PENDING",
    "JOB_STATE_RUNNING, WORKFLOW_STATE_FAILED, POD_STATE_INITIALIZED",
    "JOB_STATE_KILLED, WORKFLOW_STATE_SUCCEEDED, POD_STATE_KILLED",
  })
  void anInstanceThatWasNeverLaunchedShowsWhatItWaitsFor(
      JobState goal, WorkflowState workflow, PodState expected) {
    cluster.createJob(JOB, spec(3).build());
    cluster.write(
        new RecordKey.JobGoal(JOB),
        goal(1, 1, 1, 1).setGoal(goal).build(),
        new RecordKey.WorkflowStatus(JOB, 1),
        WorkflowStatusRecord.newBuilder().setNumber(1).setState(workflow).build());

    assertThat(status(2).getState()).isEqualTo(expected);
    assertThat(jobStatus().getPodStatsMap()).isEqualTo(Map.of(expected.name(), 3));
  }

  @Test
  void instancesThatWereStartedOrStoppedOneByOneAreCountedSo() {
    cluster.createJob(JOB, spec(5).build());
    cluster.write(
        new RecordKey.JobGoal(JOB),
        goal(1, 1, 1, 1).setStoppedBelow(4).build(),
        new RecordKey.PodGoal(JOB, 1),
        PodGoalRecord.newBuilder()
            .setGoal(PodState.POD_STATE_RUNNING)
            .setDesiredStateVersion(1)
            .build());

    assertThat(jobStatus().getPodStatsMap())
        .isEqualTo(Map.of("POD_STATE_INITIALIZED", 2, "POD_STATE_KILLED", 3));

    cluster.write(
        new RecordKey.JobGoal(JOB), goal(1, 2, 1, 1).setGoal(JobState.JOB_STATE_KILLED).build());
    assertThat(jobStatus().getPodStatsMap()).isEqualTo(Map.of("POD_STATE_KILLED", 5));
  }

  @Test
  void anInstanceThatComesBackGoesOnWithItsRuns() {
    cluster.createJob(JOB, spec(2).build());
    cluster.write(
        new RecordKey.InstanceLastRun(JOB, 1), LastRunRecord.newBuilder().setRun(4).build());

    assertThat(status(1).getPodId().getValue()).isEqualTo(JOB + "-1-5");
    assertThat(status(1).getPrevPodId().getValue()).isEqualTo(JOB + "-1-4");
    assertThat(status(0).getPodId().getValue()).isEqualTo(JOB + "-0-1");
    assertThat(status(0).hasPrevPodId()).isFalse();
  }

  @Test
  void aRunUsesItsLimitsForAsLongAsItRuns() {
    cluster.createJob(JOB, spec(2).build());
    long second = 1_000_000_000L;
    cluster.write(
        new RecordKey.Pod(JOB, 0),
        running().setStartedAt(10 * second).setCompletedAt(14 * second).build());

    assertThat(status(0).getResourceUsageMap())
        .isEqualTo(Map.of("cpu", 2.0, "memory", 256.0, "disk", 0.0, "gpu", 0.0));
    assertThat(status(1).getResourceUsageMap()).isEmpty();
  }

  private void update(long version, int instances) {
    cluster.write(
        new RecordKey.JobSpec(JOB, version),
        JobSpecRecord.newBuilder().setVersion(version).setSpec(spec(instances)).build(),
        new RecordKey.JobGoal(JOB),
        goal(version, 1, version, version).build(),
        new RecordKey.WorkflowRequest(JOB, version),
        request(version, version, version - 1).build());
  }

  private void rolling(long workflow, InstanceRange updated) {
    cluster.write(
        new RecordKey.WorkflowStatus(JOB, workflow),
        WorkflowStatusRecord.newBuilder()
            .setNumber(workflow)
            .setState(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD)
            .addUpdated(updated)
            .addEvents(
                WorkflowEventRecord.newBuilder()
                    .setState(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD))
            .build());
  }

  private Map<String, Integer> stats() {
    return jobStatus().getPodConfigurationVersionStatsMap();
  }

  private JobStatus jobStatus() {
    return cluster.jobs.status(cluster.job(JOB));
  }

  private PodStatus status(int instance) {
    return cluster.pods.status(cluster.job(JOB), instance, cluster.view.records().lastRuns());
  }

  private static PodRecord.Builder running() {
    return pod(1, PodState.POD_STATE_RUNNING);
  }

  private static InstanceRange range(int from, int to) {
    return InstanceRange.newBuilder().setFrom(from).setTo(to).build();
  }
}
