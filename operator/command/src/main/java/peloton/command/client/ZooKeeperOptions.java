package peloton.command.client;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import peloton.command.CommandException;
import picocli.CommandLine.Option;

/**
 * Flags of Peloton's own command that find its leaders in ZooKeeper. Here every replica answers
 * every call and none is registered anywhere, so there is nothing to find: they are known only to
 * say what to do instead.
 */
final class ZooKeeperOptions {
  @Option(
      names = {"-z", "--zkservers"},
      hidden = true)
  private List<String> servers;

  @Option(names = "--zkroot", hidden = true)
  private String root;

  @Option(
      names = {"-e", "--clusterName"},
      hidden = true)
  private String cluster;

  /**
   * Refuses these flags, and the environment that stands for them if nothing else says where the
   * server is.
   */
  void refuse(Map<String, String> environment, boolean serverGiven) {
    String given =
        Stream.of(
                servers == null ? null : "--zkservers",
                root == null ? null : "--zkroot",
                cluster == null ? null : "--clusterName",
                serverGiven || environment.getOrDefault("ZK_SERVERS", "").isBlank()
                    ? null
                    : "$ZK_SERVERS")
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    if (given != null) {
      throw CommandException.usage(
          given
              + " finds no server: servers are not registered in ZooKeeper, and each of them answers"
              + " every call; give the address of one, or a name that leads to all of them, with"
              + " --server or $PELOTON_SERVER");
    }
  }
}
