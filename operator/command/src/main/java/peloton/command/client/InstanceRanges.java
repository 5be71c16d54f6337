package peloton.command.client;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.command.CommandException;

/** Ranges of instances as people write and read them. */
public final class InstanceRanges {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})?:(\\d{1,9})?");

  private InstanceRanges() {}

  /**
   * Reads {@code FROM:TO}, TO not included; either may be left out.
   *
   * @param option named in the error
   * @throws CommandException if it has another form, or holds no instance
   */
  public static InstanceIDRange parse(String option, String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || text.equals(":")) {
      throw CommandException.usage(option + " must be FROM:TO, e.g. 0:10, found \"" + text + "\"");
    }
    int from = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
    int to = matcher.group(2) == null ? Integer.MAX_VALUE : Integer.parseInt(matcher.group(2));
    if (to <= from) {
      throw CommandException.usage(
          option + " holds no instance: from " + from + " up to, not including, " + to);
    }
    return InstanceIDRange.newBuilder().setFrom(from).setTo(to).build();
  }

  /** The first and the last instance of each range, e.g. {@code 0-2, 5}; empty without any. */
  public static String show(List<InstanceIDRange> ranges) {
    return ranges.stream()
        .map(
            range ->
                range.getTo() - range.getFrom() <= 1
                    ? Integer.toUnsignedString(range.getFrom())
                    : Integer.toUnsignedString(range.getFrom())
                        + "-"
                        + Integer.toUnsignedString(range.getTo() - 1))
        .collect(Collectors.joining(", "));
  }

  /** How many instances the ranges hold. */
  public static long count(List<InstanceIDRange> ranges) {
    return ranges.stream()
        .mapToLong(
            range ->
                Integer.toUnsignedLong(range.getTo()) - Integer.toUnsignedLong(range.getFrom()))
        .sum();
  }
}
