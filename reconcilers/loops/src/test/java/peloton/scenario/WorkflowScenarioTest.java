package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus.Reason;
import peloton.records.PodEventRecord;
import peloton.records.PodHistoryRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowCommand;
import peloton.records.WorkflowEventRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.workflow.VersionMarkers;

/** Updates that go wrong, restarts, and how much of a job may be down meanwhile. */
class WorkflowScenarioTest {
  private static final UpdateSpec AT_ONCE = UpdateSpec.getDefaultInstance();
  private static final UpdateSpec ONE_BY_ONE = UpdateSpec.newBuilder().setBatchSize(1).build();
  private static final UpdateSpec CAREFUL =
      UpdateSpec.newBuilder()
          .setBatchSize(1)
          .setMaxInstanceRetries(1)
          .setMaxTolerableInstanceFailures(1)
          .setRollbackOnFailure(true)
          .build();

  private final World world = new World();

  @AfterEach
  void nothingWentWrong() {
    assertThat(world.outcome())
        .containsEntry("failures", 0L)
        .containsEntry("violations", List.of());
  }

  private void givenAJob(JobSpec spec) {
    for (int i = 0; i < 3; i++) {
      world.mesos.addAgent("agent-" + i, 4, 4096);
    }
    world.start();
    world.createJob(spec, AT_ONCE);
    world.advance(Duration.ofSeconds(2));
  }

  private void givenAJob(int instances) {
    givenAJob(World.job(instances, "v1"));
  }

  private void givenABadVersion() {
    world.mesos.failCommand("bad", "Command exited with status 1");
  }

  // ---- rollback ----------------------------------------------------------------------

