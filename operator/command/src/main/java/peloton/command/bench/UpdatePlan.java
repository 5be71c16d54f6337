package peloton.command.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which updates are measured.
 *
 * @param pods of the large job
 * @param batches of its updates, one after the other
 * @param jobs that are small, of {@value #SMALL} pods each, and updated at once in batches of
 *     {@value #SMALL_BATCH}; 0 for none
 * @param hosts simulated agents
 * @param delay of a simulated task's start, and again of its end
 * @param repeat of everything
 * @param warmUp pods that are launched, updated and deleted before anything counts
 * @param allocationInterval of the local Mesos
 * @param limit for each step to be over
 */
record UpdatePlan(
    int pods,
    List<Integer> batches,
    int jobs,
    int hosts,
    Duration delay,
    int repeat,
    int warmUp,
    Duration allocationInterval,
    Duration limit) {
  static final int SMALL = 90;
  static final int SMALL_BATCH = 10;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException that names the option
   */
  UpdatePlan {
    batches = List.copyOf(batches);
    LaunchPlan.within("--pods", pods, 1, 100_000);
    for (int batch : batches) {
      LaunchPlan.within("--batches", batch, 1, pods);
    }
    LaunchPlan.within("--jobs", jobs, 0, 10_000);
    LaunchPlan.within("--hosts", hosts, 1, 100_000);
    LaunchPlan.within("--repeat", repeat, 1, 100);
    LaunchPlan.within("--warm-up", warmUp, 0, 100_000);
  }

  int podsPerHost() {
    return LaunchPlan.room(Math.max(Math.max(pods, warmUp), jobs * SMALL), hosts);
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("pods", pods);
    fields.put("batches", batches);
    fields.put("jobs", jobs);
    fields.put("hosts", hosts);
    fields.put("delayMillis", delay.toMillis());
    fields.put("repeat", repeat);
    fields.put("warmUp", warmUp);
    fields.put("allocationIntervalMillis", allocationInterval.toMillis());
    return fields;
  }
}
