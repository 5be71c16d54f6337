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
 * Measures launches: first what disk, etcd and Mesos can do by themselves, then what the control
 * plane makes of them. The same processes serve all runs; jobs are deleted in between.
 */
final class LaunchBench {
  static final String OPERATOR = "operator";
  static final String ETCD = "etcd";
  static final String MESOS = "local Mesos";
  static final String BENCH = "bench";

  /** How often a scheduler that stores nothing is measured. */
  private static final int NULL_RUNS = 5;

  private static final Duration CALL_LIMIT = Duration.ofSeconds(30);

  /** So long nothing may be written before etcd counts as quiet; longer than a pod settles. */
  private static final long QUIET_MILLIS = 600;

  private final LaunchPlan plan;
  private final LocalCluster cluster;
  private final Consumer<String> progress;

  private String step = "preparing";
  private Witness witness;
  private Load load;
  private ProcessMeter meter;
  private long launchesBefore;
  private long launchesWanted;
  private final Map<String, Integer> standing = new LinkedHashMap<>();

  /**
   * @param cluster not started yet; the caller closes it
   * @param progress hears what is being done
   */
  LaunchBench(LaunchPlan plan, LocalCluster cluster, Consumer<String> progress) {
    this.plan = plan;
    this.cluster = cluster;
    this.progress = progress;
  }

  /** What is being done, for a message. */
  String step() {
    return step;
  }

  /**
   * Measures.
   *
   * @throws BenchFailure if it cannot be done
   */
  LaunchResult run() throws InterruptedException {
    double loadBefore = Machine.loadNow();
    Machine.Ticks ticks = Machine.ticks();
    begin("starting etcd");
    cluster.startEtcd();
    Machine machine = Machine.here(loadBefore, etcdVersion());
    progress.accept(machine.toString());
    begin("measuring the disk");
    Percentiles disk = DiskProbe.measure(cluster.directory(), plan.calibration());
    ManagedChannel channel = etcdChannel();
    try {
      begin("measuring etcd");
      EtcdLimits limits = EtcdLimits.measure(channel, plan.calibration());
      begin("measuring the local Mesos");
      cluster.startMesos();
      double nullRate = nullScheduler();
      begin("starting the operator");
      cluster.startOperator();
      LaunchResult.Figures figures = new LaunchResult.Figures();
      measure(channel, figures);
      return new LaunchResult(
          plan,
          machine,
          new LaunchResult.Disk(disk.at(50) / 1e6, disk.at(99) / 1e6),
          limits,
          nullRate,
          Machine.ticks().stolenSince(ticks),
          figures,
          witness.violations());
    } finally {
      channel.shutdownNow();
    }
  }

  private void measure(ManagedChannel channel, LaunchResult.Figures figures)
      throws InterruptedException {
    launchesBefore = MesosMetrics.launched(cluster.mesosAddress());
    Map<String, Long> pids = new LinkedHashMap<>();
    pids.put(OPERATOR, cluster.operator().pid());
    pids.put(ETCD, cluster.etcdPid());
    pids.put(MESOS, cluster.mesos().pid());
    pids.put(BENCH, ProcessHandle.current().pid());
    meter = new ProcessMeter(pids);
    try (ApiClient api = ApiClient.connect(cluster.operatorAddress(), CALL_LIMIT);
        Witness watching = new Witness(channel, new Keyspace(Keyspace.DEFAULT_PREFIX));
        Load client = new Load(api)) {
      witness = watching;
      load = client;
      if (plan.warmUp() > 0) {
        begin("warming up: launching " + plan.warmUp() + " pods");
        Launched first = launch(plan.warmUp());
        figures.cold().add(first.sample());
        delete(first.creation());
      }
      series(figures.alone());
      if (plan.resident() > 0) {
        begin("filling up: launching " + plan.resident() + " pods");
        Launched filling = launch(plan.resident());
        series(figures.beside());
        // JVMs go on warming up: what is compared is measured before and after.
        delete(filling.creation());
        series(figures.alone());
      }
      cluster.requireAlive();
    }
  }

  private void series(List<Sample> samples) throws InterruptedException {
    for (int i = 1; i <= plan.repeat(); i++) {
      begin("run " + i + " of " + plan.repeat() + ": launching " + plan.pods() + " pods");
      Launched launched = launch(plan.pods());
      samples.add(launched.sample());
      delete(launched.creation());
    }
  }

  private record Launched(Load.Creation creation, Sample sample) {}