  @Test
  void takesAFailedUpdateBack() {
    givenAJob(3);
    givenABadVersion();
    world.replaceJob(World.job(3, "bad"), CAREFUL);
    world.advance(Duration.ofSeconds(10));

    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ROLLED_BACK);
    assertThat(world.mesos.living().values()).containsOnly(List.of("v1")).hasSize(3);
    assertThat(job().goal().getConfigurationVersion()).isEqualTo(3);
    assertThat(job().goal().getWorkflowVersion()).isEqualTo(2);
    assertThat(job().workflowRequests().get(2L).getRollbackVersion()).isEqualTo(3);
    // Those that the update had not touched run on.
    assertThat(world.mesos.launches()).isEqualTo(5);
    assertThat(VersionMarkers.current(job(), 2, world.pod(2))).isEqualTo(3);
    assertThat(world.pod(0).getVersion()).isEqualTo(3);
    assertThat(states(2))
        .containsExactly(
            WorkflowState.WORKFLOW_STATE_INITIALIZED,
            WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD,
            WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD,
            WorkflowState.WORKFLOW_STATE_ROLLED_BACK);
    assertThat(world.pod(0).getWorkflowEventsList())
        .filteredOn(event -> event.getWorkflow() == 2)
        .extracting(WorkflowEventRecord::getState)
        .containsExactly(
            WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD,
            WorkflowState.WORKFLOW_STATE_FAILED,
            WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD,
            WorkflowState.WORKFLOW_STATE_SUCCEEDED);
  }

  @Test
  void takesAddedInstancesAwayAgain() {
    givenAJob(2);
    givenABadVersion();
    world.replaceJob(World.job(5, "bad"), CAREFUL);
    world.advance(Duration.ofSeconds(10));

    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ROLLED_BACK);
    assertThat(job().pods().size()).isEqualTo(2);
    assertThat(world.mesos.living().values()).containsOnly(List.of("v1")).hasSize(2);
    assertThat(world.mesos.launches()).isEqualTo(3);
  }

  @Test
  void bringsRemovedInstancesBack() {
    JobSpec before = World.job(3, "v1");
    givenAJob(before);
    givenABadVersion();
    // Instance 2 goes at once, in the batch in which instance 0 fails.
    JobSpec after = World.job(2, "v1").toBuilder().putInstanceSpec(0, World.pod("bad", 1)).build();
    world.replaceJob(after, CAREFUL.toBuilder().setBatchSize(2).build());
    world.advance(Duration.ofSeconds(10));

    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ROLLED_BACK);
    assertThat(world.mesos.living().values()).containsOnly(List.of("v1")).hasSize(3);
    assertThat(world.pod(2).getRun()).isEqualTo(2);
  }

  @Test
  void aWayBackThatFailsIsGivenUp() {
    givenAJob(3);
    givenABadVersion();
    world.mesos.failCommand("v1", "Command exited with status 2");
    world.replaceJob(World.job(3, "bad"), CAREFUL);
    world.advance(Duration.ofSeconds(10));

    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_FAILED);
    assertThat(job().workflowStatuses().get(2L).getFailed()).isEqualTo(1);
    assertThat(world.mesos.living()).hasSize(2);
  }

  @Test
  void aFailedCreationHasNoWayBack() {
    givenABadVersion();
    world.mesos.addAgent("agent-0", 4, 4096);
    world.start();
    world.createJob(World.job(2, "bad"), CAREFUL);
    world.advance(Duration.ofSeconds(5));

    assertThat(workflow(1)).isEqualTo(WorkflowState.WORKFLOW_STATE_FAILED);
    assertThat(job().goal().getConfigurationVersion()).isEqualTo(1);
  }

  @Test
  void aPausedUpdateIsRolledBackWhenItGoesOn() {
    givenAJob(3);
    world.mesos.holdStarts(true);
    givenABadVersion();
    world.replaceJob(World.job(3, "bad"), CAREFUL);
    world.advance(Duration.ofSeconds(2));
    world.command(WorkflowCommand.WORKFLOW_COMMAND_PAUSE);
    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(5));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_PAUSED);

    world.command(WorkflowCommand.WORKFLOW_COMMAND_RUN);
    world.advance(Duration.ofSeconds(10));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ROLLED_BACK);
    assertThat(world.mesos.living().values()).containsOnly(List.of("v1")).hasSize(3);
  }

  @Test
  void aNewUpdateTakesThePlaceOfOneThatRollsBack() {
    givenAJob(3);
    givenABadVersion();
    world.mesos.holdStarts(true);
    world.replaceJob(World.job(3, "bad"), CAREFUL.toBuilder().setBatchSize(2).build());
    world.advance(Duration.ofSeconds(2));
    world.mesos.holdStarts(false);
    world.mesos.holdStarts(true);
    world.advance(Duration.ofSeconds(5));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD);

    world.replaceJob(World.job(3, "v3"), ONE_BY_ONE);
    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(10));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ABORTED);
    assertThat(workflow(3)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(world.mesos.living().values()).containsOnly(List.of("v3")).hasSize(3);
  }

  // ---- restart -----------------------------------------------------------------------

  @Test
  void restartsTheInstancesInTheRangesOneAfterTheOther() {
    givenAJob(4);
    world.mesos.holdStarts(true);
    world.restartJob(restart(1, 1, 3));
    world.advance(Duration.ofSeconds(3));
    assertThat(world.pod(1).getRun()).isEqualTo(2);
    assertThat(world.pod(2).getRun()).isEqualTo(1);

    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(5));
    assertThat(runs()).containsExactly(1L, 2L, 2L, 1L);
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(VersionMarkers.current(job(), 0, world.pod(0))).isEqualTo(2);
    PodRecord before = history(1, 1);
    assertThat(before.getTermination().getReason())
        .isEqualTo(Reason.TERMINATION_STATUS_REASON_KILLED_FOR_RESTART);
    assertThat(before.getEventsList())
        .extracting(PodEventRecord::getMessage)
        .contains("Task restarted via API");
  }

  @Test
  void restartsAllWithoutRanges() {
    givenAJob(3);
    world.restartJob(RestartSpec.getDefaultInstance());
    world.advance(Duration.ofSeconds(5));
    assertThat(runs()).containsExactly(2L, 2L, 2L);
    assertThat(world.mesos.living()).hasSize(3);
  }

  @Test
  void restartsNothingOutsideOfTheJob() {
    givenAJob(2);
    world.restartJob(restart(0, 7, 9));
    world.advance(Duration.ofSeconds(3));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(world.mesos.launches()).isEqualTo(2);
  }

  @Test
  void aRestartStartsTheStoppedInstancesInItsRanges() {
    givenAJob(3);
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(Duration.ofSeconds(2));
    world.restartJob(restart(0, 1, 2));
    world.advance(Duration.ofSeconds(3));

    assertThat(world.mesos.living()).containsOnlyKeys(World.JOB + "-1");
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(job().status().getState()).isEqualTo(JobState.JOB_STATE_RUNNING);

    // What follows leaves it started, and the others stopped.
    world.replaceJob(World.job(3, "v2"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(3));
    assertThat(world.mesos.living().values()).containsExactly(List.of("v2"));
    assertThat(workflow(3)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);

    world.setGoal(JobState.JOB_STATE_RUNNING);
    world.advance(Duration.ofSeconds(3));
    assertThat(world.mesos.living().values()).containsOnly(List.of("v2")).hasSize(3);
  }

  @Test
  void aRestartDoesNotAddWhatAnAbortedUpdateLeftOut() {
    givenAJob(2);
    world.replaceJob(World.job(4, "v1"), UpdateSpec.newBuilder().setStartPaused(true).build());
    world.advance(Duration.ofSeconds(1));
    world.command(WorkflowCommand.WORKFLOW_COMMAND_ABORT);
    world.restartJob(restart(0, 0, 1));
    world.advance(Duration.ofSeconds(5));

    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ABORTED);
    assertThat(workflow(3)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(job().pods().size()).isEqualTo(2);
    assertThat(runs()).containsExactly(2L, 1L);
  }

  @Test
  void aRestartDoesNotRemoveWhatAnAbortedUpdateLeftBehind() {
    givenAJob(3);
    world.replaceJob(World.job(1, "v1"), UpdateSpec.newBuilder().setStartPaused(true).build());
    world.advance(Duration.ofSeconds(1));
    world.command(WorkflowCommand.WORKFLOW_COMMAND_ABORT);
    world.restartJob(RestartSpec.getDefaultInstance());
    world.advance(Duration.ofSeconds(5));
    assertThat(runs()).containsExactly(2L, 1L, 1L);

    world.mesos.fail(World.JOB + "-2", "Command exited with status 1");
    world.advance(Duration.ofSeconds(40));
    assertThat(runs()).containsExactly(2L, 1L, 2L);
    assertThat(world.mesos.living()).hasSize(3);
  }

  @Test
  void anUpdateHasNothingToWaitForInAPodThatIsStoppedBetweenTwoTries() {
    givenABadVersion();
    givenAJob(2);
    world.replaceJob(World.job(2, "bad"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(5));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);

    world.stopPod(0);
    world.stopPod(1);
    world.advance(Duration.ofSeconds(5));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
  }

  @Test
  void aRestartKeepsTheCountOfFailures() {
    givenABadVersion();
    world.mesos.addAgent("agent-0", 4, 4096);
    world.start();
    world.createJob(World.job(1, "bad"), UpdateSpec.newBuilder().setMaxInstanceRetries(1).build());
    world.advance(Duration.ofSeconds(2));
    assertThat(world.pod(0).getFailureCount()).isEqualTo(1);
    world.restartJob(RestartSpec.getDefaultInstance());
    world.advance(Duration.ofSeconds(2));
    assertThat(world.pod(0).getRun()).isEqualTo(2);
    assertThat(world.pod(0).getFailureCount()).isEqualTo(2);
  }

  // ---- start_pods --------------------------------------------------------------------

  @Test
  void anUpdateThatStartsPodsStartsThoseThatItTouches() {
    JobSpec before = World.job(3, "v1").toBuilder().putInstanceSpec(2, World.pod("own", 1)).build();
    givenAJob(before);
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(Duration.ofSeconds(2));
    JobSpec after = before.toBuilder().putInstanceSpec(2, World.pod("new", 1)).build();
    world.replaceJob(
        after.toBuilder().setInstanceCount(4).build(),
        UpdateSpec.newBuilder().setStartPods(true).build());
    world.advance(Duration.ofSeconds(3));

    assertThat(world.mesos.living())
        .containsOnlyKeys(World.JOB + "-2", World.JOB + "-3")
        .containsEntry(World.JOB + "-2", List.of("new"));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    world.restart();
    world.advance(Duration.ofSeconds(3));
    assertThat(world.mesos.living()).hasSize(2);
  }

  // ---- single pods -------------------------------------------------------------------

  @Test
  void stopsStartsAndRestartsOnePod() {
    givenAJob(3);
    world.stopPod(1);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).hasSize(2);
    assertThat(world.pod(1).getTermination().getReason())
        .isEqualTo(Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST);

    world.startPod(1);
    world.advance(Duration.ofSeconds(2));
    assertThat(runs()).containsExactly(1L, 2L, 1L);

    world.restartPod(1);
    world.advance(Duration.ofSeconds(2));
    assertThat(runs()).containsExactly(1L, 3L, 1L);
    assertThat(history(1, 2).getTermination().getReason())
        .isEqualTo(Reason.TERMINATION_STATUS_REASON_KILLED_FOR_RESTART);
  }

  @Test
  void aPodOfAStoppedJobIsStartedAlone() {
    givenAJob(3);
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(Duration.ofSeconds(2));
    world.restartPod(0);
    world.startPod(2);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).containsOnlyKeys(World.JOB + "-0", World.JOB + "-2");
    assertThat(job().status().getState()).isEqualTo(JobState.JOB_STATE_RUNNING);

    world.stopPod(0);
    world.stopPod(2);
    world.advance(Duration.ofSeconds(2));
    assertThat(job().status().getState()).isEqualTo(JobState.JOB_STATE_KILLED);
  }

  @Test
  void aPodThatWasStoppedStaysSoThroughAnUpdateAndNotThroughARestart() {
    givenAJob(2);
    world.stopPod(1);
    world.advance(Duration.ofSeconds(1));
    world.replaceJob(World.job(2, "v2"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living().values()).containsExactly(List.of("v2"));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(world.pod(1).getState()).isEqualTo(PodState.POD_STATE_KILLED);

    world.restartJob(RestartSpec.getDefaultInstance());
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living()).hasSize(2);
  }

  // ---- how much may be down ----------------------------------------------------------

  @Test
  void anUpdateTakesDownNoMoreThanTheJobAllows() {
    givenAJob(limited(World.job(4, "v1"), 2));
    world.mesos.holdStarts(true);
    world.replaceJob(limited(World.job(4, "v2"), 2), AT_ONCE);
    world.advance(Duration.ofSeconds(5));
    assertThat(commands()).containsExactly("v2", "v2", "v1", "v1");

    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(5));
    assertThat(commands()).containsExactly("v2", "v2", "v2", "v2");
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
  }

  @Test
  void whatIsDownAlreadyIsUpdatedFirstAndCounts() {
    givenAJob(limited(World.job(4, "v1"), 1));
    world.mesos.fail(World.JOB + "-2", "Command exited with status 1");
    world.advance(Duration.ofSeconds(1));
    world.mesos.holdStarts(true);
    world.replaceJob(limited(World.job(4, "v2"), 1), AT_ONCE);
    world.advance(Duration.ofSeconds(5));
    assertThat(commands()).containsExactly("v1", "v1", "v2", "v1");

    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(5));
    assertThat(commands()).containsExactly("v2", "v2", "v2", "v2");
  }

  @Test
  void aRestartTakesDownNoMoreThanTheJobAllows() {
    givenAJob(limited(World.job(3, "v1"), 1));
    world.mesos.holdStarts(true);
    world.restartJob(RestartSpec.getDefaultInstance());
    world.advance(Duration.ofSeconds(5));
    assertThat(runs()).containsExactly(2L, 1L, 1L);

    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(5));
    assertThat(runs()).containsExactly(2L, 2L, 2L);
  }

  @Test
  void stoppedPodsDoNotCountAsDown() {
    givenAJob(limited(World.job(3, "v1"), 1));
    world.stopPod(0);
    world.stopPod(1);
    world.advance(Duration.ofSeconds(1));
    world.replaceJob(limited(World.job(3, "v2"), 1), AT_ONCE);
    world.advance(Duration.ofSeconds(5));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(commands()).containsExactly("v2");
  }

  @Test
  void removalsComeLast() {
    givenABadVersion();
    givenAJob(3);
    world.replaceJob(World.job(2, "bad"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(5));
    assertThat(job().pods().size()).isEqualTo(3);
  }

  // ---- on the same host --------------------------------------------------------------

  @Test
  void anUpdateInPlaceKeepsEveryPodOnItsHost() {
    givenAJob(9);
    List<String> before = hosts();
    world.replaceJob(
        World.job(9, "v2"), UpdateSpec.newBuilder().setBatchSize(5).setInPlace(true).build());
    world.advance(Duration.ofSeconds(15));
    assertThat(commands()).containsOnly("v2").hasSize(9);
    assertThat(hosts()).isEqualTo(before);

    world.restartJob(RestartSpec.newBuilder().setBatchSize(4).setInPlace(true).build());
    world.advance(Duration.ofSeconds(15));
    assertThat(runs()).containsOnly(3L);
    assertThat(hosts()).isEqualTo(before);
    assertThat(world.pod(0).getDesiredHost()).isEmpty();
  }

  @Test
  void aPodWhoseHostHasNoRoomWaitsForItTwoMinutes() {
    givenAJob(1);
    String home = world.pod(0).getHost();
    world.replaceJob(
        World.job(1, "v2").toBuilder().setDefaultSpec(World.pod("v2", 5)).build(),
        UpdateSpec.newBuilder().setInPlace(true).build());
    world.mesos.addAgent("large", 8, 4096);
    world.advance(Duration.ofSeconds(115));
    assertThat(world.mesos.living()).isEmpty();
    assertThat(world.pod(0).getDesiredHost()).isEqualTo(home);

    world.advance(Duration.ofSeconds(10));
    assertThat(world.pod(0).getHost()).isEqualTo("large.example");
  }

  // ---- helpers -----------------------------------------------------------------------

  private static JobSpec limited(JobSpec spec, int unavailable) {
    return spec.toBuilder()
        .setSla(SlaSpec.newBuilder().setMaximumUnavailableInstances(unavailable))
        .build();
  }

  private static RestartSpec restart(int batch, int from, int to) {
    return RestartSpec.newBuilder()
        .setBatchSize(batch)
        .addRanges(InstanceIDRange.newBuilder().setFrom(from).setTo(to))
        .build();
  }

  private JobEntry job() {
    return world.committed().job(World.JOB);
  }

  private WorkflowState workflow(long number) {
    return job().workflowStatuses().get(number).getState();
  }

  private List<WorkflowState> states(long number) {
    WorkflowStatusRecord status = job().workflowStatuses().get(number);
    return status.getEventsList().stream().map(WorkflowEventRecord::getState).toList();
  }

  private List<String> commands() {
    return world.mesos.living().values().stream().flatMap(List::stream).toList();
  }

  private List<Long> runs() {
    return pods().stream().map(PodRecord::getRun).toList();
  }

  private List<String> hosts() {
    return pods().stream().map(PodRecord::getHost).toList();
  }

  private List<PodRecord> pods() {
    JobEntry job = job();
    return java.util.stream.IntStream.range(0, job.pods().bound())
        .mapToObj(job.pods()::get)
        .toList();
  }

  private PodRecord history(int instance, long run) {
    return world
        .history(instance, run)
        .map(PodHistoryRecord::getPod)
        .orElseThrow(() -> new AssertionError("no such run"));
  }
}
