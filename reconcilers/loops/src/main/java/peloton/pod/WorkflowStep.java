package peloton.pod;

import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.PodRecord;

/**
 * The workflow that is at work on a pod, as far as the pod's own record must know it.
 *
 * @param number the workflow's number in its job's sequence; 0 for none
 * @param version the configuration version that it moves the pod to
 * @param kind what it does to pods
 * @param starts whether a stopped pod that it touches is started
 * @param maxRetries failures at which the pod counts as failed for the workflow; 0 for never
 * @param settleTime nanoseconds that a pod without checks must have run before it counts as done: a
 *     command that cannot work is RUNNING for a moment, too
 */
public record WorkflowStep(
    long number, long version, Kind kind, boolean starts, int maxRetries, long settleTime) {

  /** What a workflow does to the pods that it touches. */
  public enum Kind {
    /** Moves them to a new version. */
    UPDATE,
    /** Moves them back from a version that failed. */
    ROLLBACK,
    /** Gives them a new run, and with it a new version that says the same. */
    RESTART
  }

  public static final WorkflowStep NONE = new WorkflowStep(0, 0, Kind.UPDATE, false, 0, 0);

  /**
   * Whether a pod is in this step's hands, or was. While a workflow rolls back, what it did on its
   * way forward counts no longer.
   */
  public boolean concerns(PodRecord pod) {
    return number != 0 && pod.getWorkflow() == number && pod.getDesiredVersion() == version;
  }

  /** When a pod that is marked as done counts as done, Unix nanoseconds; 0 for at once. */
  public long settlesAt(PodRecord pod) {
    return settlesAt(pod, settleTime);
  }

  /**
   * When a pod has run for long enough to count, Unix nanoseconds; 0 if that is not to be waited
   * for.
   */
  public static long settlesAt(PodRecord pod, long settleTime) {
    boolean onTrial =
        pod.getState() == PodState.POD_STATE_RUNNING
            && pod.getHealth() == HealthState.HEALTH_STATE_DISABLED
            && pod.getReadiness() == HealthState.HEALTH_STATE_INVALID;
    return onTrial ? pod.getStartedAt() + settleTime : 0;
  }
}
