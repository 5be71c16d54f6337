package peloton.command.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** A Kubernetes API server as a process that ends with this one. */
public final class ApiServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Path directory;
  private final List<String> arguments;
  private final int port;
  private ChildProcess process;

  /**
   * Chooses a port; {@link #start} starts it.
   *
   * @param directory gets its log and pid file
   * @param arguments the program and its flags but for those of the port
   */
  public ApiServerProcess(Path directory, List<String> arguments) {
    this.directory = directory;
    this.arguments = List.copyOf(arguments);
    this.port = new Ports(ThreadLocalRandom.current()).next(0);
  }

  /** Its port at 127.0.0.1. */
  public int port() {
    return port;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @throws ClusterException if it is not within a minute
   */
  public void start(BooleanSupplier ready) {
    List<String> command = ChildProcess.supervised("peloton-kube-apiserver");
    command.addAll(arguments);
    command.addAll(List.of("--bind-address=127.0.0.1", "--secure-port=" + port));
    process = ChildProcess.start("kube-apiserver", directory, command, Map.of());
    boolean up =
        Waiting.until(
            START_LIMIT,
            () -> {
              process.requireAlive();
              return ready.getAsBoolean();
            });
    if (!up) {
      throw new ClusterException(
          "kube-apiserver is not up after "
              + START_LIMIT.toSeconds()
              + " s; "
              + process.lastLines());
    }
  }

  /** Kills it with SIGKILL. */
  public void kill() {
    process.killTree();
  }

  @Override
  public void close() {
    if (process != null) {
      process.stop(GRACE);
    }
  }
}
