package peloton.store.etcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A real etcd of one member on free ports of 127.0.0.1, with a data folder of its own, for
 * integration tests. It can be killed, stopped and started again on the same data and port. Its log
 * is {@code etcd.log} beside the data.
 */
public final class EtcdProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LOWEST_PORT = 15_000;
  private static final int HIGHEST_PORT = 30_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final String scheme;
  private final List<String> flags;
  private final int clientPort;
  private final int peerPort;
  private Process process;

  private EtcdProcess(
      Path folder, String scheme, List<String> flags, int clientPort, int peerPort) {
    this.folder = folder;
    this.scheme = scheme;
    this.flags = flags;
    this.clientPort = clientPort;
    this.peerPort = peerPort;
  }

  /** Starts one in a temporary folder and waits until it is healthy. */
  public static EtcdProcess start(String... flags) {
    EtcdProcess etcd = prepare(flags);
    etcd.restart();
    return etcd;
  }

  /** Starts one that serves TLS, and waits until its port is open. */
  public static EtcdProcess startWithTls(String... flags) {
    EtcdProcess etcd = prepare("https", flags);
    etcd.launch();
    etcd.await(etcd::isListening);
    return etcd;
  }

  /** Chooses ports and a folder for one that is not started yet. */
  public static EtcdProcess prepare(String... flags) {
    return prepare("http", flags);
  }

  private static EtcdProcess prepare(String scheme, String... flags) {
    try (ServerSocket client = freePort();
        ServerSocket peer = freePort()) {
      return new EtcdProcess(
          Files.createTempDirectory("etcd"),
          scheme,
          List.of(flags),
          client.getLocalPort(),
          peer.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A port below those that the kernel gives to outgoing connections: while etcd is away, a client
   * that tries and tries could otherwise be given the very port that it calls, and reach itself.
   */
  private static ServerSocket freePort() throws IOException {
    for (int attempt = 0; ; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
      } catch (BindException e) {
        if (attempt == 100) {
          throw e;
        }
      }
    }
  }

  /** {@code host:port} for clients. */
  public String endpoint() {
    return "127.0.0.1:" + clientPort;
  }

  public long pid() {
    return process.pid();
  }

  public Path log() {
    return folder.resolve("etcd.log");
  }

  /** Starts it again, on the data that it left, and waits until it is healthy. */
  public void restart() {
    launch();
    await(this::isHealthy);
  }

  /** Starts it and does not wait. */
  public void launch() {
    List<String> command = new ArrayList<>();
    command.add("etcd");
    command.addAll(
        List.of(
            "--name=test",
            "--data-dir=" + folder.resolve("data"),
            "--listen-client-urls=" + scheme + "://" + endpoint(),
            "--advertise-client-urls=" + scheme + "://" + endpoint(),
            "--listen-peer-urls=http://127.0.0.1:" + peerPort,
            "--initial-advertise-peer-urls=http://127.0.0.1:" + peerPort,
            "--initial-cluster=test=http://127.0.0.1:" + peerPort));
    command.addAll(flags);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("ETCD_"));
    builder.environment().putAll(Map.of("GOMAXPROCS", "2"));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "etcd cannot be started; install it (Debian: apt-get install etcd-server)", e);
    }
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM, and waits until it is gone. */
  public void stop() {
    process.destroy();
    awaitEnd();
  }

  /** SIGSTOP: the port is open, but nobody answers. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() {
    signal("CONT");
  }

  /** Deletes the data, as a restored or replaced machine would have it. */
  public void wipe() {
    delete(folder.resolve("data"));
  }

  /** Ends it and deletes its folder. */
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      awaitEnd();
    }
    delete(folder);
  }

  private void await(BooleanSupplier ready) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("etcd does not get ready; its log is " + log());
      }
      pause();
    }
  }

  private boolean isListening() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isHealthy() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + endpoint() + "/health"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body().contains("true");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, "" + pid()).start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("kill -" + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("etcd does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static void delete(Path path) {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
