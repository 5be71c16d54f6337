package peloton.store.etcd;

import java.net.URI;
import java.net.URISyntaxException;

/** One member of the etcd cluster. */
record Endpoint(String host, int port) {

  /**
   * Reads {@code host:port}; a leading {@code http://} or {@code https://} is let pass, since
   * people copy addresses from etcd's own flags.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static Endpoint parse(String given) {
    String address = given.strip().replaceFirst("^https?://", "");
    try {
      URI uri = new URI("etcd", address, null, null, null).parseServerAuthority();
      if (uri.getHost() != null && uri.getPort() > 0 && uri.getUserInfo() == null) {
        return new Endpoint(uri.getHost().replaceAll("^\\[|]$", ""), uri.getPort());
      }
    } catch (URISyntaxException e) {
      // Falls through: the message below says more.
    }
    throw new IllegalArgumentException(
        "etcd endpoint: \"" + given + "\" given; host:port is needed, such as 127.0.0.1:2379");
  }

  /** As TLS and HTTP/2 name it. */
  String authority() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
