package peloton.operator.read;

import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.desired.ApiException;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.store.view.JobEntry;

/**
 * A job's goal and the spec that it names, read together: while a reader looks at a job, the view
 * may be taking its records away.
 */
record CurrentJob(JobGoalRecord goal, JobSpecRecord specRecord) {

  /** Empty for a job that is going or has not fully come. */
  static Optional<CurrentJob> find(JobEntry job) {
    JobGoalRecord goal = job.goal();
    JobSpecRecord spec = goal == null ? null : job.specs().get(goal.getConfigurationVersion());
    return spec == null ? Optional.empty() : Optional.of(new CurrentJob(goal, spec));
  }

  /**
   * @throws ApiException NOT_FOUND for a job that is going
   */
  static CurrentJob of(JobEntry job) {
    return find(job)
        .orElseThrow(
            () ->
                new ApiException(
                    ApiException.Code.NOT_FOUND, "job " + job.id() + " has just been deleted"));
  }

  JobSpec spec() {
    return specRecord.getSpec();
  }
}