  private Launched launch(int pods) throws InterruptedException {
    int resident = standing.values().stream().mapToInt(Integer::intValue).sum();
    quiet();
    EtcdMetrics etcdBefore = EtcdMetrics.of(cluster.etcdAddress());
    long bytesBefore = meter.writtenBytes(ETCD);
    Map<String, Double> cpuBefore = meter.cpuSeconds();
    Witness.Series series = witness.expect(pods);
    Load.Creation creation = load.create(plan.sizes(pods));
    standing.putAll(creation.pods());
    launchesWanted += pods;
    awaitRunning(series, pods);
    Map<String, Double> cpu = ProcessMeter.minus(meter.cpuSeconds(), cpuBefore);
    quiet();
    EtcdMetrics etcd = EtcdMetrics.of(cluster.etcdAddress()).minus(etcdBefore);
    long bytes = meter.writtenBytes(ETCD) - bytesBefore;
    check();
    Percentiles times = new Percentiles(witness.latencies(series, creation.sent()));
    Sample sample =
        new Sample(
            resident,
            pods,
            (witness.endOf(series) - creation.begun()) / 1e9,
            times.at(50) / 1e6,
            times.at(99) / 1e6,
            etcd.puts(),
            etcd.proposals(),
            bytes,
            etcd.syncs() == 0 ? 0 : etcd.syncSeconds() / etcd.syncs() * 1e3,
            cpu);
    progress.accept("  " + Report.line(sample));
    return new Launched(creation, sample);
  }

  private void awaitRunning(Witness.Series series, int pods) throws InterruptedException {
    long deadline = System.nanoTime() + plan.limit().toNanos();
    while (!Witness.await(series, Duration.ofSeconds(1))) {
      cluster.requireAlive();
      if (System.nanoTime() - deadline >= 0) {
        throw new BenchFailure(
            witness.seen(series)
                + " of "
                + pods
                + " pods run after "
                + plan.limit().toSeconds()
                + " s; "
                + witness.violations());
      }
    }
  }

  /** Everything that should run runs, once, and Mesos was told of nothing else. */
  private void check() {
    witness.inspect(standing, plan.podsPerHost());
    long launched = MesosMetrics.launched(cluster.mesosAddress()) - launchesBefore;
    if (launched != launchesWanted) {
      witness.violated(
          "Mesos has launched " + launched + " tasks, and " + launchesWanted + " were asked for");
    }
  }

  private void delete(Load.Creation creation) {
    String before = step;
    step = "deleting jobs";
    witness.deleting(true);
    load.delete(creation.jobs());
    creation.pods().keySet().forEach(standing::remove);
    int left = standing.values().stream().mapToInt(Integer::intValue).sum();
    if (!Waiting.until(plan.limit(), () -> witness.pods() == left)) {
      throw new BenchFailure(
          witness.pods() + " pods are there after a deletion that should leave " + left);
    }
    quiet();
    witness.deleting(false);
    step = before;
  }

  /** Waits until etcd writes nothing more and all that is free was offered again. */
  private void quiet() {
    long[] last = {-1, System.nanoTime()};
    long patience =
        Math.max(TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS), plan.allocationInterval().toNanos());
    boolean still =
        Waiting.until(
            plan.limit(),
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
      throw new BenchFailure("etcd is still written to after " + plan.limit().toSeconds() + " s");
    }
  }

  /** The best of a few times: the first ones warm the local Mesos and the driver up. */
  private double nullScheduler() throws InterruptedException {
    double best = 0;
    for (int i = 0; i < NULL_RUNS; i++) {
      double rate =
          NullScheduler.measure(cluster.mesosAddress(), plan.pods(), plan.hosts(), plan.limit());
      best = Math.max(best, rate);
      progress.accept("  null scheduler: " + Metric.number(rate) + " pods/s");
    }
    return best;
  }

  private String etcdVersion() {
    String json = EtcdMetrics.get("http://" + cluster.etcdAddress() + "/version");
    try {
      return new ObjectMapper().readTree(json).path("etcdserver").asText();
    } catch (JsonProcessingException e) {
      throw new BenchFailure("etcd's version cannot be read: " + e, e);
    }
  }

  private ManagedChannel etcdChannel() {
    return NettyChannelBuilder.forTarget("dns:///" + cluster.etcdAddress())
        .usePlaintext()
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .directExecutor()
        .build();
  }

  private void begin(String doing) {
    step = doing;
    progress.accept(doing + " ...");
  }
}
