package peloton.mesos.local.master;

import java.time.InstantSource;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** Status updates that the master makes up by itself: without uuid, never to be acknowledged. */
final class Statuses {

  private final InstantSource clock;

  Statuses(InstantSource clock) {
    this.clock = clock;
  }

  /** Sends an update of the master's own. */
  void send(
      Framework framework,
      String taskId,
      Optional<String> agentId,
      TaskState state,
      TaskStatus.Reason reason,
      String message) {
    send(framework, status(taskId, agentId, state, reason, message).build());
  }

  /** Passes a status on. */
  static void send(Framework framework, TaskStatus status) {
    framework.send(
        Event.newBuilder()
            .setType(Event.Type.UPDATE)
            .setUpdate(Event.Update.newBuilder().setStatus(status))
            .build());
  }

  TaskStatus.Builder status(
      String taskId,
      Optional<String> agentId,
      TaskState state,
      TaskStatus.Reason reason,
      String message) {
    var now = clock.instant();
    var status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue(taskId))
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_MASTER)
            .setReason(reason)
            .setMessage(message)
            .setTimestamp(now.getEpochSecond() + now.getNano() / 1e9);
    agentId.ifPresent(id -> status.setAgentId(AgentID.newBuilder().setValue(id)));
    return status;
  }

  /** The state for frameworks that know partitions, and TASK_LOST for those that do not. */
  static TaskState lostUnlessAware(Framework framework, TaskState aware) {
    return framework.can(Capability.Type.PARTITION_AWARE) ? aware : TaskState.TASK_LOST;
  }
}
