package peloton.store.election;

import java.time.Duration;

/**
 * How leadership is held.
 *
 * @param ttl how long the store keeps the leader key of a leader that is gone, in whole seconds, at
 *     least 2; a leader that hears nothing from the store steps down after two thirds of it
 */
public record ElectionSettings(Duration ttl) {
  private static final Duration SHORTEST = Duration.ofSeconds(2);

  public ElectionSettings {
    if (ttl.compareTo(SHORTEST) < 0 || ttl.toNanosPart() != 0) {
      throw new IllegalArgumentException(
          "the lease's time to live must be a whole number of seconds, at least "
              + SHORTEST.toSeconds()
              + ": "
              + ttl);
    }
  }

  public static ElectionSettings defaults() {
    return new ElectionSettings(Duration.ofSeconds(5));
  }

  /** How often the lease is renewed, and how often a candidate looks again. */
  Duration interval() {
    return ttl.dividedBy(3);
  }

  /** How soon something that failed is tried again. */
  Duration retry() {
    return ttl.dividedBy(12);
  }

  /** How long a renewal is good for, counted from its sending. */
  Duration trust() {
    return ttl.multipliedBy(2).dividedBy(3);
  }
}
