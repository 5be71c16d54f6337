package peloton.placement;

import java.util.Objects;

/**
 * How pods are placed.
 *
 * @param strategy which of the hosts that would do is taken
 * @param hostPool the pool of hosts that pods go to unless their constraint names another: only
 *     hosts whose agent has the attribute {@code host_pool} with this value; "" for all hosts
 */
public record PlacementSettings(Strategy strategy, String hostPool) {
  /** Pods are spread over all hosts. */
  public static final PlacementSettings DEFAULT = new PlacementSettings(Strategy.SPREAD, "");

  public PlacementSettings {
    Objects.requireNonNull(strategy);
    Objects.requireNonNull(hostPool);
  }

  /** Which of the hosts that would do is taken. */
  public enum Strategy {
    /** The one with the fewest pods of the same job, among those the one with the fewest pods. */
    SPREAD,
    /** The first that has room, beginning with those that run pods already. */
    PACK
  }
}
