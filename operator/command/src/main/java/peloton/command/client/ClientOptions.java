package peloton.command.client;

import io.grpc.ChannelCredentials;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import peloton.command.CommandException;
import peloton.command.output.Format;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that every client subcommand takes, after its name or before the first word. */
public final class ClientOptions {
  static final String DEFAULT_SERVER = "localhost:5392";
  private static final Metadata.Key<String> FORCE_OWNER =
      Metadata.Key.of("peloton-force", Metadata.ASCII_STRING_MARSHALLER);

  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

  @Option(
      names = {"-s", "--server"},
      paramLabel = "HOST:PORT",
      description = "The server's address; default $PELOTON_SERVER, else " + DEFAULT_SERVER + ".")
  private String server;

  @Option(
      names = {"-m", "--jobmgr"},
      hidden = true)
  private String jobManager;

  @Option(
      names = {"-v", "--resmgr"},
      hidden = true)
  private String resourceManager;

  @Option(
      names = {"-u", "--hostmgr"},
      hidden = true)
  private String hostManager;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long one call may take, e.g. 500ms, 20s, 2m; default $TIMEOUT, else 20s.")
  private Duration timeout;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table (default), json or yaml.")
  private Format format;

  @Option(
      names = {"-j", "--json"},
      description = "The same as --output=json.")
  private boolean json;

  @Mixin private TlsOptions tls = new TlsOptions();
  @Mixin private LoginOptions login = new LoginOptions();
  @Mixin private ZooKeeperOptions zooKeeper = new ZooKeeperOptions();

  @Option(
      names = "--force-owner",
      description =
          "Also write what belongs to a Kubernetes resource, whose controller will put things right"
              + " again.")
  private boolean forceOwner;

  /** These options, with those of {@code outer} where these are silent. */
  Resolved resolve(ClientOptions outer, Map<String, String> environment) {
    Optional<String> address =
        Stream.of(addresses(), outer.addresses(), addresses(environment))
            .flatMap(List::stream)
            .filter(text -> !text.isBlank())
            .findFirst();
    zooKeeper.refuse(environment, address.isPresent());
    outer.zooKeeper.refuse(environment, address.isPresent());
    Duration limit =
        Optional.ofNullable(timeout)
            .or(() -> Optional.ofNullable(outer.timeout))
            .or(() -> timeout(environment))
            .orElse(DEFAULT_TIMEOUT);
    if (limit.isZero()) {
      throw CommandException.usage("--timeout must be more than nothing");
    }
    Format output =
        Optional.ofNullable(json || outer.json ? Format.JSON : format)
            .or(() -> Optional.ofNullable(outer.format))
            .orElse(Format.TABLE);
    return new Resolved(
        requireAddress(address.orElse(DEFAULT_SERVER)),
        tls.resolve(outer.tls, environment),
        withForce(login.resolve(outer.login, environment), forceOwner || outer.forceOwner),
        limit,
        output);
  }

  private static Optional<Duration> timeout(Map<String, String> environment) {
    String text = environment.getOrDefault("TIMEOUT", "").strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new DurationConverter().convert(text));
    } catch (TypeConversionException malformed) {
      throw CommandException.usage("$TIMEOUT: " + malformed.getMessage());
    }
  }

  /**
   * Peloton's own command knows an address for each of its three servers. Here one server, behind
   * every address, does the work of all three.
   */
  private List<String> addresses() {
    return Stream.of(server, jobManager, resourceManager, hostManager)
        .filter(Objects::nonNull)
        .toList();
  }

  private static List<String> addresses(Map<String, String> environment) {
    return Stream.of("PELOTON_SERVER", "JOBMGR_URL", "RESMGR_URL", "HOSTMGR_URL")
        .map(environment::get)
        .filter(Objects::nonNull)
        .toList();
  }

  private static String requireAddress(String address) {
    int colon = address.lastIndexOf(':');
    if (colon > 0 && address.substring(colon + 1).matches("\\d{1,5}")) {
      int port = Integer.parseInt(address.substring(colon + 1));
      if (port >= 1 && port <= 65535) {
        return address.toLowerCase(Locale.ROOT);
      }
    }
    throw CommandException.usage(
        "the server's address must be HOST:PORT with a port from 1 to 65535, found \""
            + address
            + "\"");
  }

  private static Metadata withForce(Metadata headers, boolean force) {
    if (force) {
      headers.put(FORCE_OWNER, "true");
    }
    return headers;
  }

  /** What is in force. */
  record Resolved(
      String server, ChannelCredentials tls, Metadata login, Duration timeout, Format format) {}
}
