package peloton.command.cluster;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import peloton.api.v1alpha.respool.RespoolSvc.QueryResourcePoolsRequest;
import peloton.command.client.ApiClient;

/**
 * One local cluster. Methods may be called from any thread, one at a time; {@link #close} may be
 * called at any moment, also while {@link #start} runs, and again.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration OPERATOR_GRACE = Duration.ofSeconds(10);
  private static final Duration MESOS_GRACE = Duration.ofSeconds(15);
  private static final Duration ETCD_GRACE = Duration.ofSeconds(10);

  private final ClusterSettings settings;
  private final Ports ports = new Ports(ThreadLocalRandom.current());
  private final int etcdPort;
  private final int etcdPeerPort;
  private final int mesosPort;
  private final int operatorPort;

  private DirectoryLock lock;
  private ChildProcess etcd;
  private ChildProcess mesos;
  private ChildProcess operator;
  private final List<ChildProcess> beside = new ArrayList<>();
  private boolean closed;
  private volatile boolean closing;

  /** Prepares a cluster and chooses its ports; {@link #start} starts it. */
  public LocalCluster(ClusterSettings settings) {
    this.settings = settings;
    this.operatorPort = ports.next(settings.operatorPort());
    this.etcdPort = ports.next(0);
    this.etcdPeerPort = ports.next(0);
    this.mesosPort = ports.next(0);
  }

  /**
   * Starts etcd, the local Mesos and the operator, and returns when the operator answers.
   *
   * @throws ClusterException if one of them does not come up within half a minute
   */
  public void start() {
    takeDirectory();
    startEtcd();
    startMesos();
    startOperator();
  }

  /** Starts etcd and waits until it is healthy. */
  public void startEtcd() {
    takeDirectory();
    Path program = Programs.require("etcd", "etcd-server");
    String client = "http://127.0.0.1:" + etcdPort;
    String peer = "http://127.0.0.1:" + etcdPeerPort;
    List<String> command = ChildProcess.supervised("peloton-etcd");
    command.addAll(
        List.of(
            program.toString(),
            "--name=local",
            "--data-dir=" + directory().resolve("etcd"),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=local=" + peer,
            "--auto-compaction-mode=periodic",
            "--auto-compaction-retention=1h",
            "--log-level=warn"));
    command.addAll(settings.etcdFlags());
    synchronized (this) {
      requireOpen();
      etcd = ChildProcess.start("etcd", directory(), command, Map.of());
    }
    await("etcd", etcd, this::isEtcdHealthy);
  }

  /** Starts the local Mesos and waits until it listens. */
  public void startMesos() {
    synchronized (this) {
      requireOpen();
      mesos = ChildProcess.start("local-mesos", directory(), mesosCommand(), classPath());
    }
    await("local-mesos", mesos, () -> isListening(mesosPort));
  }

  /** Starts the operator and waits until it answers. */
  public void startOperator() {
    launchOperator();
    await("operator", operator, this::isOperatorReady);
  }

  /** Starts the operator and returns at once. */
  public void launchOperator() {
    List<String> command = java("server");
    command.addAll(
        List.of(
            "--listen-host",
            "127.0.0.1",
            "--listen-ports",
            "" + operatorPort,
            "--listen-http-port",
            "0",
            "--etcd-endpoints",
            etcdAddress(),
            "--mesos-masters",
            mesosScheme() + mesosAddress(),
            "--mesos-agent-work-dir",
            mesosWorkDir().toString(),
            "--framework-user",
            System.getProperty("user.name")));
    command.addAll(settings.operatorFlags());
    synchronized (this) {
      requireOpen();
      operator = ChildProcess.start("operator", directory(), command, classPath());
    }
  }

  /**
   * Starts a server of ours beside the cluster, which ends with it, and waits until it listens.
   *
   * @param name of its log
   * @param subcommand of the program, such as {@code bench echo}; gets {@code --port}
   * @return the process, and its host:port
   */
  public Beside startBeside(String name, String... subcommand) {
    int port = ports.next(0);
    List<String> command = java(subcommand);
    command.addAll(List.of("--port", "" + port));
    ChildProcess process;
    synchronized (this) {
      requireOpen();
      process = ChildProcess.start(name, directory(), command, classPath());
      beside.add(process);
    }
    await(name, process, () -> isListening(port));
    return new Beside(process, "127.0.0.1:" + port);
  }

  /** A process that is no part of the cluster. */
  public record Beside(ChildProcess process, String address) {}

  /** Kills the operator with SIGKILL; returns when it is gone. */
  public synchronized void killOperator() {
    operator.kill();
  }

  /** Stops the operator as SIGTERM does; returns when it is gone. */
  public synchronized void stopOperator() {
    operator.stop(OPERATOR_GRACE);
  }

  /** Kills the local Mesos with SIGKILL, which leaves its tasks; returns when it is gone. */
  public synchronized void killMesos() {
    mesos.kill();
  }

  /** Kills etcd with SIGKILL; returns when it is gone. */
  public synchronized void killEtcd() {
    etcd.killTree();
  }

  /** The etcd process (its supervisor). */
  public ChildProcess etcd() {
    return etcd;
  }

  /** The process id of etcd itself. */
  public long etcdPid() {
    return etcd.child("etcd").orElse(etcd.pid());
  }

  /** The local Mesos process. */
  public ChildProcess mesos() {
    return mesos;
  }

  /** The operator process. */
  public ChildProcess operator() {
    return operator;
  }

  /** Where data, logs and pid files are. */
  public Path directory() {
    return settings.directory();
  }

  /** Where the tasks' sandboxes are. */
  public Path mesosWorkDir() {
    return directory().resolve("mesos");
  }

  /** Where the logs are. */
  public Path logs() {
    return directory().resolve("logs");
  }

  /** host:port of the gRPC API. */
  public String operatorAddress() {
    return "127.0.0.1:" + operatorPort;
  }

  /** host:port of etcd's client API. */
  public String etcdAddress() {
    return "127.0.0.1:" + etcdPort;
  }

  /** host:port of the Mesos master. */
  public String mesosAddress() {
    return "127.0.0.1:" + mesosPort;
  }

  /**
   * Fails if a process that was started has ended by itself.
   *
   * @throws ClusterException with the end of its log
   */
  public synchronized void requireAlive() {
    for (ChildProcess process : new ChildProcess[] {etcd, mesos, operator}) {
      if (process != null) {
        process.requireAlive();
      }
    }
  }

  /**
   * Has {@code listener} told, on some other thread, when a process that runs now ends other than
   * by {@link #close}.
   */
  public void onUnexpectedEnd(BiConsumer<String, ChildProcess> listener) {
    tell("operator", operator, listener);
    tell("local-mesos", mesos, listener);
    tell("etcd", etcd, listener);
  }

  private void tell(String name, ChildProcess process, BiConsumer<String, ChildProcess> listener) {
    process.onEnd(
        () -> {
          if (!closing) {
            listener.accept(name, process);
          }
        });
  }

  /** Stops what runs: the operator first, then Mesos with its tasks, then etcd. */
  @Override
  public void close() {
    closing = true;
    stopAll();
  }

  private synchronized void stopAll() {
    if (closed) {
      return;
    }
    closed = true;
    beside.forEach(process -> stop(process, OPERATOR_GRACE));
    stop(operator, OPERATOR_GRACE);
    if (mesos != null && !mesos.isAlive()) {
      endOrphans();
    }
    stop(mesos, MESOS_GRACE);
    stop(etcd, ETCD_GRACE);
    if (lock != null) {
      lock.close();
    }
  }

  /** A local Mesos that was killed leaves its tasks; another one in its folder ends them first. */
  private void endOrphans() {
    mesos = ChildProcess.start("local-mesos", directory(), mesosCommand(), classPath());
    Waiting.until(START_LIMIT, () -> !mesos.isAlive() || isListening(mesosPort));
  }

  private String mesosScheme() {
    return settings.mesosFlags().stream().anyMatch(flag -> flag.startsWith("--tls-cert"))
        ? "https://"
        : "";
  }

  private List<String> mesosCommand() {
    List<String> command = java("local-mesos");
    command.addAll(List.of("--port", "" + mesosPort, "--work-dir", mesosWorkDir().toString()));
    command.addAll(settings.mesosFlags());
    return command;
  }

  private static void stop(ChildProcess process, Duration grace) {
    if (process != null) {
      process.stop(grace);
    }
  }

  /**
   * Takes the folder for this cluster alone until {@link #close}.
   *
   * @throws ClusterException if another process has it
   */
  public synchronized void takeDirectory() {
    requireOpen();
    if (lock == null) {
      lock = DirectoryLock.take(directory());
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new ClusterException("the local cluster is being stopped");
    }
  }

  private List<String> java(String... subcommand) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(settings.javaOptions());
    command.add("peloton.command.Main");
    command.addAll(List.of(subcommand));
    command.add("--exit-with-parent");
    return command;
  }

  /** By a variable, because a class path makes an unreadable line in a list of processes. */
  private static Map<String, String> classPath() {
    return Map.of("CLASSPATH", System.getProperty("java.class.path"));
  }

  private void await(String name, ChildProcess process, BooleanSupplier ready) {
    boolean up =
        Waiting.until(
            START_LIMIT,
            () -> {
              process.requireAlive();
              return ready.getAsBoolean();
            });
    if (!up) {
      throw new ClusterException(
          name + " is not up after " + START_LIMIT.toSeconds() + " s; " + process.lastLines());
    }
  }

  private boolean isEtcdHealthy() {
    if (!isListening(etcdPort)) {
      return false;
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + etcdAddress() + "/health"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.ofString())
          .body()
          .contains("\"true\"");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isOperatorReady() {
    if (!isListening(operatorPort)) {
      return false;
    }
    try (ApiClient client = ApiClient.connect(operatorAddress(), Duration.ofSeconds(2))) {
      client.respools().queryResourcePools(QueryResourcePoolsRequest.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
