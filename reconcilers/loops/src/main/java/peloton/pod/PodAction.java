package peloton.pod;

import peloton.api.v1alpha.pod.Pod.TerminationStatus;

/** What to do about one instance. */
public sealed interface PodAction {

  /** All is as it should be, or something is under way that will say when it is done. */
  record Nothing() implements PodAction {}

  /** Look for a place for the run that waits; an instance without a record begins with run 1. */
  record Submit() implements PodAction {}

  /** Look for a place no longer. */
  record Withdraw() implements PodAction {}

  /** Launch the next containers of the run, on the agent that it is on. */
  record LaunchStage() implements PodAction {}

  /** End the run, which no task was ever made for. */
  record EndUnlaunched(String message) implements PodAction {}

  /** End the run by killing its task. */
  record Kill(TerminationStatus.Reason reason, String message) implements PodAction {}

  /** Shut down the executor of a task that a kill did not end. */
  record ShutDown() implements PodAction {}

  /** End the run, whose task cannot be reached: it counts as lost, and is killed if it returns. */
  record GiveUp(String message) implements PodAction {}

  /** Begin the next run, or move a run that still waits to the wanted version. */
  record BeginRun(long version, String message) implements PodAction {}

  /** Decide again at this time, Unix nanoseconds: a back-off or a time-out is running. */
  record Wait(long until) implements PodAction {}

  /** Forget the instance. */
  record Remove() implements PodAction {}
}
