package peloton.desired.job;

import static peloton.desired.Violation.invalid;

import java.util.List;
import peloton.api.v1alpha.pod.Pod.Constraint;
import peloton.api.v1alpha.pod.Pod.LabelConstraint;
import peloton.desired.Violation;

/** Which placement constraints can be evaluated at all: any other would match no host, ever. */
final class ConstraintRules {
  private ConstraintRules() {}

  static void check(String path, Constraint constraint, List<Violation> violations) {
    switch (constraint.getType()) {
      case CONSTRAINT_TYPE_LABEL -> checkLabel(path, constraint, violations);
      case CONSTRAINT_TYPE_AND ->
          checkAll(
              path + ".and_constraint.constraints",
              constraint.getAndConstraint().getConstraintsList(),
              violations);
      case CONSTRAINT_TYPE_OR ->
          checkAll(
              path + ".or_constraint.constraints",
              constraint.getOrConstraint().getConstraintsList(),
              violations);
      case CONSTRAINT_TYPE_INVALID, UNRECOGNIZED ->
          violations.add(
              invalid(
                  path + ".type",
                  String.valueOf(constraint.getTypeValue()),
                  "must be CONSTRAINT_TYPE_LABEL, CONSTRAINT_TYPE_AND or CONSTRAINT_TYPE_OR"));
    }
  }

  private static void checkAll(
      String path, List<Constraint> constraints, List<Violation> violations) {
    if (constraints.isEmpty()) {
      violations.add(invalid(path, "no constraints", "at least one is required"));
    }
    for (int i = 0; i < constraints.size(); i++) {
      check(path + "[" + i + "]", constraints.get(i), violations);
    }
  }

  private static void checkLabel(String path, Constraint constraint, List<Violation> violations) {
    String at = path + ".label_constraint";
    if (!constraint.hasLabelConstraint()) {
      violations.add(invalid(at, "none", "CONSTRAINT_TYPE_LABEL needs a label_constraint"));
      return;
    }
    LabelConstraint label = constraint.getLabelConstraint();
    switch (label.getKind()) {
      case LABEL_CONSTRAINT_KIND_POD, LABEL_CONSTRAINT_KIND_HOST -> {}
      case LABEL_CONSTRAINT_KIND_INVALID, UNRECOGNIZED ->
          violations.add(
              invalid(
                  at + ".kind",
                  String.valueOf(label.getKindValue()),
                  "must be LABEL_CONSTRAINT_KIND_POD or LABEL_CONSTRAINT_KIND_HOST"));
    }
    switch (label.getCondition()) {
      case LABEL_CONSTRAINT_CONDITION_LESS_THAN,
          LABEL_CONSTRAINT_CONDITION_EQUAL,
          LABEL_CONSTRAINT_CONDITION_GREATER_THAN -> {}
      case LABEL_CONSTRAINT_CONDITION_INVALID, UNRECOGNIZED ->
          violations.add(
              invalid(
                  at + ".condition",
                  String.valueOf(label.getConditionValue()),
                  "must be LABEL_CONSTRAINT_CONDITION_LESS_THAN, _EQUAL or _GREATER_THAN"));
    }
    if (label.getLabel().getKey().isEmpty()) {
      violations.add(invalid(at + ".label.key", "no key", "name the label to count"));
    }
    if (label.getCondition() == LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_LESS_THAN
        && label.getRequirement() == 0) {
      violations.add(
          invalid(
              at + ".requirement",
              "0 with LABEL_CONSTRAINT_CONDITION_LESS_THAN",
              "no count is less than 0; use 1 for none"));
    }
  }
}
