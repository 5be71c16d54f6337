package peloton.mesos.driver;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that double from the shortest to the longest. Each is drawn from the upper half of its
 * range, so that schedulers which lost the same master do not return in step.
 */
final class Backoff {
  private final long shortest;
  private final long longest;
  private final RandomGenerator random;
  private long range;

  Backoff(Duration shortest, Duration longest, RandomGenerator random) {
    this.shortest = shortest.toNanos();
    this.longest = longest.toNanos();
    this.random = random;
    this.range = this.shortest;
  }

  Duration next() {
    Duration pause = jittered(range);
    range = range > longest / 2 ? longest : range * 2;
    return pause;
  }

  /** A pause from the upper half of the given range that leaves the sequence as it is. */
  Duration jittered(Duration of) {
    return jittered(of.toNanos());
  }

  void reset() {
    range = shortest;
  }

  private Duration jittered(long nanos) {
    return Duration.ofNanos(random.nextLong(nanos / 2, nanos + 1));
  }
}
