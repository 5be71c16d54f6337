package peloton.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import peloton.api.v1alpha.pod.Pod.Constraint;
import peloton.api.v1alpha.pod.Pod.LabelConstraint;

/**
 * A pod's constraint, read once.
 *
 * <p>A constraint is a formula over counts: how often a label occurs among the host's own labels,
 * or among those of the pods that run there. Both kinds may stand beside each other below an AND or
 * an OR, which mean what they say.
 */
sealed interface Rule {

  /** Where labels are counted. */
  enum Kind {
    HOST,
    POD
  }

  /** How a count is compared with the requirement. */
  enum Condition {
    LESS_THAN,
    EQUAL,
    GREATER_THAN;

    boolean holds(long count, long requirement) {
      return switch (this) {
        case LESS_THAN -> count < requirement;
        case EQUAL -> count == requirement;
        case GREATER_THAN -> count > requirement;
      };
    }
  }

  /** Compares the occurrences of one label with a number. */
  record Count(Kind kind, Label label, Condition condition, long requirement) implements Rule {
    /** No more pods than none, whatever their number is compared with. */
    boolean meansNone() {
      return (condition == Condition.EQUAL && requirement == 0)
          || (condition == Condition.LESS_THAN && requirement == 1);
    }

    boolean meansSome() {
      return condition == Condition.GREATER_THAN && requirement == 0;
    }

    @Override
    public String toString() {
      if (kind == Kind.HOST && label.key().equals(Label.HOSTNAME) && (meansSome() || isOne())) {
        return "host named " + label.value();
      }
      String of = kind == Kind.HOST ? "host label " + label : "pods with label " + label;
      if (meansNone()) {
        return kind == Kind.HOST ? "no " + of : "no " + of + " on the host";
      }
      if (kind == Kind.HOST && (meansSome() || isOne())) {
        return of;
      }
      String words =
          switch (condition) {
            case LESS_THAN -> "fewer than ";
            case EQUAL -> "exactly ";
            case GREATER_THAN -> "more than ";
          };
      return words + requirement + (kind == Kind.HOST ? " times " : " ") + of;
    }

    private boolean isOne() {
      return condition == Condition.EQUAL && requirement == 1;
    }
  }

  /** Holds if all do. */
  record All(List<Rule> rules) implements Rule {
    public All {
      rules = List.copyOf(rules);
    }

    @Override
    public String toString() {
      return rules.stream().map(Rule::toString).collect(Collectors.joining(" and "));
    }
  }

  /** Holds if one does. */
  record Any(List<Rule> rules) implements Rule {
    public Any {
      rules = List.copyOf(rules);
    }

    @Override
    public String toString() {
      return rules.stream().map(Rule::toString).collect(Collectors.joining(" or ", "(", ")"));
    }
  }

  /** Holds nowhere: what cannot be read must not be taken for consent. */
  record Never(String why) implements Rule {
    @Override
    public String toString() {
      return why;
    }
  }

  /** The parts that must all hold, in their order; none if the pod may go anywhere. */
  static List<Rule> parts(Constraint constraint) {
    return parts(of(constraint));
  }

  private static List<Rule> parts(Rule rule) {
    if (!(rule instanceof All all)) {
      return List.of(rule);
    }
    List<Rule> parts = new ArrayList<>();
    all.rules().forEach(one -> parts.addAll(parts(one)));
    return List.copyOf(parts);
  }

  private static Rule of(Constraint constraint) {
    return switch (constraint.getType()) {
      case CONSTRAINT_TYPE_LABEL -> of(constraint.getLabelConstraint());
      case CONSTRAINT_TYPE_AND -> new All(all(constraint.getAndConstraint().getConstraintsList()));
      case CONSTRAINT_TYPE_OR -> new Any(all(constraint.getOrConstraint().getConstraintsList()));
      case CONSTRAINT_TYPE_INVALID, UNRECOGNIZED ->
          new Never("a constraint of unknown type " + constraint.getTypeValue());
    };
  }

  private static List<Rule> all(List<Constraint> constraints) {
    return constraints.stream().map(Rule::of).toList();
  }

  private static Rule of(LabelConstraint constraint) {
    Label label = new Label(constraint.getLabel().getKey(), constraint.getLabel().getValue());
    Kind kind =
        switch (constraint.getKind()) {
          case LABEL_CONSTRAINT_KIND_HOST -> Kind.HOST;
          case LABEL_CONSTRAINT_KIND_POD -> Kind.POD;
          case LABEL_CONSTRAINT_KIND_INVALID, UNRECOGNIZED -> null;
        };
    Condition condition =
        switch (constraint.getCondition()) {
          case LABEL_CONSTRAINT_CONDITION_LESS_THAN -> Condition.LESS_THAN;
          case LABEL_CONSTRAINT_CONDITION_EQUAL -> Condition.EQUAL;
          case LABEL_CONSTRAINT_CONDITION_GREATER_THAN -> Condition.GREATER_THAN;
          case LABEL_CONSTRAINT_CONDITION_INVALID, UNRECOGNIZED -> null;
        };
    if (kind == null || condition == null) {
      return new Never("a constraint on " + label + " of unknown kind or condition");
    }
    return new Count(kind, label, condition, Integer.toUnsignedLong(constraint.getRequirement()));
  }

  /** Every comparison in the rule. */
  default void forEachCount(Consumer<Count> visitor) {
    if (this instanceof Count count) {
      visitor.accept(count);
    } else if (this instanceof All all) {
      all.rules().forEach(rule -> rule.forEachCount(visitor));
    } else if (this instanceof Any any) {
      any.rules().forEach(rule -> rule.forEachCount(visitor));
    }
  }
}
