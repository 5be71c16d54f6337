package peloton.crds.pool;

/** The kinds of resources that pools divide. */
public enum ResourceKind {
  /** Cores. */
  cpu,
  /** Memory. */
  memory,
  /** Disk. */
  disk,
  /** Devices. */
  gpu
}
