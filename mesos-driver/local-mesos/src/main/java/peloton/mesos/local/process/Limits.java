package peloton.mesos.local.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.mesos.v1.Protos.RLimitInfo;

/** Resource limits of a process, set by {@code prlimit} before the program begins. Pure. */
final class Limits {

  private static final String PREFIX = "RLMT_";

  private Limits() {}

  /** What is wrong with them; empty when nothing is. */
  static Optional<String> problem(RLimitInfo info) {
    for (var limit : info.getRlimitsList()) {
      if (limit.getType() == RLimitInfo.RLimit.Type.UNKNOWN) {
        return Optional.of("A resource limit is of no known type");
      }
      if (limit.hasSoft() != limit.hasHard()) {
        return Optional.of(
            limit.getType() + ": give both the soft and the hard limit, or none for no limit");
      }
      if (Long.compareUnsigned(limit.getSoft(), limit.getHard()) > 0) {
        return Optional.of(limit.getType() + ": the soft limit is above the hard limit");
      }
    }
    return Optional.empty();
  }

  /** What goes before the command line; nothing without limits. */
  static List<String> prefix(RLimitInfo info) {
    if (info.getRlimitsCount() == 0) {
      return List.of();
    }
    var line = new ArrayList<>(List.of("prlimit"));
    for (var limit : info.getRlimitsList()) {
      String name = limit.getType().name().substring(PREFIX.length()).toLowerCase(Locale.ROOT);
      line.add(
          "--"
              + name
              + "="
              + (limit.hasSoft()
                  ? Long.toUnsignedString(limit.getSoft())
                      + ":"
                      + Long.toUnsignedString(limit.getHard())
                  : "unlimited"));
    }
    return line;
  }
}
