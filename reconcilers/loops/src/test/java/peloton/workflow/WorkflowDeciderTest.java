package peloton.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.records.WorkflowCommand;
import peloton.workflow.WorkflowView.WayBack;

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
    assertThat(WorkflowDecider.decide(view(Optional.empty(), 1, 0, WayBack.NONE, 0, 0, 0, 0)))
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

  @Test
  void aFailedUpdateThatIsToBeUndoneAsksForTheWayBackAndTakesIt() {
    WorkflowState forward = WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD;
    assertThat(failing(forward, WayBack.WANTED, 1)).isEqualTo(new WorkflowAction.Touch(3));
    assertThat(failing(forward, WayBack.WANTED, 2)).isEqualTo(new WorkflowAction.AskForRollback());
    assertThat(failing(forward, WayBack.READY, 2)).isEqualTo(new WorkflowAction.BeginRollback());
    assertThat(failing(forward, WayBack.READY, 0)).isEqualTo(new WorkflowAction.BeginRollback());
  }

  @Test
  void aFailureOnTheWayBackIsFinal() {
    WorkflowState backward = WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD;
    assertThat(failing(backward, WayBack.READY, 1)).isEqualTo(new WorkflowAction.Touch(3));
    assertThat(failing(backward, WayBack.READY, 2))
        .isEqualTo(enter(WorkflowState.WORKFLOW_STATE_FAILED));
    assertThat(WorkflowDecider.decide(view(Optional.of(backward), 3, 2, WayBack.READY, 0, 0, 0, 1)))
        .isEqualTo(enter(WorkflowState.WORKFLOW_STATE_ROLLED_BACK));
  }

  @Test
  void takesNoMoreThanMayBeTakenNow() {
    Optional<WorkflowState> forward = Optional.of(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);
    assertThat(WorkflowDecider.decide(view(forward, 0, 0, WayBack.NONE, 9, 2, 0, 0)))
        .isEqualTo(new WorkflowAction.Touch(2));
    assertThat(WorkflowDecider.decide(view(forward, 0, 0, WayBack.NONE, 9, 0, 0, 0)))
        .isEqualTo(NOTHING);
  }

  @Test
  void aLimitBeyondTheSignedRangeIsALargeOne() {
    assertThat(rolling(-1, -1, 10, 3, 3)).isEqualTo(new WorkflowAction.Touch(10));
  }

  private static WorkflowAction rolling(
      int batch, int tolerable, int waiting, int current, int failed) {
    return WorkflowDecider.decide(
        view(
            Optional.of(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD),
            batch,
            tolerable,
            WayBack.NONE,
            waiting,
            waiting,
            current,
            failed));
  }

  private static WorkflowAction failing(WorkflowState state, WayBack wayBack, int failed) {
    return WorkflowDecider.decide(view(Optional.of(state), 3, 2, wayBack, 5, 5, 0, failed));
  }

  private static WorkflowView view(
      Optional<WorkflowState> state,
      int batch,
      int tolerable,
      WayBack wayBack,
      int waiting,
      int takeable,
      int current,
      int failed) {
    return new WorkflowView(
        state,
        WorkflowState.WORKFLOW_STATE_INVALID,
        WorkflowCommand.WORKFLOW_COMMAND_RUN,
        false,
        batch,
        tolerable,
        wayBack,
        waiting,
        takeable,
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
            WayBack.NONE,
            5,
            5,
            0,
            0));
  }

  private static WorkflowAction enter(WorkflowState state) {
    return new WorkflowAction.Enter(state);
  }
}
