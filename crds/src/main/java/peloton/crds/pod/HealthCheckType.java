package peloton.crds.pod;

/** How a container's health is told. */
public enum HealthCheckType {
  /** A command that exits with 0. */
  Command,
  /** A request that is answered with 200 to 399. */
  Http,
  /** Known, and not supported by Mesos. */
  Grpc
}
