package peloton.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.records.WorkflowCommand;

class WorkflowDeciderTest {
  private static final WorkflowAction NOTHING = new WorkflowAction.Nothing();

  @ParameterizedTest
  @EnumSource(WorkflowState.class)
  void decidesEveryStateUnderEveryCommand(WorkflowState state) {
    assertThat(decide(state, WorkflowCommand.WORKFLOW_COMMAND_RUN))
        .isEqualTo(
            switch (state) {
              case WORKFLOW_STATE_INVALID, WORKFLOW_STATE_INITIALIZED, UNRECOGNIZED ->
                  new WorkflowAction.BeginRolling();
              case WORKFLOW_STATE_ROLLING_FORWARD, WORKFLOW_STATE_ROLLING_BACKWARD ->
                  new WorkflowAction.Touch(2);
              case WORKFLOW_STATE_PAUSED -> enter(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);
              case WORKFLOW_STATE_SUCCEEDED,
                  WORKFLOW_STATE_ABORTED,
                  WORKFLOW_STATE_FAILED,
                  WORKFLOW_STATE_ROLLED_BACK ->
                  NOTHING;
            });
    boolean over = WorkflowDecider.isTerminal(state);
    assertThat(decide(state, WorkflowCommand.WORKFLOW_COMMAND_ABORT))
        .isEqualTo(over ? NOTHING : enter(WorkflowState.WORKFLOW_STATE_ABORTED));
    boolean paused = state == WorkflowState.WORKFLOW_STATE_PAUSED;
    assertThat(decide(state, WorkflowCommand.WORKFLOW_COMMAND_PAUSE))
        .isEqualTo(over || paused ? NOTHING : enter(WorkflowState.WORKFLOW_STATE_PAUSED));
  }

  @Test
  void beginsByBeingRecorded() {
    assertThat(WorkflowDecider.decide(view(Optional.empty(), 1, 0, 0, 0, 0)))
        .isEqualTo(enter(WorkflowState.WORKFLOW_STATE_INITIALIZED));
  }

  @Test
  void fillsItsBatch() {
    assertThat(rolling(3, 0, 10, 0, 0)).isEqualTo(new WorkflowAction.Touch(3));
    assertThat(rolling(3, 0, 10, 2, 0)).isEqualTo(new WorkflowAction.Touch(1));
    assertThat(rolling(3, 0, 10, 3, 0)).isEqualTo(NOTHING);
    assertThat(rolling(3, 0, 1, 0, 0)).isEqualTo(new WorkflowAction.Touch(1));
    assertThat(rolling(0, 0, 10, 5, 0)).isEqualTo(new WorkflowAction.Touch(10));
  }

  @Test
  void endsWhenNothingIsLeft() {
    assertThat(rolling(3, 0, 0, 1, 0)).isEqualTo(NOTHING);
    assertThat(rolling(3, 0, 0, 0, 0)).isEqualTo(enter(WorkflowState.WORKFLOW_STATE_SUCCEEDED));
    assertThat(rolling(3, 0, 0, 0, 5)).isEqualTo(enter(WorkflowState.WORKFLOW_STATE_SUCCEEDED));
  }

  @Test
  void failsAtTheLastFailureThatItTolerates() {
    assertThat(rolling(3, 2, 5, 0, 1)).isEqualTo(new WorkflowAction.Touch(3));
    assertThat(rolling(3, 2, 5, 1, 2)).isEqualTo(enter(WorkflowState.WORKFLOW_STATE_FAILED));
  }

  private static WorkflowAction rolling(
      int batch, int tolerable, int waiting, int current, int failed) {
    return WorkflowDecider.decide(
        view(
            Optional.of(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD),
            batch,
            tolerable,
            waiting,
            current,
            failed));
  }

  private static WorkflowView view(
      Optional<WorkflowState> state,
      int batch,
      int tolerable,
      int waiting,
      int current,
      int failed) {
    return new WorkflowView(
        state,
        WorkflowState.WORKFLOW_STATE_INVALID,
        WorkflowCommand.WORKFLOW_COMMAND_RUN,
        false,
        batch,
        tolerable,
        waiting,
        current,
        failed);
  }

  private static WorkflowAction decide(WorkflowState state, WorkflowCommand command) {
    return WorkflowDecider.decide(
        new WorkflowView(
            Optional.of(state),
            WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD,
            command,
            false,
            2,
            0,
            5,
            0,
            0));
  }

  private static WorkflowAction enter(WorkflowState state) {
    return new WorkflowAction.Enter(state);
  }
}
