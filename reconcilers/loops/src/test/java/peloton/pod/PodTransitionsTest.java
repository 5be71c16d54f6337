package peloton.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.records.PodEventRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowMark;

class PodTransitionsTest {
  private static final long NOW = 5_000_000_000L;
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(60));
  private static final WorkflowStep STEP =
      new WorkflowStep(4, 9, WorkflowStep.Kind.UPDATE, false, 2, 1_000);

  @Test
  void aLaunchTellsItsStory() {
    PodRecord pod = PodTransitions.firstRun(1, 0, STEP, 9, Checks.NONE, NOW);
    pod =
        PodTransitions.launched(
            pod,
            new PodTransitions.Placement("host-1", "agent-1", Map.of("http", 31000)),
            Containers.NONE,
            NOW);
    pod = report(pod, TaskState.TASK_STARTING, PodGoal.RUN);
    pod = report(pod, TaskState.TASK_RUNNING, PodGoal.RUN);

    assertThat(pod.getEventsList())
        .extracting(PodEventRecord::getState)
        .containsExactly(
            PodState.POD_STATE_LAUNCHED, PodState.POD_STATE_STARTING, PodState.POD_STATE_RUNNING);
    assertThat(pod.getRevision()).isEqualTo(3);
    assertThat(pod.getStartedAt()).isEqualTo(NOW);
    assertThat(pod.getPortsMap()).containsEntry("http", 31000);
    assertThat(pod.getMark()).isEqualTo(WorkflowMark.WORKFLOW_MARK_DONE);
  }

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void aRunThatIsOverNeverChanges(TaskState state) {
    PodRecord over = running().setState(PodState.POD_STATE_FAILED).build();
    assertThat(report(over, state, PodGoal.RUN)).isSameAs(over);
  }

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void everyMesosStateHasItsPlace(TaskState state) {
    PodState expected =
        switch (state) {
          case TASK_STAGING, TASK_STARTING, TASK_RUNNING, TASK_KILLING, TASK_UNREACHABLE ->
              PodState.POD_STATE_RUNNING;
          case TASK_FINISHED -> PodState.POD_STATE_SUCCEEDED;
          case TASK_FAILED, TASK_ERROR -> PodState.POD_STATE_FAILED;
          case TASK_KILLED -> PodState.POD_STATE_KILLED;
          case TASK_LOST, TASK_DROPPED, TASK_GONE, TASK_GONE_BY_OPERATOR, TASK_UNKNOWN ->
              PodState.POD_STATE_LOST;
        };
    assertThat(report(running().build(), state, PodGoal.RUN).getState()).isEqualTo(expected);
  }

  @Test
  void aLaunchThatCameTwiceSaysNothingOfTheTask() {
    PodRecord running = running().build();
    TaskStatus.Builder twice =
        status(TaskState.TASK_ERROR)
            .setReason(TaskStatus.Reason.REASON_TASK_INVALID)
            .setMessage("Task has duplicate ID: t");
    assertThat(report(running, twice)).isSameAs(running);
    assertThat(report(running, twice.setMessage("Task uses invalid resources")).getState())
        .isEqualTo(PodState.POD_STATE_FAILED);
  }

  @Test
  void aKilledPodIsNotRevivedByALateRunning() {
    PodRecord killing = running().setState(PodState.POD_STATE_KILLING).build();
    assertThat(report(killing, TaskState.TASK_RUNNING, PodGoal.STOP)).isSameAs(killing);
  }

  @Test
  void eachFailureDoublesTheWait() {
    PodRecord once = report(running().build(), TaskState.TASK_FAILED, PodGoal.RUN);
    assertThat(once.getFailureCount()).isEqualTo(1);
    assertThat(once.getNotBefore() - NOW).isEqualTo(Duration.ofSeconds(30).toNanos());

    PodRecord fourth =
        report(running().setFailureCount(3).build(), TaskState.TASK_FAILED, PodGoal.RUN);
    assertThat(fourth.getNotBefore() - NOW).isEqualTo(Duration.ofSeconds(240).toNanos());

    PodRecord many =
        report(running().setFailureCount(300).build(), TaskState.TASK_FAILED, PodGoal.RUN);
    assertThat(many.getNotBefore() - NOW).isEqualTo(Duration.ofMinutes(60).toNanos());
  }

  @Test
  void anEndThatWasAskedForIsNoFailure() {
    PodRecord killing =
        PodTransitions.killing(
            running().build(),
            TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_RESTART,
            "",
            PodGoal.RUN,
            NOW);
    PodRecord killed = report(killing, TaskState.TASK_KILLED, PodGoal.RUN);
    assertThat(killed.getFailureCount()).isZero();
    assertThat(killed.getNotBefore()).isZero();
    assertThat(killed.getTermination().getReason())
        .isEqualTo(TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_RESTART);
  }

  @Test
  void aLostTaskIsNoFailureOfItsOwn() {
    PodRecord lost = report(running().build(), TaskState.TASK_LOST, PodGoal.RUN);
    assertThat(lost.getFailureCount()).isZero();
    assertThat(lost.getNotBefore()).isZero();
    assertThat(lost.getMessage()).startsWith("Task LOST: ");

    assertThat(report(running().build(), TaskState.TASK_LOST, PodGoal.STOP).getState())
        .isEqualTo(PodState.POD_STATE_KILLED);
  }

  @Test
  void theExecutorsWordsTellExitCodeAndSignal() {
    PodRecord exited =
        PodTransitions.reported(
            running().build(),
            TaskReport.of(
                status(TaskState.TASK_FAILED).setMessage("Command exited with status 17").build()),
            STEP,
            PodGoal.RUN,
            BACKOFF,
            NOW);
    assertThat(exited.getTermination().getExitCode()).isEqualTo(17);

    TaskReport signalled =
        TaskReport.of(
            status(TaskState.TASK_FAILED)
                .setMessage("Command terminated with signal Segmentation fault (core dumped)")
                .build());
    assertThat(signalled.signal()).isEqualTo("Segmentation fault");
    assertThat(signalled.exitCode()).isEqualTo(OptionalInt.empty());
  }

  @Test
  void healthIsTakenFromHealthChecksOnly() {
    PodRecord checked =
        running()
            .setHealth(HealthState.HEALTH_STATE_UNKNOWN)
            .setWorkflow(4)
            .setMark(WorkflowMark.WORKFLOW_MARK_CURRENT)
            .setDesiredVersion(9)
            .build();
    TaskStatus.Builder healthy = status(TaskState.TASK_RUNNING).setHealthy(true);
    assertThat(TaskReport.of(healthy.build()).healthy()).isEmpty();

    TaskReport verdict =
        TaskReport.of(
            healthy.setReason(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED).build());
    assertThat(verdict.healthy()).isEqualTo(Optional.of(true));
    PodRecord done = PodTransitions.reported(checked, verdict, STEP, PodGoal.RUN, BACKOFF, NOW);
    assertThat(done.getHealth()).isEqualTo(HealthState.HEALTH_STATE_HEALTHY);
    assertThat(done.getMark()).isEqualTo(WorkflowMark.WORKFLOW_MARK_DONE);
    assertThat(PodTransitions.reported(done, verdict, STEP, PodGoal.RUN, BACKOFF, NOW))
        .isSameAs(done);
  }

  @Test
  void aPodThatFailsBeforeItSettledIsNotDone() {
    PodRecord done =
        running().setWorkflow(4).setMark(WorkflowMark.WORKFLOW_MARK_DONE).setStartedAt(NOW).build();
    assertThat(report(done, TaskState.TASK_FAILED, PodGoal.RUN).getMark())
        .isEqualTo(WorkflowMark.WORKFLOW_MARK_CURRENT);

    PodRecord settled = done.toBuilder().setStartedAt(NOW - 1_000).build();
    assertThat(report(settled, TaskState.TASK_FAILED, PodGoal.RUN).getMark())
        .isEqualTo(WorkflowMark.WORKFLOW_MARK_DONE);

    PodRecord again = done.toBuilder().setFailureCount(1).build();
    assertThat(report(again, TaskState.TASK_FAILED, PodGoal.RUN).getMark())
        .isEqualTo(WorkflowMark.WORKFLOW_MARK_FAILED);
  }

  @Test
  void aStoppedPodTakesAnUpdateWithoutRunning() {
    PodRecord stopped = running().setVersion(8).setState(PodState.POD_STATE_KILLED).build();
    PodRecord touched = PodTransitions.touched(stopped, STEP, PodGoal.STOP, "", NOW);
    assertThat(touched.getVersion()).isEqualTo(9);
    assertThat(touched.getMark()).isEqualTo(WorkflowMark.WORKFLOW_MARK_DONE);
  }

  @Test
  void aRestartKeepsTheCountOfFailuresAndStartsWhatIsStopped() {
    WorkflowStep restart = new WorkflowStep(5, 10, WorkflowStep.Kind.RESTART, true, 0, 0);
    PodRecord failed =
        running().setState(PodState.POD_STATE_FAILED).setFailureCount(3).setNotBefore(NOW).build();
    PodRecord touched = PodTransitions.touched(failed, restart, PodGoal.RUN, "", NOW);
    assertThat(touched.getFailureCount()).isEqualTo(3);
    assertThat(touched.getNotBefore()).isZero();
    assertThat(touched.getStartedBy()).isEqualTo(5);
    assertThat(PodTransitions.touched(failed, STEP, PodGoal.RUN, "", NOW))
        .satisfies(
            updated -> {
              assertThat(updated.getFailureCount()).isZero();
              assertThat(updated.getStartedBy()).isZero();
            });
  }

  @Test
  void aWorkflowLeavesItsEventsWithThePod() {
    PodRecord pod = running().setVersion(8).setDesiredVersion(8).build();
    pod = PodTransitions.touched(pod, STEP, PodGoal.RUN, "", NOW);
    pod =
        PodTransitions.nextRun(
            pod.toBuilder().setState(PodState.POD_STATE_KILLED).build(),
            9,
            Checks.NONE,
            "",
            NOW + 1);
    pod =
        PodTransitions.launched(
            pod, new PodTransitions.Placement("h", "a", Map.of()), Containers.NONE, NOW + 2);
    pod = report(pod, TaskState.TASK_RUNNING, PodGoal.RUN);
    assertThat(workflowEvents(pod)).containsExactly("4 ROLLING_FORWARD", "4 SUCCEEDED");

    PodRecord tooEarly = report(pod, TaskState.TASK_FAILED, PodGoal.RUN);
    assertThat(workflowEvents(tooEarly)).containsExactly("4 ROLLING_FORWARD");

    WorkflowStep back = new WorkflowStep(4, 10, WorkflowStep.Kind.ROLLBACK, false, 2, 0);
    pod = PodTransitions.touched(pod, back, PodGoal.RUN, "", NOW + 3);
    assertThat(workflowEvents(pod))
        .containsExactly("4 ROLLING_FORWARD", "4 SUCCEEDED", "4 ROLLING_BACKWARD");
    assertThat(workflowEvents(PodTransitions.removed(pod, back, NOW + 4)))
        .endsWith("4 ROLLING_BACKWARD", "4 SUCCEEDED");
    assertThat(PodTransitions.removed(pod, STEP, NOW + 4)).isSameAs(pod);
  }

  @Test
  void oldWorkflowEventsMakeRoomForNewOnes() {
    PodRecord pod = running().build();
    for (int number = 1; number <= 50; number++) {
      WorkflowStep step = new WorkflowStep(number, 9, WorkflowStep.Kind.UPDATE, false, 0, 0);
      pod = PodTransitions.touched(pod, step, PodGoal.RUN, "", NOW);
    }
    assertThat(workflowEvents(pod))
        .hasSize(PodTransitions.MAX_WORKFLOW_EVENTS)
        .endsWith("50 ROLLING_FORWARD", "50 SUCCEEDED");
  }

  @Test
  void eventsThatAClientDeletedGo() {
    PodRecord pod = running().build();
    for (int i = 1; i <= 3; i++) {
      pod = PodTransitions.withDesiredRun(pod, 1, PodGoal.RUN, NOW + i);
    }
    PodRecord pruned = PodTransitions.withoutEvents(pod, NOW + 2, NOW + 9);
    assertThat(pruned.getEventsList()).extracting(PodEventRecord::getAt).containsExactly(NOW + 3);
    assertThat(pruned.getRevision()).isEqualTo(pod.getRevision() + 1);
    assertThat(PodTransitions.withoutEvents(pruned, NOW + 2, NOW + 9)).isSameAs(pruned);
    assertThat(PodTransitions.withoutEvents(pod, 0, NOW + 9)).isSameAs(pod);
  }

  @Test
  void whoStopsForgetsWhereToStay() {
    PodRecord pod = running().setDesiredHost("h").build();
    TerminationStatus.Reason reason =
        TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_UPDATE;
    assertThat(PodTransitions.killing(pod, reason, "", PodGoal.RUN, NOW).getDesiredHost())
        .isEqualTo("h");
    assertThat(PodTransitions.killing(pod, reason, "", PodGoal.STOP, NOW).getDesiredHost())
        .isEmpty();
  }

  private static List<String> workflowEvents(PodRecord pod) {
    return pod.getWorkflowEventsList().stream()
        .map(
            event ->
                event.getWorkflow()
                    + " "
                    + event.getState().name().substring("WORKFLOW_STATE_".length()))
        .toList();
  }

  @Test
  void theNextRunKeepsWhatBelongsToThePod() {
    PodRecord failed =
        running().setState(PodState.POD_STATE_FAILED).setFailureCount(2).setDesiredRun(5).build();
    PodRecord next = PodTransitions.nextRun(failed, 9, new Checks(true, true), "again", NOW);
    assertThat(next.getRun()).isEqualTo(5);
    assertThat(next.getPreviousRun()).isEqualTo(1);
    assertThat(next.getFailureCount()).isEqualTo(2);
    assertThat(next.getHost()).isEmpty();
    assertThat(next.getHealth()).isEqualTo(HealthState.HEALTH_STATE_UNKNOWN);
    assertThat(next.getReadiness()).isEqualTo(HealthState.HEALTH_STATE_UNKNOWN);
    assertThat(next.getEventsList()).hasSize(1);
  }

  @Test
  void oldEventsMakeRoomForNewOnes() {
    PodRecord pod = running().build();
    for (int i = 0; i < PodTransitions.MAX_EVENTS + 20; i++) {
      pod = PodTransitions.withDesiredRun(pod, i, PodGoal.RUN, NOW + i);
    }
    assertThat(pod.getEventsList()).hasSize(PodTransitions.MAX_EVENTS);
    assertThat(pod.getEvents(PodTransitions.MAX_EVENTS - 1).getDesiredRun())
        .isEqualTo(PodTransitions.MAX_EVENTS + 19);
  }

  private static PodRecord report(PodRecord pod, TaskStatus.Builder status) {
    return PodTransitions.reported(
        pod, TaskReport.of(status.build()), STEP, PodGoal.RUN, BACKOFF, NOW);
  }

  private static PodRecord report(PodRecord pod, TaskState state, PodGoal goal) {
    return PodTransitions.reported(
        pod, TaskReport.of(status(state).build()), STEP, goal, BACKOFF, NOW);
  }

  private static TaskStatus.Builder status(TaskState state) {
    return TaskStatus.newBuilder().setTaskId(TaskID.newBuilder().setValue("t")).setState(state);
  }

  private static PodRecord.Builder running() {
    return PodRecord.newBuilder()
        .setRun(1)
        .setDesiredRun(1)
        .setVersion(9)
        .setDesiredVersion(9)
        .setState(PodState.POD_STATE_RUNNING)
        .setHealth(HealthState.HEALTH_STATE_DISABLED);
  }
}
