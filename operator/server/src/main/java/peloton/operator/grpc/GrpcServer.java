package peloton.operator.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The API on the network: one server on one or several ports, all alike. */
public final class GrpcServer implements AutoCloseable {
  /** Largest request, in bytes: above the largest valid spec, so that validation can say so. */
  static final int MAX_REQUEST = 4 << 20;

  /** How often clients may ping; what common clients use is 20 s and more. */
  private static final int CLIENT_PING_SECONDS = 15;

  /** How soon a client that vanished without a word is noticed. */
  private static final int SERVER_PING_SECONDS = 60;

  private static final int MAX_CALLS_PER_CONNECTION = 4000;

  private final Server server;
  private final ExecutorService executor;

  private GrpcServer(Server server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * Where and how to serve.
   *
   * @param ports 0 is any free one
   * @param reflection whether clients may ask for the API's schema
   * @param tls stays open as long as the server runs
   */
  public record Settings(String host, List<Integer> ports, boolean reflection, ServerTls tls) {
    public Settings {
      ports = List.copyOf(ports);
    }
  }

  /**
   * Binds every port.
   *
   * @param outermost sees every call first, and its status last
   * @throws IOException if a port cannot be bound; none is bound then
   */
  public static GrpcServer start(
      Settings settings, ApiServices services, ServerInterceptor outermost, BindableService health)
      throws IOException {
    String host = settings.host();
    List<Integer> ports = settings.ports();
    ExecutorService executor =
        Executors.newFixedThreadPool(
            Math.max(4, Runtime.getRuntime().availableProcessors()),
            task -> {
              Thread thread = new Thread(task, "grpc-calls");
              thread.setDaemon(true);
              return thread;
            });
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(host, ports.get(0)), settings.tls().credentials());
    ports.stream()
        .skip(1)
        .forEach(port -> builder.addListenAddress(new InetSocketAddress(host, port)));
    builder
        .executor(executor)
        .maxInboundMessageSize(MAX_REQUEST)
        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
        .permitKeepAliveTime(CLIENT_PING_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(SERVER_PING_SECONDS, TimeUnit.SECONDS);
    try {
      return new GrpcServer(
          services
              .addTo(builder, health, settings.reflection())
              .intercept(outermost)
              .build()
              .start(),
          executor);
    } catch (IOException e) {
      executor.shutdown();
      throw new IOException(
          "cannot listen at " + host + ", ports " + ports + ": " + e.getMessage(), e);
    }
  }

  /** The ports that are bound, in the order in which they were asked for. */
  public List<Integer> ports() {
    return server.getListenSockets().stream().map(GrpcServer::port).toList();
  }

  private static int port(SocketAddress address) {
    return ((InetSocketAddress) address).getPort();
  }

  /** Takes no more calls and lets those in hand finish, for a while; then cuts them off. */
  public void stop(Duration patience) {
    server.shutdown();
    try {
      if (!server.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    executor.shutdown();
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
