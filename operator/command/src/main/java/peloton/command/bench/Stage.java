package peloton.command.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import peloton.command.client.ApiClient;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;
import peloton.store.view.Keyspace;

/**
 * A cluster with its client and its witness, and the steps that benches are made of. What runs is
 * known, and held against what etcd and Mesos say.
 */
final class Stage implements AutoCloseable {
  static final String OPERATOR = "operator";
  static final String ETCD = "etcd";
  static final String MESOS = "local Mesos";
  static final String BENCH = "bench";

  private static final Duration CALL_LIMIT = Duration.ofSeconds(30);

  /** So long nothing may be written before etcd counts as quiet; longer than a pod settles. */
  private static final long QUIET_MILLIS = 600;

  private final LocalCluster cluster;
  private final Consumer<String> progress;
  private final Settings settings;
  private final double loadBefore = Machine.loadNow();
  private final Machine.Ticks ticks = Machine.ticks();
  private final Map<String, Integer> standing = new LinkedHashMap<>();

  private String step = "preparing";
  private ManagedChannel etcd;
  private ApiClient api;
  private Witness witness;
  private Load load;
  private ProcessMeter meter;
  private long launchesBefore;
  private long launchesWanted;

  /**
   * What the steps need to know.
   *
   * @param limit for each step to be over
   * @param allocationInterval of the local Mesos
   * @param podsPerHost most pods that a host has room for
   */
  record Settings(Duration limit, Duration allocationInterval, int podsPerHost) {}

  /** Jobs that were launched together, and what the witness saw of it. */
  record Launch(Load.Creation creation, Witness.Series series) {}

  /**
   * @param cluster not started yet; the caller closes it
   * @param progress hears what is being done
   */
  Stage(LocalCluster cluster, Settings settings, Consumer<String> progress) {
    this.cluster = cluster;
    this.settings = settings;
    this.progress = progress;
  }

  LocalCluster cluster() {
    return cluster;
  }

  Witness witness() {
    return witness;
  }

  Load load() {
    return load;
  }

  ApiClient api() {
    return api;
  }

  /** What each process has used. */
  ProcessMeter meter() {
    return meter;
  }

  /** A connection to etcd. */
  ManagedChannel etcd() {
    return etcd;
  }

  /** What is being done, for a message. */
  String step() {
    return step;
  }

  /** Says what is being done from now on. */
  void begin(String doing) {
    step = doing;
    progress.accept(doing + " ...");
  }

  /** Says something. */
  void say(String line) {
    progress.accept(line);
  }

  /** The part of the processors' time that the hypervisor took away since the beginning. */
  double stolen() {
    return Machine.ticks().stolenSince(ticks);
  }

  /** Starts etcd, and says on what machine. */
  Machine startEtcd() {
    begin("starting etcd");
    cluster.startEtcd();
    etcd =
        NettyChannelBuilder.forTarget("dns:///" + cluster.etcdAddress())
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .directExecutor()
            .build();
    Machine machine = Machine.here(loadBefore, etcdVersion());
    progress.accept(machine.toString());
    return machine;
  }

  /** Starts the operator after Mesos, and begins to watch what they do. */
  void startOperator() {
    begin("starting the operator");
    cluster.startOperator();
    launchesBefore = MesosMetrics.launched(cluster.mesosAddress());
    Map<String, Long> pids = new LinkedHashMap<>();
    pids.put(OPERATOR, cluster.operator().pid());
    pids.put(ETCD, cluster.etcdPid());
    pids.put(MESOS, cluster.mesos().pid());
    pids.put(BENCH, ProcessHandle.current().pid());
    meter = new ProcessMeter(pids);
    api = ApiClient.connect(cluster.operatorAddress(), CALL_LIMIT);
    witness = new Witness(etcd, new Keyspace(Keyspace.DEFAULT_PREFIX));
    load = new Load(api);
  }

  /** Pods that should be there. */
  int standing() {
    return standing.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Launches jobs of these sizes at once, and waits until all their pods run. */
  Launch launch(List<Integer> sizes) throws InterruptedException {
    int pods = sizes.stream().mapToInt(Integer::intValue).sum();
    Witness.Series series = witness.expect(pods);
    Load.Creation creation = load.create(sizes);
    standing.putAll(creation.pods());
    launchesWanted += pods;
    long deadline = System.nanoTime() + settings.limit().toNanos();
    while (!Witness.await(series, Duration.ofSeconds(1))) {
      cluster.requireAlive();
      if (System.nanoTime() - deadline >= 0) {
        throw new BenchFailure(
            witness.seen(series)
                + " of "
                + pods
                + " pods run after "
                + settings.limit().toSeconds()
                + " s; "
                + witness.violations());
      }
    }
    return new Launch(creation, series);
  }

  /** Notes that so many more launches were asked for than those of {@link #launch}. */
  void relaunched(int pods) {
    launchesWanted += pods;
  }

  /** Everything that should run runs, once, and Mesos was told of nothing else. */
  void check() {
    witness.inspect(standing, settings.podsPerHost());
    long launched = MesosMetrics.launched(cluster.mesosAddress()) - launchesBefore;
    if (launched != launchesWanted) {
      witness.violated(
          "Mesos has launched " + launched + " tasks, and " + launchesWanted + " were asked for");
    }
  }

  /** Deletes jobs and waits until nothing of them is left. */
  void delete(Load.Creation creation) {
    String before = step;
    step = "deleting jobs";
    witness.deleting(true);
    load.delete(creation.jobs());
    creation.pods().keySet().forEach(standing::remove);
    int left = standing();
    if (!Waiting.until(settings.limit(), () -> witness.pods() == left)) {
      throw new BenchFailure(
          witness.pods() + " pods are there after a deletion that should leave " + left);
    }
    quiet();
    witness.deleting(false);
    step = before;
  }

  /** Waits until etcd writes nothing more and all that is free was offered again. */
  void quiet() {
    long[] last = {-1, System.nanoTime()};
    long patience =
        Math.max(
            TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS), settings.allocationInterval().toNanos());
    boolean still =
        Waiting.until(
            settings.limit(),
            () -> {
              long puts = (long) EtcdMetrics.of(cluster.etcdAddress()).puts();
              long now = System.nanoTime();
              if (puts != last[0]) {
                last[0] = puts;
                last[1] = now;
              }
              return now - last[1] >= patience;
            });
    if (!still) {
      throw new BenchFailure(
          "etcd is still written to after " + settings.limit().toSeconds() + " s");
    }
  }

  private String etcdVersion() {
    String json = EtcdMetrics.get("http://" + cluster.etcdAddress() + "/version");
    try {
      return new ObjectMapper().readTree(json).path("etcdserver").asText();
    } catch (JsonProcessingException e) {
      throw new BenchFailure("etcd's version cannot be read: " + e, e);
    }
  }

  /** Lets go of the connections; the cluster runs on. */
  @Override
  public void close() {
    if (load != null) {
      load.close();
      witness.close();
      api.close();
    }
    if (etcd != null) {
      etcd.shutdownNow();
    }
  }
}
