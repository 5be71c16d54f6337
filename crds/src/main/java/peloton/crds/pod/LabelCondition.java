package peloton.crds.pod;

/** How a count compares with a number. */
public enum LabelCondition {
  LessThan,
  Equal,
  GreaterThan
}
