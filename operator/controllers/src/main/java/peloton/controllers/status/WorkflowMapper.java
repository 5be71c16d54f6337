package peloton.controllers.status;

import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.crds.job.WorkflowProgress;

/** How far a workflow is. */
final class WorkflowMapper {
  /** As many as the definition lets a status name. */
  private static final int MOST_CURRENT = 100;

  private WorkflowMapper() {}

  /** Such as {@code Update RollingForward 4/10}; failed instances only if there are some. */
  static String summary(WorkflowStatus workflow) {
    int all =
        workflow.getNumInstancesCompleted()
            + workflow.getNumInstancesRemaining()
            + workflow.getNumInstancesFailed();
    String progress =
        type(workflow.getType())
            + " "
            + state(workflow.getState())
            + " "
            + workflow.getNumInstancesCompleted()
            + "/"
            + all;
    return workflow.getNumInstancesFailed() == 0
        ? progress
        : progress + ", " + workflow.getNumInstancesFailed() + " failed";
  }

  static WorkflowProgress map(WorkflowStatus workflow) {
    return new WorkflowProgress(
        summary(workflow),
        type(workflow.getType()),
        state(workflow.getState()),
        workflow.getNumInstancesCompleted(),
        workflow.getNumInstancesRemaining(),
        workflow.getNumInstancesFailed(),
        workflow.getInstancesCurrentList().stream().limit(MOST_CURRENT).toList(),
        Words.orNull(workflow.getVersion().getValue()),
        Words.orNull(workflow.getPrevVersion().getValue()),
        Words.orNull(workflow.getCreationTime()),
        Words.orNull(workflow.getUpdateTime()),
        Words.orNull(workflow.getCompletionTime()));
  }

  private static String type(WorkflowType type) {
    return Words.camel("WORKFLOW_TYPE_", type.name());
  }

  private static String state(WorkflowState state) {
    return Words.camel("WORKFLOW_STATE_", state.name());
  }
}
