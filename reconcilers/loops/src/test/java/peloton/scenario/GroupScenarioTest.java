package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.mesos.v1.Protos.TaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus.Reason;
import peloton.records.ContainerRecord;
import peloton.records.PodEventRecord;
import peloton.records.PodRecord;

/** Pods of several containers, and init containers. */
class GroupScenarioTest {
  static final UpdateSpec AT_ONCE = UpdateSpec.getDefaultInstance();
  private static final String POD = World.JOB + "-0";

  private final World world = new World();

  @AfterEach
  void nothingWentWrong() {
    assertThat(world.outcome())
        .containsEntry("failures", 0L)
        .containsEntry("violations", List.of());
  }

  private void givenAgent(double cpus) {
    world.mesos.addAgent("agent-0", cpus, 4096);
    world.start();
  }

  /** A job whose pods have these containers, each with a CPU. */
  static JobSpec job(int instances, List<String> init, List<String> main) {
    JobSpec.Builder job = World.job(instances, main.get(0)).toBuilder();
    job.getDefaultSpecBuilder().clearContainers();
    init.forEach(command -> job.getDefaultSpecBuilder().addInitContainers(container(command)));
    main.forEach(command -> job.getDefaultSpecBuilder().addContainers(container(command)));
    return job.build();
  }

  private static ContainerSpec container(String command) {
    return World.pod(command, 1).getContainers(0).toBuilder().setName(command).build();
  }

  private void create(List<String> init, List<String> main) {
    world.createJob(job(1, init, main), AT_ONCE);
  }

