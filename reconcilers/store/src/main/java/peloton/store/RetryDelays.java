package peloton.store;

import java.time.Duration;

/** How long to wait before each try of something that keeps failing: doubling, up to a limit. */
public final class RetryDelays {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  /**
   * @param first the delay after the first failure, greater than 0
   * @param longest the delay that is not exceeded, at least {@code first}
   */
  public RetryDelays(Duration first, Duration longest) {
    if (first.isZero() || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "delays must be greater than zero and grow: " + first + " to " + longest);
    }
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** The delay after one more failure. */
  public Duration next() {
    Duration delay = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
    return delay;
  }

  /** Begins anew, after a success. */
  public void reset() {
    next = first;
  }
}
