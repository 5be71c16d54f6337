package peloton.crds.pool;

/** The order in which pods leave a pool's queue. */
public enum SchedulingPolicy {
  /** Higher priority first, then first come, first served. */
  PriorityFifo
}
