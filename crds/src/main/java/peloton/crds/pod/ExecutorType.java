package peloton.crds.pod;

/** What runs the pod's containers on the agent. */
public enum ExecutorType {
  /** The one of Mesos. */
  Default,
  /** The user's own; needs data. */
  Custom
}
