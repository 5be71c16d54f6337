package peloton.job;

import java.util.function.ToIntFunction;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.pod.Pod.PodState;

/** Derives a job's state from its goal and the counts of its pods. */
public final class JobStateDecider {
  private JobStateDecider() {}

  /**
   * The state of a job.
   *
   * @param goal RUNNING, KILLED or DELETED
   * @param instances the wanted number of instances
   * @param recorded how many instances have a record; the others were never launched
   * @param resting how many instances that were never launched are stopped, one by one
   * @param podsIn how many records are in a state
   */
  public static JobState decide(
      JobState goal, int instances, int recorded, int resting, ToIntFunction<PodState> podsIn) {
    int succeeded = podsIn.applyAsInt(PodState.POD_STATE_SUCCEEDED);
    int failed = podsIn.applyAsInt(PodState.POD_STATE_FAILED);
    int lost = podsIn.applyAsInt(PodState.POD_STATE_LOST);
    int killed = podsIn.applyAsInt(PodState.POD_STATE_KILLED);
    int ended = succeeded + failed + lost + killed;
    if (goal != JobState.JOB_STATE_RUNNING) {
      // An instance that was never launched is as good as killed.
      return ended == recorded ? JobState.JOB_STATE_KILLED : JobState.JOB_STATE_KILLING;
    }
    if (recorded > instances) {
      return JobState.JOB_STATE_PENDING;
    }
    if (podsIn.applyAsInt(PodState.POD_STATE_RUNNING) > 0) {
      return JobState.JOB_STATE_RUNNING;
    }
    if (instances > 0 && succeeded >= instances) {
      return JobState.JOB_STATE_SUCCEEDED;
    }
    if (instances > 0 && succeeded + failed + lost >= instances) {
      return JobState.JOB_STATE_FAILED;
    }
    // An instance that was never launched and is stopped is as good as killed.
    if (killed + resting > 0 && ended + resting >= instances) {
      return JobState.JOB_STATE_KILLED;
    }
    return JobState.JOB_STATE_PENDING;
  }
}
