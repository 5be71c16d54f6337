package peloton.loop;

import java.time.Duration;

/**
 * What can be tuned of resource pools.
 *
 * @param patience how long pods that fit may go before one that waits and does not; after that,
 *     room is kept for it
 * @param hold how long a pool must have had more than it may keep before pods are taken from it:
 *     the longer, the less a demand that comes and goes makes pods move
 */
public record PoolSettings(Duration patience, Duration hold) {
  /** The defaults of a production cluster. */
  public static final PoolSettings DEFAULT =
      new PoolSettings(Duration.ofMinutes(1), Duration.ofSeconds(30));
}
