package peloton.controllers.spec;

import java.util.List;
import java.util.function.Function;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.Pod;
import peloton.crds.pod.Constraint;
import peloton.crds.pod.InnerConstraint;
import peloton.crds.pod.LabelCondition;
import peloton.crds.pod.LabelConstraint;
import peloton.crds.pod.LabelKind;

/** Placement constraints. */
final class ConstraintMapper {
  private final Problems problems;

  ConstraintMapper(Problems problems) {
    this.problems = problems;
  }

  Pod.Constraint map(String path, Constraint given) {
    return one(path, given.label(), given.and(), given.or(), this::inner);
  }

  private Pod.Constraint inner(String path, InnerConstraint given) {
    return one(path, given.label(), given.and(), given.or(), this::label);
  }

  private <T> Pod.Constraint one(
      String path, LabelConstraint label, List<T> and, List<T> or, Mapper<T> part) {
    int kinds = (label == null ? 0 : 1) + (and.isEmpty() ? 0 : 1) + (or.isEmpty() ? 0 : 1);
    if (kinds != 1) {
      problems.add(path, kinds + " of label, and, or", "must be exactly one of them");
    }
    if (label != null) {
      return label(path + ".label", label);
    }
    Pod.Constraint.Builder constraint = Pod.Constraint.newBuilder();
    if (!and.isEmpty()) {
      constraint
          .setType(Pod.Constraint.Type.CONSTRAINT_TYPE_AND)
          .getAndConstraintBuilder()
          .addAllConstraints(all(path + ".and", and, part));
    } else if (!or.isEmpty()) {
      constraint
          .setType(Pod.Constraint.Type.CONSTRAINT_TYPE_OR)
          .getOrConstraintBuilder()
          .addAllConstraints(all(path + ".or", or, part));
    }
    return constraint.build();
  }

  private static <T> List<Pod.Constraint> all(String path, List<T> given, Mapper<T> part) {
    return Paths.each(path, given, (at, each) -> part.map(at, each));
  }

  private Pod.Constraint label(String path, LabelConstraint given) {
    Pod.LabelConstraint.Builder label = Pod.LabelConstraint.newBuilder();
    problems
        .constant(LabelKind.class, path + ".kind", given.kind())
        .map(kind())
        .ifPresent(label::setKind);
    problems
        .constant(LabelCondition.class, path + ".condition", given.condition())
        .map(condition())
        .ifPresent(label::setCondition);
    label
        .setRequirement(Given.number(given.requirement()))
        .setLabel(
            Peloton.Label.newBuilder()
                .setKey(Given.text(given.key()))
                .setValue(Given.text(given.value())));
    return Pod.Constraint.newBuilder()
        .setType(Pod.Constraint.Type.CONSTRAINT_TYPE_LABEL)
        .setLabelConstraint(label)
        .build();
  }

  private static Function<LabelKind, Pod.LabelConstraint.Kind> kind() {
    return kind ->
        switch (kind) {
          case Pod -> Pod.LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_POD;
          case Host -> Pod.LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_HOST;
        };
  }

  private static Function<LabelCondition, Pod.LabelConstraint.Condition> condition() {
    return condition ->
        switch (condition) {
          case LessThan -> Pod.LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_LESS_THAN;
          case Equal -> Pod.LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_EQUAL;
          case GreaterThan -> Pod.LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_GREATER_THAN;
        };
  }

  /** Maps a part of a constraint that stands at a path. */
  private interface Mapper<T> {
    Pod.Constraint map(String path, T given);
  }
}
