package peloton.desired.job;

import java.util.function.BiFunction;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.desired.Decision;
import peloton.records.JobGoalRecord;
import peloton.store.view.Keyspace;
import peloton.store.view.Records;

/**
 * Sets a job's goal to RUNNING for the sake of some of its pods: of one that a client starts, or of
 * those that a workflow is to start. Of a job that was stopped, all other pods stay stopped. No
 * part of the entity version changes.
 */
public final class PartialStart {
  private PartialStart() {}

  /**
   * Goes on with the goal as it is to be and what its change takes; with the goal as it is if that
   * is RUNNING. Refuses with FAILED_PRECONDITION if the job was stopped and its pool is gone.
   */
  public static <T> Decision<T> of(
      Keyspace keys,
      Records records,
      JobSnapshot job,
      long now,
      BiFunction<JobGoalRecord, PoolClaim, Decision<T>> change) {
    if (!job.stopped()) {
      return change.apply(job.goal(), PoolClaim.NONE);
    }
    JobGoalRecord goal =
        job.goal().toBuilder()
            .setGoal(JobState.JOB_STATE_RUNNING)
            .setStoppedBelow(job.spec().getInstanceCount())
            .setUpdatedAt(now)
            .build();
    return PoolClaim.with(keys, records, job, now, claim -> change.apply(goal, claim));
  }
}
