package peloton.operator.read;

import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Turns the records' Unix nanoseconds into the API's RFC 3339 texts, in UTC. */
final class Times {
  private static final long NANOS = 1_000_000_000L;

  private Times() {}

  /** With nanoseconds; empty for 0, which means "not yet". */
  static String precise(long unixNanos) {
    return unixNanos == 0 ? "" : DateTimeFormatter.ISO_INSTANT.format(instant(unixNanos));
  }

  /** In whole seconds, as events are dated; empty for 0. */
  static String seconds(long unixNanos) {
    return unixNanos == 0
        ? ""
        : DateTimeFormatter.ISO_INSTANT.format(instant(unixNanos).truncatedTo(ChronoUnit.SECONDS));
  }

  /** The time as the records have it. */
  static long unix(InstantSource clock) {
    Instant now = clock.instant();
    return now.getEpochSecond() * NANOS + now.getNano();
  }

  private static Instant instant(long unixNanos) {
    return Instant.ofEpochSecond(Math.floorDiv(unixNanos, NANOS), Math.floorMod(unixNanos, NANOS));
  }
}
