package peloton.controllers.status;

/**
 * Why a resource is as it is: the closed list of the reasons in its conditions. Each stands for one
 * of three situations, which decides all conditions.
 */
public enum Reason {
  // What is asked for is there.
  /** All pods of the job run, are healthy, and are on the current specification. */
  PodsReady(Situation.READY),
  /** The job is suspended, and no pod runs. */
  Suspended(Situation.READY),
  /** The pool is as it should be. */
  PoolReady(Situation.READY),
  /** All hosts are down. */
  HostsDown(Situation.READY),

  // On the way; it ends by itself, or when what is waited for comes.
  /** Not looked at yet. */
  Pending(Situation.RECONCILING),
  /** There is no resource pool at the path yet. */
  ResourcePoolNotFound(Situation.RECONCILING),
  /** There is no pool at the parent's path yet. */
  ParentPoolNotFound(Situation.RECONCILING),
  /** The pods of a new job are started. */
  Creating(Situation.RECONCILING),
  /** Pods are changed to a new specification. */
  Updating(Situation.RECONCILING),
  /** An update failed, and pods go back to the specification before. */
  RollingBack(Situation.RECONCILING),
  /** Pods are restarted. */
  Restarting(Situation.RECONCILING),
  /** The workflow begins no further instance until it is resumed. */
  WorkflowPaused(Situation.RECONCILING),
  /** Pods are stopped, since the job is suspended. */
  Stopping(Situation.RECONCILING),
  /** No workflow is at work, and pods are missing or not healthy; they are run again. */
  PodsNotReady(Situation.RECONCILING),
  /** What the resource stands for is being deleted. */
  Deleting(Situation.RECONCILING),
  /** The pool cannot be deleted as long as it has jobs or child pools. */
  PoolInUse(Situation.RECONCILING),
  /** Hosts are drained, or on their way down. */
  HostsDraining(Situation.RECONCILING),
  /** The store cannot be written, or others write at the same time; it is tried again. */
  StoreUnavailable(Situation.RECONCILING),
  /** Writes are locked down; they are made when that ends. */
  LockedDown(Situation.RECONCILING),
  /** A fault of the operator, which its log tells; it is tried again. */
  InternalError(Situation.RECONCILING),

  // Nothing will change unless somebody changes something.
  /** The specification is refused; the message names the field. */
  InvalidSpec(Situation.STALLED),
  /** The specification asks for what is not served. */
  NotSupported(Situation.STALLED),
  /** What is there already belongs to somebody else. */
  NotOwned(Situation.STALLED),
  /** What is there already belongs to nobody, and the resource does not ask to take it over. */
  AdoptionRequired(Situation.STALLED),
  /** The job that the resource is to take over does not exist. */
  AdoptedJobNotFound(Situation.STALLED),
  /** The write was refused for the state that things are in. */
  Refused(Situation.STALLED),
  /** Too many instances failed; the workflow was given up. */
  WorkflowFailed(Situation.STALLED),
  /** An update failed, and the job is back at the specification before: not what is asked for. */
  RolledBack(Situation.STALLED),
  /** The workflow was given up on request, and not all pods are on the current specification. */
  WorkflowAborted(Situation.STALLED),
  /** There is no host of that name. */
  HostNotFound(Situation.STALLED);

  /** What a reason means for the conditions. */
  public enum Situation {
    READY,
    RECONCILING,
    STALLED
  }

  private final Situation situation;

  Reason(Situation situation) {
    this.situation = situation;
  }

  public Situation situation() {
    return situation;
  }
}
