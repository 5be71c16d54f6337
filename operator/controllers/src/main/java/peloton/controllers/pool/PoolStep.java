package peloton.controllers.pool;

/** What to do next about a ResourcePool: one request of the pool API, or one of the others. */
public enum PoolStep {
  /** The pool is as it is asked for. */
  NOTHING,
  /** Create the pool under the id that the resource stands for. */
  CREATE,
  /** There is no pool at the parent's path yet. */
  AWAIT_PARENT,
  /** Replace the specification. */
  UPDATE,
  /** Take over the pool, which belongs to nobody, or to a resource of this name that is gone. */
  ADOPT,
  /** The pool belongs to nobody, and the resource does not ask to take it over. */
  ADOPTION_REQUIRED,
  /** The pool belongs to another resource. */
  NOT_OWNED,
  /** Delete the pool. */
  DELETE,
  /** The pool has jobs or child pools, and is deleted when it has none. */
  AWAIT_EMPTY,
  /** Let go of the pool, which stays, belonging to nobody; then let go of the resource. */
  DISOWN,
  /** Nothing keeps the resource any more: its finalizer can go. */
  RELEASE
}
