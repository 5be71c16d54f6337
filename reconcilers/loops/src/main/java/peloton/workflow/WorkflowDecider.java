package peloton.workflow;

import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.records.WorkflowCommand;

/** What a workflow does next. */
public final class WorkflowDecider {
  private static final WorkflowAction NOTHING = new WorkflowAction.Nothing();

  private WorkflowDecider() {}

  /** Whether nothing changes any more in this state. */
  public static boolean isTerminal(WorkflowState state) {
    return switch (state) {
      case WORKFLOW_STATE_SUCCEEDED,
          WORKFLOW_STATE_ABORTED,
          WORKFLOW_STATE_FAILED,
          WORKFLOW_STATE_ROLLED_BACK ->
          true;
      case WORKFLOW_STATE_INVALID,
          WORKFLOW_STATE_INITIALIZED,
          WORKFLOW_STATE_ROLLING_FORWARD,
          WORKFLOW_STATE_PAUSED,
          WORKFLOW_STATE_ROLLING_BACKWARD,
          UNRECOGNIZED ->
          false;
    };
  }

  /** Whether instances are being taken in hand in this state. */
  public static boolean isRolling(WorkflowState state) {
    return state == WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD
        || state == WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD;
  }

  /** The next step; to be asked again after each, until it is {@link WorkflowAction.Nothing}. */
  public static WorkflowAction decide(WorkflowView view) {
    WorkflowState state = view.state().orElse(WorkflowState.WORKFLOW_STATE_INVALID);
    if (isTerminal(state)) {
      return NOTHING;
    }
    if (view.state().isEmpty()) {
      return new WorkflowAction.Enter(WorkflowState.WORKFLOW_STATE_INITIALIZED);
    }
    if (view.cancelled() || view.command() == WorkflowCommand.WORKFLOW_COMMAND_ABORT) {
      return new WorkflowAction.Enter(WorkflowState.WORKFLOW_STATE_ABORTED);
    }
    boolean pause = view.command() == WorkflowCommand.WORKFLOW_COMMAND_PAUSE;
    if (state == WorkflowState.WORKFLOW_STATE_PAUSED) {
      return pause ? NOTHING : new WorkflowAction.Enter(view.previousState());
    }
    if (pause) {
      return new WorkflowAction.Enter(WorkflowState.WORKFLOW_STATE_PAUSED);
    }
    return isRolling(state) ? roll(view, state) : new WorkflowAction.BeginRolling();
  }

  private static WorkflowAction roll(WorkflowView view, WorkflowState state) {
    if (view.tolerableFailures() > 0 && view.failed() >= view.tolerableFailures()) {
      return new WorkflowAction.Enter(WorkflowState.WORKFLOW_STATE_FAILED);
    }
    if (view.waiting() == 0) {
      return view.current() > 0
          ? NOTHING
          : new WorkflowAction.Enter(
              state == WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD
                  ? WorkflowState.WORKFLOW_STATE_ROLLED_BACK
                  : WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    }
    int room = view.batchSize() == 0 ? view.waiting() : view.batchSize() - view.current();
    return room > 0 ? new WorkflowAction.Touch(Math.min(room, view.waiting())) : NOTHING;
  }
}
