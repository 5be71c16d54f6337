package peloton.pod;

import peloton.api.v1alpha.pod.Pod.TerminationStatus;

/** Why a pod's run must make way. The texts are Peloton's. */
public enum Eviction {
  /** Its resource pool gives back what others are entitled to. */
  PREEMPTION(
      "EvictionReason_PREEMPTION",
      TerminationStatus.Reason.TERMINATION_STATUS_REASON_PREEMPTED_RESOURCES),
  /** Its host goes into maintenance, or to another pool of hosts. */
  HOST_MAINTENANCE(
      "EvictionReason_HOST_MAINTENANCE",
      TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_HOST_MAINTENANCE);

  private final String reason;
  private final TerminationStatus.Reason termination;

  Eviction(String reason, TerminationStatus.Reason termination) {
    this.reason = reason;
    this.termination = termination;
  }

  /** What stands in the pod's reason. */
  public String reason() {
    return reason;
  }

  TerminationStatus.Reason termination() {
    return termination;
  }
}
