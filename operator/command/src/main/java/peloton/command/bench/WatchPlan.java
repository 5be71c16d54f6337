package peloton.command.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which watches are measured.
 *
 * @param watchers numbers of them, each in turn, each watcher on a connection of its own
 * @param stalled watchers that do not read, beside the largest number of those that do
 * @param pods of the job that is watched
 * @param rounds of each measurement; the operator and etcd take turns
 * @param time of one round
 * @param limit for each other step to be over
 */
record WatchPlan(
    List<Integer> watchers, int stalled, int pods, int rounds, Duration time, Duration limit) {
  static final int HOSTS = 10;
  private static final int MOST_RATE = 200;
  private static final int DELIVERIES = 50_000;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException that names the option
   */
  WatchPlan {
    watchers = watchers.stream().sorted().distinct().toList();
    for (int each : watchers) {
      LaunchPlan.within("--watchers", each, 1, 5_000);
    }
    LaunchPlan.within("--stalled", stalled, 0, 1_000);
    LaunchPlan.within("--pods", pods, 1, 10_000);
    LaunchPlan.within("--rounds", rounds, 1, 100);
  }

  /** Changes a second for so many watchers. */
  static int rate(int watchers) {
    return Math.max(1, Math.min(MOST_RATE, DELIVERIES / watchers));
  }

  int most() {
    return watchers.get(watchers.size() - 1);
  }

  int podsPerHost() {
    return LaunchPlan.room(pods, HOSTS);
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("watchers", watchers);
    fields.put("stalled", stalled);
    fields.put("pods", pods);
    fields.put("rounds", rounds);
    fields.put("timeMillis", time.toMillis());
    return fields;
  }
}
