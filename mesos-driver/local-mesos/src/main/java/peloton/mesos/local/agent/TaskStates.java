package peloton.mesos.local.agent;

import org.apache.mesos.v1.Protos.TaskState;

/** Which states are final, as Mesos sees it. */
public final class TaskStates {

  private TaskStates() {}

  /** Whether a task in this state never runs again; LOST and UNREACHABLE tasks may come back. */
  public static boolean isTerminal(TaskState state) {
    return switch (state) {
      case TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST,
          TASK_DROPPED,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR ->
          true;
      default -> false;
    };
  }
}
