package peloton.mesos.local.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.Filters;
import peloton.mesos.local.resources.Resources;

/**
 * What one framework does not want to see for a while, by role and agent. An offer is held back
 * when a refusal covers all of it; more than what was refused is offered again.
 */
final class Refusals {

  private static final double DEFAULT_SECONDS = Filters.getDefaultInstance().getRefuseSeconds();
  private static final double MOST_SECONDS = Duration.ofDays(365).toSeconds();

  private final Map<String, Map<String, List<Refusal>>> byRole = new HashMap<>();

  private record Refusal(Resources resources, long until) {}

  /**
   * @param now monotonic nanoseconds
   * @param atLeast the allocation interval: a shorter refusal would never hold anything back
   */
  void add(
      String role,
      String agentId,
      Resources resources,
      Filters filters,
      long now,
      Duration atLeast) {
    double seconds = filters.getRefuseSeconds();
    if (seconds == 0 || resources.isEmpty()) {
      return;
    }
    if (!(seconds >= 0)) {
      seconds = DEFAULT_SECONDS;
    }
    long nanos = Math.max(atLeast.toNanos(), (long) (Math.min(seconds, MOST_SECONDS) * 1e9));
    byRole
        .computeIfAbsent(role, any -> new HashMap<>())
        .computeIfAbsent(agentId, any -> new ArrayList<>(1))
        .add(new Refusal(resources, now + nanos));
  }

  /** Whether an offer of {@code resources} would be unwelcome now. */
  boolean cover(String role, String agentId, Resources resources, long now) {
    var byAgent = byRole.get(role);
    var refusals = byAgent == null ? null : byAgent.get(agentId);
    if (refusals == null) {
      return false;
    }
    refusals.removeIf(refusal -> refusal.until() - now <= 0);
    if (refusals.isEmpty()) {
      byAgent.remove(agentId);
    }
    return refusals.stream().anyMatch(refusal -> refusal.resources().contains(resources));
  }

  void clear(String role) {
    byRole.remove(role);
  }

  void clear() {
    byRole.clear();
  }
}
