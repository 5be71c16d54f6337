package peloton.desired.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.desired.Decision;
import peloton.records.JobGoalRecord;
import peloton.records.OwnerRecord;
import peloton.records.WorkflowCommand;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;

/**
 * The records of a job that a write depends on.
 *
 * @param goalRevision when the goal was last written; never newer than {@code goal}, so that a
 *     write guarded by it cannot overwrite a goal that was not read
 * @param spec the specification that the job should be on
 * @param workflow the request of the workflow in force
 */
public record JobSnapshot(
    JobEntry entry,
    long goalRevision,
    JobGoalRecord goal,
    JobSpec spec,
    WorkflowRequestRecord workflow) {

  /** The job as it stands; empty while its records are still coming in. */
  public static Optional<JobSnapshot> of(JobEntry entry) {
    // The revision first: the view sets it after the goal.
    long goalRevision = entry.goalRevision();
    JobGoalRecord goal = entry.goal();
    if (goal == null) {
      return Optional.empty();
    }
    JobSpec spec = entry.spec(goal.getConfigurationVersion());
    WorkflowRequestRecord workflow = entry.workflowRequests().get(goal.getWorkflow());
    return spec == null || workflow == null
        ? Optional.empty()
        : Optional.of(new JobSnapshot(entry, goalRevision, goal, spec, workflow));
  }

  /** What to do about a job whose records are still coming in. */
  static <T> Decision<T> incomplete(JobEntry entry) {
    return new Decision.Wait<>(entry.goalRevision());
  }

  /** The job's id. */
  public String id() {
    return entry.id();
  }

  /** The version that a writer must name to change the job. */
  public EntityVersion version() {
    return JobVersions.of(goal);
  }

  /** Whether the job is to go. */
  public boolean deleted() {
    return goal.getGoal() == JobState.JOB_STATE_DELETED;
  }

  /** Whether the job's specification is the given one, in whichever form. */
  public boolean says(JobSpec given) {
    return StoredSpec.same(spec, given);
  }

  /**
   * Whether the last update was to bring up the given specification, failed and went back, so that
   * to ask for it again would begin the same once more.
   */
  public boolean wentBackFrom(JobSpec given) {
    return entry.workflowRequests().descendingMap().values().stream()
        .filter(request -> request.getType() == WorkflowType.WORKFLOW_TYPE_UPDATE)
        .findFirst()
        .filter(request -> request.getRollbackVersion() != 0)
        .map(request -> entry.spec(request.getVersion()))
        .filter(failed -> StoredSpec.same(failed, given))
        .isPresent();
  }

  /** The resource that the job belongs to; empty if it belongs to nobody. */
  public Optional<OwnerRecord> owner() {
    return goal.hasOwner() ? Optional.of(goal.getOwner()) : Optional.empty();
  }

  /** Whether the goal is that all pods be stopped. */
  boolean stopped() {
    return goal.getGoal() == JobState.JOB_STATE_KILLED;
  }

  /** Where the workflow in force stands, as far as the loops have said. */
  WorkflowState workflowState() {
    WorkflowStatusRecord status = entry.workflowStatuses().get(goal.getWorkflow());
    if (status != null) {
      return status.getState();
    }
    return workflow.getUpdateSpec().getStartPaused()
        ? WorkflowState.WORKFLOW_STATE_PAUSED
        : WorkflowState.WORKFLOW_STATE_INITIALIZED;
  }

  /** Whether the workflow in force may still do something. */
  public boolean workflowActive() {
    return workflow.getCommand() != WorkflowCommand.WORKFLOW_COMMAND_ABORT
        && !terminal(workflowState());
  }

  /** Whether the workflow in force is at work: neither waiting to begin nor paused. */
  boolean workflowRolling() {
    WorkflowState state = workflowState();
    return workflow.getCommand() == WorkflowCommand.WORKFLOW_COMMAND_RUN
        && (state == WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD
            || state == WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD);
  }

  private static boolean terminal(WorkflowState state) {
    return switch (state) {
      case WORKFLOW_STATE_SUCCEEDED,
          WORKFLOW_STATE_FAILED,
          WORKFLOW_STATE_ABORTED,
          WORKFLOW_STATE_ROLLED_BACK ->
          true;
      case WORKFLOW_STATE_INVALID,
          WORKFLOW_STATE_INITIALIZED,
          WORKFLOW_STATE_ROLLING_FORWARD,
          WORKFLOW_STATE_ROLLING_BACKWARD,
          WORKFLOW_STATE_PAUSED,
          UNRECOGNIZED ->
          false;
    };
  }
}
