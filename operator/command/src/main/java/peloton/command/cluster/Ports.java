package peloton.command.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Finds ports of 127.0.0.1 that nobody listens on. They come from below the range from which
 * systems take the ports of outgoing connections, so that none is lost between being found and
 * being bound; each is handed out once.
 */
final class Ports {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 200;

  private final RandomGenerator random;
  private final Set<Integer> given = new HashSet<>();

  Ports(RandomGenerator random) {
    this.random = random;
  }

  /**
   * The preferred port if it is free, else another one.
   *
   * @param preferred 0 for no preference
   */
  int next(int preferred) {
    if (preferred != 0 && take(preferred)) {
      return preferred;
    }
    for (int attempt = 0; attempt < TRIES; attempt++) {
      int port = random.nextInt(LOWEST, HIGHEST);
      if (take(port)) {
        return port;
      }
    }
    throw new ClusterException(
        "no free port found between " + LOWEST + " and " + HIGHEST + " after " + TRIES + " tries");
  }

  private boolean take(int port) {
    // Somebody who listens on every address is in the way too, and binding one would not show it.
    if (given.contains(port)
        || !isFree(port, InetAddress.getLoopbackAddress())
        || !isFree(port, null)) {
      return false;
    }
    return given.add(port);
  }

  private static boolean isFree(int port, InetAddress address) {
    try (ServerSocket socket = new ServerSocket(port, 1, address)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
