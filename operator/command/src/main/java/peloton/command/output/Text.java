package peloton.command.output;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** Small conversions of the API's values to what people read. */
public final class Text {
  private Text() {}

  /** {@code POD_STATE_RUNNING} without {@code POD_STATE_}; an unset state is empty. */
  public static String state(Enum<?> value, String prefix) {
    String name = value.name();
    String rest = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    return rest.equals("INVALID") ? "" : rest;
  }

  /** RFC 3339 to the second; what is no such time stays as it is. */
  public static String time(String rfc3339) {
    if (rfc3339.isEmpty()) {
      return "";
    }
    try {
      return Instant.ofEpochSecond(Instant.parse(rfc3339).getEpochSecond()).toString();
    } catch (DateTimeException e) {
      return rfc3339;
    }
  }

  /** Hours, minutes and seconds between two RFC 3339 times; empty unless both are times. */
  public static String between(String start, String end) {
    try {
      Duration time = Duration.between(Instant.parse(start), Instant.parse(end));
      long seconds = Math.max(0, time.getSeconds());
      return String.format("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    } catch (DateTimeException e) {
      return "";
    }
  }

  /** A number to three decimals, without needless ones. */
  public static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
