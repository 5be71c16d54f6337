package peloton.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.api.v1alpha.pod.Pod.TerminationStatus.Reason;
import peloton.records.PodRecord;

/** What each thing that Mesos may say makes of a run, in each state that the run may be in. */
class TaskStatesTest {
  private static final long NOW = 5_000_000_000L;
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(60));
  private static final WorkflowStep STEP =
      new WorkflowStep(4, 9, WorkflowStep.Kind.UPDATE, false, 0, 0);

  /** By what Mesos says, for a run that is to go on: state, message, reason. */
  private static final Map<TaskState, String> RUNNING_ON =
      Map.of(
          TaskState.TASK_FINISHED, "SUCCEEDED||",
          TaskState.TASK_FAILED, "FAILED||REASON_AGENT_RESTARTED",
          TaskState.TASK_ERROR, "FAILED||REASON_AGENT_RESTARTED",
          TaskState.TASK_KILLED, "KILLED||",
          TaskState.TASK_LOST, "LOST|Task LOST: Mesos lost the task|REASON_AGENT_RESTARTED",
          TaskState.TASK_DROPPED,
              "LOST|Task LOST: Mesos dropped the launch, the task never ran|REASON_AGENT_RESTARTED",
          TaskState.TASK_GONE,
              "LOST|Task LOST: the agent no longer has the task|REASON_AGENT_RESTARTED",
          TaskState.TASK_GONE_BY_OPERATOR,
              "LOST|Task LOST: an operator declared the agent gone|REASON_AGENT_RESTARTED",
          TaskState.TASK_UNKNOWN,
              "LOST|Task LOST: Mesos does not know the task|REASON_AGENT_RESTARTED");

  @ParameterizedTest
  @EnumSource(
      value = TaskState.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"TASK_STAGING", "TASK_STARTING", "TASK_RUNNING", "TASK_KILLING", "TASK_UNREACHABLE"})
  void everyEndOfARunThatShouldGoOn(TaskState said) {
    for (PodState state : LIVE) {
      PodRecord after = report(pod(state), status(said), PodGoal.RUN);
      assertThat(
              after.getState().name().substring("POD_STATE_".length())
                  + "|"
                  + after.getMessage()
                  + "|"
                  + after.getReason())
          .as("%s of a pod that is %s", said, state)
          .isEqualTo(RUNNING_ON.get(said));
      boolean lost = after.getState() == PodState.POD_STATE_LOST;
      assertThat(after.getFailureCount()).isEqualTo(lost ? 0 : 1);
      assertThat(after.getCompletedAt()).isEqualTo(NOW);
      assertThat(after.getTermination().getReason())
          .isEqualTo(
              after.getState() == PodState.POD_STATE_FAILED
                  ? Reason.TERMINATION_STATUS_REASON_FAILED
                  : Reason.TERMINATION_STATUS_REASON_INVALID);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TASK_FINISHED, SUCCEEDED, INVALID",
    "TASK_FAILED, FAILED, FAILED",
    "TASK_ERROR, FAILED, FAILED",
    "TASK_KILLED, KILLED, KILLED_ON_REQUEST",
    "TASK_LOST, KILLED, KILLED_ON_REQUEST",
    "TASK_DROPPED, KILLED, KILLED_ON_REQUEST",
    "TASK_UNREACHABLE, KILLED, KILLED_ON_REQUEST",
    "TASK_GONE, KILLED, KILLED_ON_REQUEST",
    "TASK_GONE_BY_OPERATOR, KILLED, KILLED_ON_REQUEST",
    "TASK_UNKNOWN, KILLED, KILLED_ON_REQUEST",
    "TASK_STAGING, KILLING, KILLED_ON_REQUEST",
    "TASK_STARTING, KILLING, KILLED_ON_REQUEST",
    "TASK_RUNNING, KILLING, KILLED_ON_REQUEST",
    "TASK_KILLING, KILLING, KILLED_ON_REQUEST"
  })
  void everyEndOfARunThatIsBeingStopped(TaskState said, String state, String reason) {
    PodRecord.Builder killing =
        pod(PodState.POD_STATE_KILLING)
            .setTermination(
                TerminationStatus.newBuilder()
                    .setReason(Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST));
    PodRecord after = report(killing, status(said), PodGoal.STOP);
    assertThat(after.getState().name()).isEqualTo("POD_STATE_" + state);
    assertThat(after.getTermination().getReason().name())
        .isEqualTo("TERMINATION_STATUS_REASON_" + reason);
    assertThat(after.getFailureCount()).isZero();
    assertThat(after.getNotBefore()).isZero();
  }

  @Test
  void aRunWaitsForItsAgentToComeBack() {
    for (PodState state : LIVE) {
      PodRecord gone = report(pod(state), status(TaskState.TASK_UNREACHABLE), PodGoal.RUN);
      assertThat(gone.getState()).isEqualTo(state);
      assertThat(gone.getUnreachableSince()).isEqualTo(NOW);
      assertThat(gone.getMessage()).isEqualTo("Task unreachable: the agent cannot be reached");
      assertThat(gone.getReason()).isEqualTo("REASON_AGENT_RESTARTED");
      assertThat(report(gone.toBuilder(), status(TaskState.TASK_UNREACHABLE), PodGoal.RUN))
          .isEqualTo(gone);

      PodRecord back = report(gone.toBuilder(), status(TaskState.TASK_RUNNING), PodGoal.RUN);
      assertThat(back.getState()).isEqualTo(PodState.POD_STATE_RUNNING);
      assertThat(back.getUnreachableSince()).isZero();

      PodRecord over =
          PodTransitions.reported(
              gone, TaskReport.lost("given up", "why"), STEP, PodGoal.RUN, BACKOFF, NOW);
      assertThat(over.getState()).isEqualTo(PodState.POD_STATE_LOST);
      assertThat(over.getUnreachableSince()).isZero();
      assertThat(over.getNotBefore()).isZero();
    }
  }

  @Test
  void readinessIsWhatTheCheckSaysLast() {
    PodRecord.Builder checked =
        pod(PodState.POD_STATE_RUNNING).setReadiness(HealthState.HEALTH_STATE_UNKNOWN);
    PodRecord ready = report(checked, exited(0), PodGoal.RUN);
    assertThat(ready.getReadiness()).isEqualTo(HealthState.HEALTH_STATE_HEALTHY);
    assertThat(ready.getMessage())
        .isEqualTo("Readiness check passed: the command exited with status 0");
    assertThat(ready.getReason()).isEqualTo("REASON_TASK_CHECK_STATUS_UPDATED");
    assertThat(report(ready.toBuilder(), exited(0), PodGoal.RUN)).isEqualTo(ready);

    PodRecord busy = report(ready.toBuilder(), exited(3), PodGoal.RUN);
    assertThat(busy.getReadiness()).isEqualTo(HealthState.HEALTH_STATE_UNHEALTHY);
    assertThat(busy.getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(busy.getMessage())
        .isEqualTo("Readiness check failed: the command exited with status 3");

    assertThat(report(pod(PodState.POD_STATE_RUNNING), exited(3), PodGoal.RUN).getReadiness())
        .isEqualTo(HealthState.HEALTH_STATE_INVALID);
    assertThat(report(ready.toBuilder(), status(TaskState.TASK_FAILED), PodGoal.RUN).getReadiness())
        .isEqualTo(HealthState.HEALTH_STATE_INVALID);
  }

  @ParameterizedTest
  @CsvSource({"199, false", "200, true", "399, true", "400, false", "503, false"})
  void anHttpAnswerIsReadyFrom200To399(int code, boolean ready) {
    CheckStatusInfo.Builder check = CheckStatusInfo.newBuilder();
    check.getHttpBuilder().setStatusCode(code);
    assertThat(TaskReport.of(checkStatus(check).build()).ready()).isEqualTo(Optional.of(ready));
  }

  @Test
  void aCheckThatDidNotCompleteIsNotReadyButItsAbsenceSaysNothing() {
    CheckStatusInfo.Builder none = CheckStatusInfo.newBuilder();
    none.getCommandBuilder();
    assertThat(TaskReport.of(checkStatus(none).build()).ready()).isEqualTo(Optional.of(false));
    assertThat(
            TaskReport.of(
                    checkStatus(none).setReason(TaskStatus.Reason.REASON_RECONCILIATION).build())
                .ready())
        .isEmpty();
    assertThat(TaskReport.of(status(TaskState.TASK_RUNNING).build()).ready()).isEmpty();
  }

  private static final PodState[] LIVE = {
    PodState.POD_STATE_LAUNCHED, PodState.POD_STATE_STARTING, PodState.POD_STATE_RUNNING
  };

  private static TaskStatus.Builder exited(int code) {
    CheckStatusInfo.Builder check = CheckStatusInfo.newBuilder();
    check.getCommandBuilder().setExitCode(code);
    return checkStatus(check);
  }

  private static TaskStatus.Builder checkStatus(CheckStatusInfo.Builder check) {
    return status(TaskState.TASK_RUNNING)
        .setReason(TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED)
        .setCheckStatus(check);
  }

  private static TaskStatus.Builder status(TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(TaskID.newBuilder().setValue("t"))
        .setReason(TaskStatus.Reason.REASON_AGENT_RESTARTED)
        .setState(state);
  }

  private static PodRecord report(PodRecord.Builder pod, TaskStatus.Builder status, PodGoal goal) {
    return PodTransitions.reported(
        pod.build(), TaskReport.of(status.build()), STEP, goal, BACKOFF, NOW);
  }

  private static PodRecord.Builder pod(PodState state) {
    return PodRecord.newBuilder()
        .setRun(1)
        .setDesiredRun(1)
        .setVersion(9)
        .setDesiredVersion(9)
        .setState(state)
        .setHealth(HealthState.HEALTH_STATE_DISABLED);
  }
}
