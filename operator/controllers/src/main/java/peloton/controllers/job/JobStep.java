package peloton.controllers.job;

/** What to do next about a StatelessJob: one request of the job API, or one of the others. */
public enum JobStep {
  /** The job is as it is asked for, as far as requests go. */
  NOTHING,
  /** Create the job under the id that the resource stands for, and with its creation policy. */
  CREATE,
  /** Replace the specification, with the update policy. */
  REPLACE,
  START,
  STOP,
  /** Restart what the request names; its token is handled then. */
  RESTART,
  PAUSE,
  RESUME,
  /** End the workflow; the abort token is handled then. */
  ABORT,
  /** Nothing is at work that could be aborted: the abort token is handled all the same. */
  NOTHING_TO_ABORT,
  /** Delete the job, stopping its pods first. */
  DELETE,
  /** The job is being deleted; ask again when it is gone. */
  AWAIT_DELETION,
  /** The job that is to be taken over does not exist. */
  MISSING,
  /** Take over the job, which belongs to nobody, or to a resource of this name that is gone. */
  ADOPT,
  /** The job belongs to nobody, and the resource does not ask to take it over. */
  ADOPTION_REQUIRED,
  /** The job belongs to another resource. */
  NOT_OWNED,
  /** Let go of the job, which stays, belonging to nobody; then let go of the resource. */
  DISOWN,
  /** Nothing keeps the resource any more: its finalizer can go. */
  RELEASE
}
