package peloton.store.commit;

import java.time.Duration;

/**
 * How a writer commits.
 *
 * @param linger how long an idle writer waits for company before it sends, 0 or more; 0 sends at
 *     once, since what comes in while a transaction is under way goes together anyway
 * @param retryFirst wait before the first repetition of a transaction, greater than 0; doubles
 * @param retryLongest longest wait between repetitions
 */
public record WriterSettings(Duration linger, Duration retryFirst, Duration retryLongest) {

  public WriterSettings {
    if (linger.isNegative()) {
      throw new IllegalArgumentException("linger must not be negative: " + linger);
    }
    if (retryFirst.isNegative() || retryFirst.isZero() || retryLongest.compareTo(retryFirst) < 0) {
      throw new IllegalArgumentException(
          "retries must wait longer than zero and grow: " + retryFirst + " to " + retryLongest);
    }
  }

  public static WriterSettings defaults() {
    return new WriterSettings(Duration.ZERO, Duration.ofMillis(50), Duration.ofSeconds(2));
  }

  public WriterSettings withLinger(Duration time) {
    return new WriterSettings(time, retryFirst, retryLongest);
  }
}
