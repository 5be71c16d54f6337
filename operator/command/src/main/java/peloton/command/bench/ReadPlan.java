package peloton.command.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What reads are measured on, and how.
 *
 * @param pods of the large job
 * @param jobs that are small, of {@value #SMALL} pods each
 * @param hosts simulated agents
 * @param callers how many call at once, each number in turn
 * @param only what the names of the measured methods contain; empty for all
 * @param warmUp before the first measurement of each kind
 * @param rounds of each measurement; the operator and its peer take turns
 * @param time of one round
 * @param limit for each other step to be over
 */
record ReadPlan(
    int pods,
    int jobs,
    int hosts,
    List<Integer> callers,
    String only,
    Duration warmUp,
    int rounds,
    Duration time,
    Duration limit) {
  static final int SMALL = 10;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException that names the option
   */
  ReadPlan {
    callers = callers.stream().sorted().distinct().toList();
    LaunchPlan.within("--pods", pods, 1, 100_000);
    LaunchPlan.within("--jobs", jobs, 1, 100_000);
    LaunchPlan.within("--hosts", hosts, 1, 100_000);
    LaunchPlan.within("--rounds", rounds, 1, 1_000);
    for (int each : callers) {
      LaunchPlan.within("--callers", each, 1, 1_000);
    }
  }

  /** The large job, and the small ones. */
  List<Integer> sizes() {
    List<Integer> sizes = new ArrayList<>(List.of(pods));
    sizes.addAll(Collections.nCopies(jobs, SMALL));
    return sizes;
  }

  int podsPerHost() {
    return LaunchPlan.room(pods + jobs * SMALL, hosts);
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("pods", pods);
    fields.put("jobs", jobs);
    fields.put("hosts", hosts);
    fields.put("callers", callers);
    fields.put("only", only);
    fields.put("warmUpMillis", warmUp.toMillis());
    fields.put("rounds", rounds);
    fields.put("timeMillis", time.toMillis());
    return fields;
  }
}
