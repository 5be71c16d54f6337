package peloton.operator.read;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.PodRecord;
import peloton.store.view.JobEntry;

/**
 * How a job's instances spread over states and over the versions that they count as running. Mostly
 * read off the view's counters; a walk over the pods is made only while pods count as being on
 * another version than their record says, and once for each revision of the job.
 */
final class PodStats {
  private static final PodState[] STATES = PodState.values();

  private final IdentityCache<JobEntry, Latest> walks = new IdentityCache<>(job -> new Latest());

  private static final class Latest {
    private long revision = -1;
    private Map<Long, Map<PodState, Integer>> counts = Map.of();
  }

  /** By version, then state; no zeros. Instances that were never launched are counted, too. */
  NavigableMap<Long, Map<PodState, Integer>> of(JobEntry job, CurrentJob current) {
    NavigableMap<Long, Map<PodState, Integer>> stats = new TreeMap<>();
    recorded(job).forEach((version, states) -> stats.put(version, new TreeMap<>(states)));
    Map<PodState, Integer> unlaunched = new Unlaunched(job, current).counts();
    if (!unlaunched.isEmpty()) {
      Map<PodState, Integer> states =
          stats.computeIfAbsent(
              current.goal().getConfigurationVersion(), version -> new TreeMap<>());
      unlaunched.forEach((state, count) -> states.merge(state, count, Integer::sum));
    }
    return stats;
  }

  private Map<Long, Map<PodState, Integer>> recorded(JobEntry job) {
    Latest latest = walks.get(job);
    synchronized (latest) {
      long revision = job.revision();
      if (latest.revision == revision) {
        return latest.counts;
      }
      NavigableMap<Long, Map<PodState, Integer>> counters = job.podCounts().byVersion();
      VersionIndex versions = new VersionIndex(job);
      if (counters.keySet().stream().allMatch(version -> version >= versions.newest())) {
        return counters;
      }
      latest.counts = walk(job, versions);
      latest.revision = revision;
      return latest.counts;
    }
  }

  /** Neighbours are mostly on one version, so its row is at hand. */
  private static Map<Long, Map<PodState, Integer>> walk(JobEntry job, VersionIndex versions) {
    Map<Long, int[]> rows = new HashMap<>();
    long version = -1;
    int[] row = {};
    for (int instance = 0; instance < job.pods().bound(); instance++) {
      PodRecord pod = job.pods().get(instance);
      if (pod == null) {
        continue;
      }
      long current = versions.current(instance, pod);
      if (current != version) {
        version = current;
        row = rows.computeIfAbsent(current, v -> new int[STATES.length]);
      }
      row[pod.getState() == PodState.UNRECOGNIZED ? 0 : pod.getState().ordinal()]++;
    }
    Map<Long, Map<PodState, Integer>> counts = new HashMap<>();
    rows.forEach((v, numbers) -> counts.put(v, counts(numbers)));
    return counts;
  }

  private static Map<PodState, Integer> counts(int[] numbers) {
    Map<PodState, Integer> counts = new EnumMap<>(PodState.class);
    for (int state = 0; state < numbers.length; state++) {
      if (numbers[state] > 0) {
        counts.put(STATES[state], numbers[state]);
      }
    }
    return counts;
  }
}
