/**
 * Desired state of stateless jobs: which specifications are allowed, what one instance's pod is by
 * a job's specification, and the writes of the job API. Deciding is pure and works on the records
 * of a view; {@link peloton.desired.DesiredStore} does the writing.
 *
 * <p>{@link peloton.desired.job.JobWriter} is for the front doors. {@link
 * peloton.desired.job.EffectivePodSpec} and {@link peloton.desired.job.EffectivePods} hold no state
 * and may be used by anyone who asks what a pod should be.
 */
package peloton.desired.job;
