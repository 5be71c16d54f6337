package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec.HealthCheckType;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;

/** Partitions and checks: what Mesos says of tasks that neither begin nor end. */
class StateScenarioTest {
  private static final UpdateSpec AT_ONCE = UpdateSpec.getDefaultInstance();
  private static final UpdateSpec ONE_BY_ONE = UpdateSpec.newBuilder().setBatchSize(1).build();

  private final World world = new World();

  @AfterEach
  void nothingWentWrong() {
    assertThat(world.outcome())
        .containsEntry("failures", 0L)
        .containsEntry("violations", List.of());
  }

  private void givenAgents(int count) {
    for (int i = 0; i < count; i++) {
      world.mesos.addAgent("agent-" + i, 4, 4096);
    }
    world.start();
  }

  private static JobSpec readinessChecked(int instances, String command) {
    JobSpec.Builder job = World.job(instances, command).toBuilder();
    job.getDefaultSpecBuilder()
        .getContainersBuilder(0)
        .getReadinessCheckBuilder()
        .setEnabled(true)
        .setType(HealthCheckType.HEALTH_CHECK_TYPE_COMMAND)
        .getCommandCheckBuilder()
        .setCommand("check");
    return job.build();
  }

  @Test
  void aPodOnAnAgentThatComesBackInTimeIsLeftAlone() {
    givenAgents(2);
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    String agent = world.pod(0).getAgentId();
    world.mesos.partition(agent);
    world.advance(Duration.ofSeconds(50));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(world.pod(0).getMessage()).startsWith("Task unreachable: ");

    world.mesos.rejoin(agent);
    world.advance(Duration.ofSeconds(50));
    assertThat(world.pod(0).getUnreachableSince()).isZero();
    assertThat(world.pod(0).getRun()).isEqualTo(1);
    assertThat(world.mesos.launches()).isEqualTo(1);
  }

  @Test
  void aPodOnAnAgentThatStaysAwayIsReplacedAndItsOldTaskIsKilledWhenItReturns() {
    givenAgents(2);
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    String agent = world.pod(0).getAgentId();
    world.mesos.partition(agent);
    world.advance(Duration.ofSeconds(62));
    assertThat(world.pod(0).getRun()).isEqualTo(2);
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(world.pod(0).getAgentId()).isNotEqualTo(agent);
    assertThat(world.pod(0).getFailureCount()).isZero();

    world.mesos.rejoin(agent);
    world.advance(Duration.ofSeconds(1));
    assertThat(world.mesos.living().get(World.JOB + "-0")).hasSize(1);
    assertThat(world.pod(0).getRun()).isEqualTo(2);
  }

  @Test
  void theWaitForAnAgentOutlivesTheLeader() {
    givenAgents(2);
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.mesos.partition(world.pod(0).getAgentId());
    world.advance(Duration.ofSeconds(40));
    world.restart();
    world.advance(Duration.ofSeconds(15));
    assertThat(world.pod(0).getRun()).isEqualTo(1);
    world.advance(Duration.ofSeconds(10));
    assertThat(world.pod(0).getRun()).isEqualTo(2);
  }

  @Test
  void aStoppedJobDoesNotWaitForAnAgentThatIsAway() {
    givenAgents(1);
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.mesos.partition("agent-0");
    world.advance(Duration.ofSeconds(2));
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_KILLED);
    assertThat(world.committed().job(World.JOB).status().getState())
        .isEqualTo(JobState.JOB_STATE_KILLED);

    world.mesos.rejoin("agent-0");
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).isEmpty();
  }

  @Test
  void anUpdateGoesOnWhenAnInstanceIsReady() {
    givenAgents(2);
    world.createJob(readinessChecked(2, "v1"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living()).hasSize(1);
    assertThat(world.pod(0).getReadiness()).isEqualTo(HealthState.HEALTH_STATE_UNKNOWN);
    world.mesos.ready(World.JOB + "-0", false);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living()).hasSize(1);

    world.mesos.ready(World.JOB + "-0", true);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living()).hasSize(2);
    world.mesos.ready(World.JOB + "-1", true);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.committed().job(World.JOB).workflowStatuses().get(1L).getState())
        .isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);

    world.mesos.ready(World.JOB + "-0", false);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(world.pod(0).getReadiness()).isEqualTo(HealthState.HEALTH_STATE_UNHEALTHY);
    assertThat(world.mesos.launches()).isEqualTo(2);
  }
}
