package peloton.mesos.local.master;

import org.apache.mesos.v1.Protos.TaskState;

/** A task as an observer sees it: {@code state} is what its agent knows. */
public record TaskSnapshot(String frameworkId, String taskId, String agentId, TaskState state) {}
