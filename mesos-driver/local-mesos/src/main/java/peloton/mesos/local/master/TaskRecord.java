package peloton.mesos.local.master;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import peloton.mesos.local.agent.TaskKey;
import peloton.mesos.local.agent.TaskStates;
import peloton.mesos.local.resources.Resources;

/** What the master knows of one task. */
final class TaskRecord {

  private final TaskKey key;
  private final TaskInfo info;
  private final AgentSlot agent;
  private final String role;
  private final Resources resources;
  private TaskState latest = TaskState.TASK_STAGING;
  private TaskStatus lastSent;

  TaskRecord(TaskKey key, TaskInfo info, AgentSlot agent, String role, Resources resources) {
    this.key = key;
    this.info = info;
    this.agent = agent;
    this.role = role;
    this.resources = resources;
  }

  TaskKey key() {
    return key;
  }

  TaskInfo info() {
    return info;
  }

  AgentSlot agent() {
    return agent;
  }

  String role() {
    return role;
  }

  Resources resources() {
    return resources;
  }

  /** The newest state that the agent has told. */
  TaskState latest() {
    return latest;
  }

  void latest(TaskState state) {
    latest = state;
  }

  boolean isTerminal() {
    return TaskStates.isTerminal(latest);
  }

  /** The update that is on its way to the scheduler, acknowledged or not. */
  Optional<TaskStatus> lastSent() {
    return Optional.ofNullable(lastSent);
  }

  void lastSent(TaskStatus status) {
    lastSent = status;
  }

  /** A new master has sent nothing yet. */
  void forgetSent() {
    lastSent = null;
  }

  /** The state that reconciliation tells: not newer than what the updates have told. */
  TaskState toldState() {
    return lastSent == null ? latest : lastSent.getState();
  }

  /** Whether {@code uuid} acknowledges the task's final update. */
  boolean endsWith(ByteString uuid) {
    return lastSent != null
        && TaskStates.isTerminal(lastSent.getState())
        && lastSent.getUuid().equals(uuid);
  }
}
