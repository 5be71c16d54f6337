package peloton.mesos.local.agent;

import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.TaskInfo;

/**
 * A task that an agent has to run, and the container that it runs in.
 *
 * @param hostname the machine that the agent is on
 * @param parent the container that it is nested in; empty for a task of its own
 */
public record Launch(
    TaskKey key,
    TaskInfo info,
    String agentId,
    String hostname,
    String containerId,
    Optional<GroupContainer> parent) {

  /** The persistent volumes that the task uses. */
  public List<PersistentVolume> volumes() {
    return PersistentVolume.of(hostname, info.getResourcesList());
  }

  /** A task without a group has an executor of its own, with the task's id. */
  public String executorId() {
    return parent.map(GroupContainer::executorId).orElse(key.taskId());
  }
}
