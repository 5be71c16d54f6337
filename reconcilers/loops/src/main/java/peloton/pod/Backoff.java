package peloton.pod;

import java.time.Duration;

/**
 * How long a run that failed is followed by nothing: the base, doubled for each further failure, up
 * to a cap.
 *
 * @param base the wait after the first failure
 * @param cap the longest wait
 */
public record Backoff(Duration base, Duration cap) {

  public Backoff {
    if (base.isNegative() || cap.compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "back-off base " + base + " must be positive and at most the cap " + cap);
    }
  }

  /** Peloton's: 30 seconds, doubled up to an hour. */
  public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(60));

  /**
   * The wait after a run ended, in nanoseconds.
   *
   * @param failures failures so far, this one included; 0 means no wait
   */
  public long nanosAfter(int failures) {
    if (failures == 0) {
      return 0;
    }
    double doubled = base.toNanos() * Math.pow(2, failures - 1.0);
    return doubled >= cap.toNanos() ? cap.toNanos() : (long) doubled;
  }
}
