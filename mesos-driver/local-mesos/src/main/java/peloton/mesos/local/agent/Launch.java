package peloton.mesos.local.agent;

import org.apache.mesos.v1.Protos.TaskInfo;

/** A task that an agent has to run, and the container that it runs in. */
public record Launch(TaskKey key, TaskInfo info, String agentId, String containerId) {}
