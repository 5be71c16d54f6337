package peloton.crds.status;

/** Whether a condition holds. */
public enum ConditionStatus {
  True,
  False,
  Unknown
}
