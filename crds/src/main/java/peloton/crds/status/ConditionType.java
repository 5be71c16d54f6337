package peloton.crds.status;

/** The conditions of a resource, as kstatus and kubectl wait read them. */
public enum ConditionType {
  /** What the resource asks for is there. */
  Ready,
  /** The operator is at it, or waits for something; absent otherwise. */
  Reconciling,
  /** It will not get there unless somebody changes something; absent otherwise. */
  Stalled
}
