package peloton.mesos.local.master;

import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** Answers RECONCILE: the latest state of the tasks asked for, or of all that are not over. */
final class Reconciler {

  private static final TaskStatus.Reason REASON = TaskStatus.Reason.REASON_RECONCILIATION;

  private final Cluster cluster;
  private final Statuses statuses;

  Reconciler(Cluster cluster, Statuses statuses) {
    this.cluster = cluster;
    this.statuses = statuses;
  }

  void reconcile(Framework framework, Call.Reconcile call) {
    if (call.getTasksCount() == 0) {
      List.copyOf(framework.tasks().values()).forEach(task -> tell(framework, task));
      return;
    }
    for (var asked : call.getTasksList()) {
      reconcile(
          framework,
          asked.getTaskId().getValue(),
          asked.hasAgentId() ? Optional.of(asked.getAgentId().getValue()) : Optional.empty());
    }
  }

  /** Tells the state of one task, known or not. */
  void reconcile(Framework framework, String taskId, Optional<String> agentId) {
    var task = framework.tasks().get(taskId);
    if (task != null) {
      tell(framework, task);
      return;
    }
    var agent = agentId.flatMap(cluster::agent);
    var status =
        agent
            .map(AgentSlot::membership)
            .map(
                membership ->
                    switch (membership) {
                      case ACTIVE, DISCONNECTED ->
                          unknown(
                              framework,
                              taskId,
                              agentId,
                              TaskState.TASK_GONE,
                              "Reconciliation: the agent does not know the task");
                      case UNREACHABLE ->
                          unknown(
                                  framework,
                                  taskId,
                                  agentId,
                                  TaskState.TASK_UNREACHABLE,
                                  "Reconciliation: the agent is unreachable")
                              .setUnreachableTime(since(agent.get()));
                      case GONE ->
                          unknown(
                              framework,
                              taskId,
                              agentId,
                              TaskState.TASK_GONE_BY_OPERATOR,
                              "Reconciliation: the agent is gone");
                    })
            .orElseGet(
                () ->
                    unknown(
                        framework,
                        taskId,
                        agentId,
                        TaskState.TASK_UNKNOWN,
                        "Reconciliation: nobody knows the task"));
    Statuses.send(framework, status.build());
  }

  static TimeInfo since(AgentSlot agent) {
    var since = agent.unreachableSince();
    return TimeInfo.newBuilder()
        .setNanoseconds(since.getEpochSecond() * 1_000_000_000L + since.getNano())
        .build();
  }

  private TaskStatus.Builder unknown(
      Framework framework, String taskId, Optional<String> agentId, TaskState state, String why) {
    return statuses.status(
        taskId, agentId, Statuses.lostUnlessAware(framework, state), REASON, why);
  }

  private void tell(Framework framework, TaskRecord task) {
    var status =
        statuses.status(
            task.key().taskId(),
            Optional.of(task.agent().id()),
            task.toldState(),
            REASON,
            "Reconciliation: latest state of the task");
    task.lastSent()
        .ifPresent(
            last -> {
              if (last.hasHealthy()) {
                status.setHealthy(last.getHealthy());
              }
              if (last.hasContainerStatus()) {
                status.setContainerStatus(last.getContainerStatus());
              }
              if (last.hasExecutorId()) {
                status.setExecutorId(last.getExecutorId());
              }
            });
    Statuses.send(framework, status.build());
  }
}
