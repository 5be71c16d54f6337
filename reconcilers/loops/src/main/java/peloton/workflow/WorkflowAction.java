package peloton.workflow;

import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;

/** The next step of a workflow. */
public sealed interface WorkflowAction {

  /** Nothing to do until a pod, a client or the job changes. */
  record Nothing() implements WorkflowAction {}

  /** Work out which instances are added, updated and removed, and begin. */
  record BeginRolling() implements WorkflowAction {}

  /** Have the version written that the failed update goes back to; until then touch nothing. */
  record AskForRollback() implements WorkflowAction {}

  /** Work out anew which instances are added, updated and removed, and go back. */
  record BeginRollback() implements WorkflowAction {}

  /** Take this many more instances in hand. */
  record Touch(int instances) implements WorkflowAction {}

  /** Enter a state; nothing else happens. */
  record Enter(WorkflowState state) implements WorkflowAction {}
}
