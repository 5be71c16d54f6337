package peloton.workflow;

import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.records.WorkflowCommand;

/** What a workflow does next. */
public final class WorkflowDecider {
  private static final WorkflowAction NOTHING = new WorkflowAction.Nothing();
  private static final WorkflowAction ASK = new WorkflowAction.AskForRollback();
  private static final WorkflowAction BEGIN_ROLLBACK = new WorkflowAction.BeginRollback();

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
    boolean forward = state == WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD;
    if (forward && view.wayBack() == WorkflowView.WayBack.READY) {
      return BEGIN_ROLLBACK;
    }
    if (reached(view.failed(), view.tolerableFailures())) {
      return forward && view.wayBack() == WorkflowView.WayBack.WANTED
          ? ASK
          : new WorkflowAction.Enter(WorkflowState.WORKFLOW_STATE_FAILED);
    }
    if (view.waiting() == 0) {
      return view.current() > 0
          ? NOTHING
          : new WorkflowAction.Enter(
              forward
                  ? WorkflowState.WORKFLOW_STATE_SUCCEEDED
                  : WorkflowState.WORKFLOW_STATE_ROLLED_BACK);
    }
    int room = roomInBatch(view);
    return room > 0 && view.takeable() > 0
        ? new WorkflowAction.Touch(Math.min(room, view.takeable()))
        : NOTHING;
  }

  /** Whether a limit that is unsigned on the wire is reached; 0 is no limit. */
  private static boolean reached(int count, int limit) {
    return limit != 0 && Integer.compareUnsigned(count, limit) >= 0;
  }

  private static int roomInBatch(WorkflowView view) {
    // Batch sizes are unsigned on the wire.
    long size = Integer.toUnsignedLong(view.batchSize());
    return size == 0
        ? view.waiting()
        : (int) Math.min(Integer.MAX_VALUE, Math.max(0, size - view.current()));
  }
}
