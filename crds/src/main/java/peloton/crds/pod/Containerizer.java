package peloton.crds.pod;

/** Who isolates the containers. */
public enum Containerizer {
  /** The Docker daemon. */
  Docker,
  /** The Mesos containerizer. */
  Mesos
}
