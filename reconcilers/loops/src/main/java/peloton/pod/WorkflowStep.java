package peloton.pod;

/**
 * The workflow that is at work on a pod, as far as the pod's own record must know it.
 *
 * @param number the workflow's number in its job's sequence; 0 for none
 * @param version the configuration version that it moves the pod to
 * @param maxRetries failures at which the pod counts as failed for the workflow; 0 for never
 */
public record WorkflowStep(long number, long version, int maxRetries) {
  public static final WorkflowStep NONE = new WorkflowStep(0, 0, 0);
}
