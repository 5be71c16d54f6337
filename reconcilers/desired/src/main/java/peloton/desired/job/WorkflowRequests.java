package peloton.desired.job;

import com.google.protobuf.UnknownFieldSet;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.records.JobGoalRecord;
import peloton.records.WorkflowCommand;
import peloton.records.WorkflowRequestRecord;

/** The requests of new workflows. */
final class WorkflowRequests {
  private WorkflowRequests() {}

  /**
   * A creation or an update.
   *
   * @param goal the job's goal with the new workflow in force
   * @param previousVersion the configuration version to come from; 0 for a creation
   * @param now in Unix nanoseconds
   */
  static WorkflowRequestRecord.Builder update(
      JobGoalRecord goal, long previousVersion, UpdateSpec update, long now) {
    return begin(goal, previousVersion, now)
        .setType(WorkflowType.WORKFLOW_TYPE_UPDATE)
        .setUpdateSpec(known(update))
        .setCommand(
            update.getStartPaused()
                ? WorkflowCommand.WORKFLOW_COMMAND_PAUSE
                : WorkflowCommand.WORKFLOW_COMMAND_RUN);
  }

  /** A restart; parameters as for {@link #update}. */
  static WorkflowRequestRecord.Builder restart(
      JobGoalRecord goal, long previousVersion, RestartSpec restart, long now) {
    return begin(goal, previousVersion, now)
        .setType(WorkflowType.WORKFLOW_TYPE_RESTART)
        .setRestartSpec(restart);
  }

  /** What we understand of an update specification: the rest would only take room. */
  static UpdateSpec known(UpdateSpec update) {
    return update.toBuilder().setUnknownFields(UnknownFieldSet.getDefaultInstance()).build();
  }

  private static WorkflowRequestRecord.Builder begin(
      JobGoalRecord goal, long previousVersion, long now) {
    return WorkflowRequestRecord.newBuilder()
        .setNumber(goal.getWorkflow())
        .setVersion(goal.getConfigurationVersion())
        .setPreviousVersion(previousVersion)
        .setCreatedAt(now)
        .setDesiredStateVersion(goal.getDesiredStateVersion())
        .setWorkflowVersion(goal.getWorkflowVersion());
  }
}
