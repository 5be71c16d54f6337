package peloton.crds.pod;

/** Whose labels are counted. */
public enum LabelKind {
  /** Those of the pods that run on the host. */
  Pod,
  /** The host's own: the attributes of its agent, and its name as "hostname". */
  Host
}
