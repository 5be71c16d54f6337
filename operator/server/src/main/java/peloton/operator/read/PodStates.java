package peloton.operator.read;

import java.util.Map;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.store.view.JobEntry;

/** In which states a job's instances are, those that were never launched included. */
public final class PodStates {
  private final JobEntry job;
  private final Unlaunched unlaunched;
  private final Map<PodState, Integer> unlaunchedCounts;

  /**
   * @throws peloton.desired.ApiException NOT_FOUND for a job that is going
   */
  public PodStates(JobEntry job) {
    this.job = job;
    this.unlaunched = new Unlaunched(job, CurrentJob.of(job));
    this.unlaunchedCounts = unlaunched.counts();
  }

  /** How many instances are in a state, without a look at each. */
  public long count(PodState state) {
    return job.podsIn(state) + unlaunchedCounts.getOrDefault(state, 0);
  }

  /** The state of an instance that has no record. */
  public PodState unlaunched(int instance) {
    return unlaunched.state(instance);
  }
}
