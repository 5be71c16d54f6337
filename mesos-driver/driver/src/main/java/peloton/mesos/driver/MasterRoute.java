package peloton.mesos.driver;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which master to try next. Configured masters take turns; a redirect is followed at once.
 *
 * <p>The framework and its credential go only to masters that the detector names and to those that
 * such a master redirects to: a redirect from anywhere else is followed only back to a named
 * master. A redirect holds for one subscription, which after its end starts at a named master
 * again. What is spoken to the named masters, TLS or plain HTTP, is spoken to all: a redirect that
 * names the other is refused.
 */
final class MasterRoute {
  private static final int MAX_HOPS = 5;
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";
  private static final String SAME_SCHEME = "//";

  private final MasterDetector detector;
  private final String scheme;
  private Optional<MasterAddress> redirect = Optional.empty();
  private int hops;
  private int turn;

  /**
   * @param secure whether TLS is spoken to masters
   */
  MasterRoute(MasterDetector detector, boolean secure) {
    this.detector = detector;
    this.scheme = secure ? HTTPS : HTTP;
  }

  /** The master to try; empty when none is known. */
  Optional<MasterAddress> next() {
    if (redirect.isPresent()) {
      return redirect;
    }
    List<MasterAddress> masters = detector.masters();
    return masters.isEmpty()
        ? Optional.empty()
        : Optional.of(masters.get(Math.floorMod(turn, masters.size())));
  }

  /** An attempt ended. After a subscription the same configured master comes first again. */
  void ended(boolean wasSubscribed) {
    redirect = Optional.empty();
    hops = 0;
    if (!wasSubscribed) {
      turn++;
    }
  }

  /**
   * Makes {@code location} the next master.
   *
   * @return why it is not followed, or empty when it is
   */
  Optional<String> follow(MasterAddress from, String location) {
    MasterAddress target;
    try {
      target = parse(location);
    } catch (IllegalArgumentException e) {
      return Optional.of(
          from + " redirects to \"" + location + "\", which is not followed: " + e.getMessage());
    }
    if (++hops > MAX_HOPS) {
      return Optional.of(
          from + " redirects to " + target + ": more than " + MAX_HOPS + " redirects in a row");
    }
    List<MasterAddress> configured = detector.masters();
    if (!configured.contains(from) && !configured.contains(target)) {
      return Optional.of(
          from
              + " redirects to "
              + target
              + ", and neither is a configured master: list one of them to allow it");
    }
    redirect = Optional.of(target);
    return Optional.empty();
  }

  /** Reads {@code //host:port/path}, {@code host:port} and {@code scheme://host:port/path}. */
  private MasterAddress parse(String location) {
    String rest = location.strip();
    if (rest.toLowerCase(Locale.ROOT).startsWith(scheme)) {
      rest = rest.substring(scheme.length());
    } else if (rest.startsWith(SAME_SCHEME)) {
      rest = rest.substring(SAME_SCHEME.length());
    } else if (rest.contains("://")) {
      throw new IllegalArgumentException("masters are spoken to as " + scheme + " only");
    }
    int path = rest.indexOf('/');
    return MasterAddress.parse(path < 0 ? rest : rest.substring(0, path));
  }
}
