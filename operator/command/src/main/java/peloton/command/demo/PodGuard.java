package peloton.command.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import peloton.api.ids.PodName;

/**
 * Judges one census after another while a job is rolled over: no pod may be alive twice, and never
 * may fewer pods be alive than the batch leaves. A breach counts when two censuses in a row show
 * it, because one alone may have caught a process between two states.
 */
final class PodGuard {
  private final int atLeast;

  private Set<PodName> doubledBefore = Set.of();
  private boolean fewBefore;
  private int fewest = Integer.MAX_VALUE;
  private int samples;

  /**
   * A guard of one rollout.
   *
   * @param atLeast how many pods must be alive at any time
   */
  PodGuard(int atLeast) {
    this.atLeast = atLeast;
  }

  /** Takes one census; returns what is wrong, if anything is. */
  Optional<String> judge(List<LiveTask> census) {
    samples++;
    Map<PodName, Set<String>> runs = new HashMap<>();
    for (LiveTask task : census) {
      runs.computeIfAbsent(task.pod().name(), unused -> new TreeSet<>()).add(task.pod().toString());
    }
    Set<PodName> doubled =
        runs.entrySet().stream()
            .filter(entry -> entry.getValue().size() > 1)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    Optional<PodName> twice = doubled.stream().filter(doubledBefore::contains).findFirst();
    boolean few = runs.size() < atLeast;
    boolean lost = few && fewBefore;
    if (!few || lost) {
      fewest = Math.min(fewest, runs.size());
    }
    doubledBefore = doubled;
    fewBefore = few;
    if (twice.isPresent()) {
      return Optional.of("pod " + twice.get() + " runs twice: " + runs.get(twice.get()));
    }
    return lost
        ? Optional.of(
            "only " + runs.size() + " pods are alive, of which at least " + atLeast + " must be")
        : Optional.empty();
  }

  /** How few pods were alive at the worst moment. */
  int fewest() {
    return fewest;
  }

  /** How many censuses were judged. */
  int samples() {
    return samples;
  }
}
