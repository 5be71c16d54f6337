package peloton.operator.query;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Optional;
import peloton.api.v1alpha.peloton.Peloton.TimeRange;
import peloton.desired.ApiException;

/**
 * A span of time in Unix nanoseconds.
 *
 * @param min the first moment of it
 * @param max the first moment after it
 */
record TimeSpan(long min, long max) {
  private static final long EARLIEST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LATEST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
  private static final long SECOND = 1_000_000_000L;

  /**
   * Reads a request's.
   *
   * @throws ApiException INVALID_ARGUMENT if a bound is missing or is no time, or the span ends
   *     before it begins
   */
  static Optional<TimeSpan> read(String field, boolean given, TimeRange range) {
    if (!given) {
      return Optional.empty();
    }
    long min = bound(field + ".min", range.hasMin(), range.getMin());
    long max = bound(field + ".max", range.hasMax(), range.getMax());
    if (max < min) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT,
          field + ": max " + instant(range.getMax()) + " is before min " + instant(range.getMin()));
    }
    return Optional.of(new TimeSpan(min, max));
  }

  boolean contains(long time) {
    return time >= min && time < max;
  }

  private static long bound(String field, boolean given, Timestamp time) {
    if (!given) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT, field + ": a time range needs both min and max");
    }
    if (time.getSeconds() < EARLIEST
        || time.getSeconds() > LATEST
        || time.getNanos() < 0
        || time.getNanos() >= SECOND) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT,
          field
              + ": "
              + time.getSeconds()
              + " s and "
              + time.getNanos()
              + " ns are no time; allowed: the years 1 to 9999, and 0 to 999999999 ns");
    }
    try {
      return Math.addExact(Math.multiplyExact(time.getSeconds(), SECOND), time.getNanos());
    } catch (ArithmeticException beyondRecords) {
      return time.getSeconds() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