  @Test
  void runsAllContainersOfAPodAsOneGroup() {
    givenAgent(4);
    world.mesos.holdStarts(true);
    create(List.of(), List.of("web", "log"));
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.executors()).containsExactly(POD + "-1");
    assertThat(world.mesos.freeCpus("agent-0")).isEqualTo(1_900);
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_LAUNCHED);

    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living().get(POD)).containsExactly("web", "log");
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(states(world.pod(0).getContainersList())).containsExactly("RUNNING", "RUNNING");
    assertThat(workflow(1)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
  }

  @Test
  void aContainerThatFailsTakesThePodWithIt() {
    givenAgent(4);
    create(List.of(), List.of("web", "log"));
    world.advance(Duration.ofSeconds(2));
    world.mesos.end(POD + "-1.main-1", TaskState.TASK_FAILED, "Command exited with status 3");
    world.advance(Duration.ofSeconds(2));

    PodRecord failed = world.pod(0);
    assertThat(failed.getState()).isEqualTo(PodState.POD_STATE_FAILED);
    assertThat(failed.getMessage()).isEqualTo("Container \"log\": Command exited with status 3");
    assertThat(failed.getTermination().getReason())
        .isEqualTo(Reason.TERMINATION_STATUS_REASON_FAILED);
    assertThat(failed.getTermination().getExitCode()).isEqualTo(3);
    assertThat(failed.getFailureCount()).isEqualTo(1);
    assertThat(states(failed.getContainersList())).containsExactly("KILLED", "FAILED");
    assertThat(world.mesos.living()).isEmpty();

    world.advance(Duration.ofSeconds(30));
    assertThat(world.pod(0).getRun()).isEqualTo(2);
    assertThat(world.mesos.living().get(POD)).containsExactly("web", "log");
  }

  @Test
  void aContainerThatEndsWellLeavesTheOthersRunning() {
    givenAgent(4);
    world.mesos.finishCommand("once");
    create(List.of(), List.of("web", "once"));
    world.advance(Duration.ofSeconds(5));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(states(world.pod(0).getContainersList())).containsExactly("RUNNING", "SUCCEEDED");

    world.mesos.end(POD + "-1.main-0", TaskState.TASK_FINISHED, "");
    world.advance(Duration.ofSeconds(2));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_SUCCEEDED);
    assertThat(world.pod(0).getFailureCount()).isEqualTo(1);
  }

  @Test
  void runsInitContainersOneAfterTheOtherWhileThePodsResourcesStayThePods() {
    // The executor's 0.1, two containers' 2, tokens of 0.02 for the stage and 0.01 for the holder.
    givenAgent(2.13);
    world.mesos.finishCommand("prepare");
    create(List.of("prepare", "migrate"), List.of("web", "log"));
    world.advance(Duration.ofSeconds(3));
    assertThat(world.mesos.living().get(POD)).containsExactly("sleep", "migrate");
    assertThat(world.mesos.freeCpus("agent-0")).isZero();
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_STARTING);
    assertThat(states(world.pod(0).getInitContainersList()))
        .containsExactly("SUCCEEDED", "RUNNING");
    assertThat(states(world.pod(0).getContainersList())).containsExactly("PENDING", "PENDING");

    world.mesos.end(POD + "-1.init-1", TaskState.TASK_FINISHED, "");
    assertThat(world.mesos.freeCpus("agent-0")).isEqualTo(20);
    world.advance(Duration.ofSeconds(3));
    assertThat(world.mesos.living().get(POD)).containsExactly("web", "log");
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(world.pod(0).getRun()).isEqualTo(1);
    assertThat(states(List.of(world.pod(0).getHolder()))).containsExactly("KILLED");
    assertThat(workflow(1)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(world.pod(0).getEventsList())
        .extracting(PodEventRecord::getMessage)
        .contains(
            "Init container \"migrate\" launched",
            "Init containers have completed, containers launched");

    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).isEmpty();
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_KILLED);
    assertThat(world.mesos.freeCpus("agent-0")).isEqualTo(2_130);
  }

  @Test
  void anInitContainerThatFailsFailsThePod() {
    givenAgent(4);
    world.mesos.failCommand("migrate", "Command exited with status 1");
    create(List.of("migrate"), List.of("web"));
    world.advance(Duration.ofSeconds(3));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_FAILED);
    assertThat(world.pod(0).getFailureCount()).isEqualTo(1);
    assertThat(states(world.pod(0).getContainersList())).containsExactly("PENDING");
    assertThat(world.mesos.executors()).isEmpty();

    world.mesos.heal();
    world.mesos.finishCommand("migrate");
    world.advance(Duration.ofSeconds(40));
    assertThat(world.mesos.living().get(POD)).containsExactly("web");
    assertThat(world.pod(0).getRun()).isEqualTo(2);
  }

  @Test
  void aStoppedPodEndsInTheMiddleOfItsInitContainers() {
    givenAgent(4);
    create(List.of("migrate"), List.of("web"));
    world.advance(Duration.ofSeconds(3));
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(Duration.ofSeconds(3));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_KILLED);
    assertThat(world.pod(0).getTermination().getReason())
        .isEqualTo(Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST);
    assertThat(world.mesos.living()).isEmpty();
    assertThat(world.mesos.executors()).isEmpty();
  }

  @Test
  void aNewLeaderGoesOnBetweenTwoInitContainers() {
    givenAgent(4);
    world.mesos.finishCommand("prepare");
    world.mesos.withholdOffers(false);
    create(List.of("prepare", "prepare-more"), List.of("web"));
    world.mesos.finishCommand("prepare-more");
    world.mesos.tick();
    world.drain();
    world.mesos.withholdOffers(true);
    world.advance(Duration.ofSeconds(3));
    assertThat(world.mesos.living().get(POD)).containsExactly("sleep");
    world.restart();
    world.drain();
    world.mesos.withholdOffers(false);
    world.advance(Duration.ofSeconds(15));
    assertThat(world.mesos.living().get(POD)).containsExactly("web");
    assertThat(world.pod(0).getRun()).isEqualTo(1);
  }

  @Test
  void aStageWhoseOfferIsTakenBackIsLaunchedWithTheNext() {
    givenAgent(4);
    create(List.of("migrate"), List.of("web"));
    world.advance(Duration.ofSeconds(3));
    world.mesos.end(POD + "-1.init-0", TaskState.TASK_FINISHED, "");
    world.mesos.tick();
    world.mesos.rescindAll();
    world.advance(Duration.ofSeconds(3));
    assertThat(world.mesos.living().get(POD)).containsExactly("web");
    assertThat(world.pod(0).getRun()).isEqualTo(1);
  }

  @Test
  void aPodThatMesosForgotIsLostAsAWhole() {
    givenAgent(4);
    create(List.of(), List.of("web", "log"));
    world.advance(Duration.ofSeconds(2));
    world.mesos.forget(POD);
    world.reconnect();
    world.advance(Duration.ofSeconds(2));
    assertThat(world.history(0, 1).orElseThrow().getPod().getState())
        .isEqualTo(PodState.POD_STATE_LOST);
    assertThat(world.pod(0).getRun()).isEqualTo(2);
    assertThat(world.mesos.living().get(POD)).containsExactly("web", "log");
  }

  @Test
  void aPodOnAnAgentThatIsAwayWaitsAndIsReplacedAsAWhole() {
    world.mesos.addAgent("agent-1", 4, 4096);
    givenAgent(4);
    create(List.of(), List.of("web", "log"));
    world.advance(Duration.ofSeconds(2));
    String agent = world.pod(0).getAgentId();
    world.mesos.partition(agent);
    world.advance(Duration.ofSeconds(30));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(world.pod(0).getUnreachableSince()).isNotZero();
    world.advance(Duration.ofSeconds(35));
    assertThat(world.pod(0).getRun()).isEqualTo(2);
    assertThat(states(world.history(0, 1).orElseThrow().getPod().getContainersList()))
        .containsExactly("LOST", "LOST");

    world.mesos.rejoin(agent);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living().get(POD)).containsExactly("web", "log");
    assertThat(world.mesos.executors()).containsExactly(POD + "-2");
  }

  private WorkflowState workflow(long number) {
    return world.committed().job(World.JOB).workflowStatuses().get(number).getState();
  }

  private static List<String> states(List<ContainerRecord> containers) {
    return containers.stream()
        .map(container -> container.getState().name().substring("POD_STATE_".length()))
        .toList();
  }
}
