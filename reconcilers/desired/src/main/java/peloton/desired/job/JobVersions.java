package peloton.desired.job;

import peloton.api.ids.EntityVersion;
import peloton.records.JobGoalRecord;

/** The entity version of a job. */
public final class JobVersions {
  private JobVersions() {}

  /** The version that a writer must name to change the job. */
  public static EntityVersion of(JobGoalRecord goal) {
    return new EntityVersion(
        goal.getConfigurationVersion(), goal.getDesiredStateVersion(), goal.getWorkflowVersion());
  }
}
