package peloton.controllers.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import peloton.crds.status.Condition;
import peloton.crds.status.ConditionStatus;
import peloton.crds.status.ConditionType;

/**
 * The conditions of a resource, as kstatus reads them: Ready is always there; Reconciling and
 * Stalled only while they hold, and never both.
 */
public final class Conditions {
  /** The longest message that the definitions let pass. */
  private static final int LONGEST = 32_768;

  private Conditions() {}

  /**
   * The conditions that follow from a verdict.
   *
   * @param before the conditions so far; one whose status stays keeps its time
   * @param generation of the resource that the verdict is about
   */
  public static List<Condition> next(
      List<Condition> before, Verdict verdict, long generation, Instant now) {
    Maker maker = new Maker(before, verdict, generation, now);
    List<Condition> next = new ArrayList<>();
    switch (verdict.reason().situation()) {
      case READY -> next.add(maker.make(ConditionType.Ready, ConditionStatus.True));
      case RECONCILING -> {
        // Before anything is known, not ready would be as wrong as ready.
        next.add(
            maker.make(
                ConditionType.Ready,
                verdict.reason() == Reason.Pending
                    ? ConditionStatus.Unknown
                    : ConditionStatus.False));
        next.add(maker.make(ConditionType.Reconciling, ConditionStatus.True));
      }
      case STALLED -> {
        next.add(maker.make(ConditionType.Ready, ConditionStatus.False));
        next.add(maker.make(ConditionType.Stalled, ConditionStatus.True));
      }
    }
    return List.copyOf(next);
  }

  private record Maker(List<Condition> before, Verdict verdict, long generation, Instant now) {
    Condition make(ConditionType type, ConditionStatus status) {
      String since =
          before.stream()
              .filter(old -> type.name().equals(old.type()) && status.name().equals(old.status()))
              .map(Condition::lastTransitionTime)
              .findFirst()
              .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
      String message = verdict.message();
      return new Condition(
          type.name(),
          status.name(),
          verdict.reason().name(),
          message.length() > LONGEST ? message.substring(0, LONGEST) : message,
          since,
          generation);
    }
  }
}
