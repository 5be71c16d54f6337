package peloton.mesos.driver;

import java.util.Locale;
import java.util.Objects;

/**
 * Where a Mesos master listens. Hosts are kept in lower case and without the brackets of an IPv6
 * literal.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
public record MasterAddress(String host, int port) {

  /** The port of a Mesos master when none is given. */
  public static final int DEFAULT_PORT = 5050;

  /** Checks and normalises the host. */
  public MasterAddress {
    Objects.requireNonNull(host, "host");
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    host = host.toLowerCase(Locale.ROOT);
    if (host.isEmpty() || !host.chars().allMatch(MasterAddress::isHostCharacter)) {
      throw new IllegalArgumentException(
          "\"" + host + "\" is no host of a Mesos master: give a name or an address");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "port " + port + " of the Mesos master at " + host + " is not from 1 to 65535");
    }
  }

  /**
   * Reads {@code host}, {@code host:port} or {@code [ipv6]:port}.
   *
   * @throws IllegalArgumentException when the text is none of these
   */
  public static MasterAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[");
    if (colon < 0 || (bracketed && colon < text.indexOf(']'))) {
      return new MasterAddress(text, DEFAULT_PORT);
    }
    if (!bracketed && text.indexOf(':') != colon) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no address of a Mesos master: write IPv6 as [address]:port");
    }
    String port = text.substring(colon + 1);
    if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no address of a Mesos master: give host:port, port 1 to 65535");
    }
    return new MasterAddress(text.substring(0, colon), Integer.parseInt(port));
  }

  private static boolean isHostCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_'
        || c == ':'
        || c == '%';
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
