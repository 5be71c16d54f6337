package peloton.desired.pod;

import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.records.PodRecordOrBuilder;
import peloton.store.view.JobEntry;

/**
 * Whether an instance counts against its job's {@code maximum_unavailable_instances}.
 *
 * <p>A run that is being replaced, by whomever, is unavailable from the moment that this was asked
 * for, so that two who ask one after the other cannot take down two instances where one is allowed.
 */
public enum Availability {
  /** It runs, passes its checks, can be reached, and is to go on running. */
  AVAILABLE,
  /** It should run and does not, or not as it should. */
  UNAVAILABLE,
  /** It is not to run, or never did: nobody misses it. */
  IGNORED;

  /** What an instance counts as, by the records. */
  public static Availability of(JobEntry job, int instance, int instanceCount) {
    PodRecord pod = job.pods().get(instance);
    if (pod == null || instance >= instanceCount || !WantedPods.run(job, instance)) {
      return IGNORED;
    }
    return of(pod, job.podGoals().get(instance));
  }

  /**
   * What a launched instance counts as that is to run.
   *
   * @param own what was asked of the pod, or null if nothing was
   */
  public static Availability of(PodRecord pod, PodGoalRecord own) {
    long desiredRun = Math.max(pod.getDesiredRun(), own == null ? 0 : own.getDesiredRun());
    boolean stays = desiredRun <= pod.getRun() && pod.getVersion() == pod.getDesiredVersion();
    return stays && serves(pod) ? AVAILABLE : UNAVAILABLE;
  }

  /** Whether a run does its work, as far as its agent and its checks tell. */
  public static boolean serves(PodRecordOrBuilder pod) {
    boolean healthy =
        pod.getHealth() == HealthState.HEALTH_STATE_DISABLED
            || pod.getHealth() == HealthState.HEALTH_STATE_HEALTHY;
    boolean ready =
        pod.getReadiness() == HealthState.HEALTH_STATE_INVALID
            || pod.getReadiness() == HealthState.HEALTH_STATE_HEALTHY;
    return pod.getState() == PodState.POD_STATE_RUNNING
        && pod.getUnreachableSince() == 0
        && healthy
        && ready;
  }

  /** How many instances are unavailable. */
  public static int unavailable(JobEntry job, int instanceCount) {
    int unavailable = 0;
    int bound = Math.min(instanceCount, job.pods().bound());
    for (int instance = 0; instance < bound; instance++) {
      if (of(job, instance, instanceCount) == UNAVAILABLE) {
        unavailable++;
      }
    }
    return unavailable;
  }
}
