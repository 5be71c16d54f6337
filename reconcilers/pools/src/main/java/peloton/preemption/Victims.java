package peloton.preemption;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses pods until enough comes free: first those without a task, then revocable ones, then by
 * lower priority, then by later start. Pods that would free nothing of what is missing stay. Jobs
 * keep to the number of pods that they allow to be unavailable as long as others can go instead. At
 * the end those are spared again who turned out not to be needed, the worthiest first.
 */
public final class Victims {
  private Victims() {}

  /**
   * The pods to take, in order.
   *
   * @param firm what pods that are not revocable must give back, in thousandths by kind
   * @param revocable what revocable pods must give back
   * @param ties decides between pods that are alike: the last goes first
   */
  public static <P> List<Candidate<P>> choose(
      List<Candidate<P>> candidates, long[] firm, long[] revocable, Comparator<P> ties) {
    List<Candidate<P>> ordered = new ArrayList<>(candidates);
    ordered.sort(
        Comparator.<Candidate<P>, Boolean>comparing(Candidate::placed)
            .thenComparing(candidate -> !candidate.revocable())
            .thenComparing(Candidate::priority, Integer::compareUnsigned)
            .thenComparing(Comparator.<Candidate<P>>comparingLong(Candidate::since).reversed())
            .thenComparing(Candidate::pod, ties.reversed()));
    long[] firmLeft = firm.clone();
    long[] revocableLeft = revocable.clone();
    Set<Candidate<P>> chosen = new LinkedHashSet<>();
    Map<String, Integer> taken = new HashMap<>();
    for (boolean withinBounds : new boolean[] {true, false}) {
      for (Candidate<P> candidate : ordered) {
        long[] left = candidate.revocable() ? revocableLeft : firmLeft;
        if (chosen.contains(candidate) || !helps(candidate, left)) {
          continue;
        }
        int gone = taken.getOrDefault(candidate.job(), 0);
        if (withinBounds && candidate.placed() && gone >= candidate.room()) {
          continue;
        }
        chosen.add(candidate);
        candidate.need().addTo(left, -1);
        if (candidate.placed()) {
          taken.put(candidate.job(), gone + 1);
        }
      }
    }
    return spare(new ArrayList<>(chosen), firmLeft, revocableLeft);
  }

  private static <P> List<Candidate<P>> spare(
      List<Candidate<P>> chosen, long[] firmLeft, long[] revocableLeft) {
    for (int i = chosen.size() - 1; i >= 0; i--) {
      Candidate<P> candidate = chosen.get(i);
      long[] left = candidate.revocable() ? revocableLeft : firmLeft;
      if (isSpare(candidate, left)) {
        candidate.need().addTo(left, 1);
        chosen.remove(i);
      }
    }
    return chosen;
  }

  private static <P> boolean helps(Candidate<P> candidate, long[] left) {
    for (int kind = 0; kind < left.length; kind++) {
      if (left[kind] > 0 && candidate.need().get(kind) > 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether everything that was covered stays so without this one. */
  private static <P> boolean isSpare(Candidate<P> candidate, long[] left) {
    for (int kind = 0; kind < left.length; kind++) {
      long need = candidate.need().get(kind);
      if (need > 0 && left[kind] + need > 0) {
        return false;
      }
    }
    return true;
  }
}
