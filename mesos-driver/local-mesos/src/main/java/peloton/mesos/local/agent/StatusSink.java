package peloton.mesos.local.agent;

import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** Where an agent's news go: its master. */
public interface StatusSink {

  /**
   * @param status the oldest update of the task that nobody has acknowledged
   * @param latest the newest state that the agent knows of the task
   */
  void statusUpdate(Agent agent, TaskKey key, TaskStatus status, TaskState latest);

  /**
   * A default executor has ended; those of single commands are not told of.
   *
   * @param status as {@code wait} gives it: 0 when it had nothing left to do
   */
  void executorExited(Agent agent, ExecutorKey key, int status);
}
