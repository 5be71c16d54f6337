package peloton.command.bench;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import peloton.command.cluster.LocalCluster;

/**
 * Measures launches: first what disk, etcd and Mesos can do by themselves, then what the control
 * plane makes of them. The same processes serve all runs; jobs are deleted in between.
 */
final class LaunchBench implements Bench {
  /** How often a scheduler that stores nothing is measured. */
  private static final int NULL_RUNS = 5;

  private final LaunchPlan plan;
  private final LocalCluster cluster;
  private final Stage stage;

  /**
   * @param cluster not started yet; the caller closes it
   * @param progress hears what is being done
   */
  LaunchBench(LaunchPlan plan, LocalCluster cluster, Consumer<String> progress) {
    this.plan = plan;
    this.cluster = cluster;
    this.stage =
        new Stage(
            cluster,
            new Stage.Settings(plan.limit(), plan.allocationInterval(), plan.podsPerHost()),
            progress);
  }

  @Override
  public String step() {
    return stage.step();
  }

  @Override
  public LaunchResult run() throws InterruptedException {
    try (stage) {
      Machine machine = stage.startEtcd();
      stage.begin("measuring the disk");
      Percentiles disk = DiskProbe.measure(cluster.directory(), plan.calibration());
      stage.begin("measuring etcd");
      EtcdLimits limits = EtcdLimits.measure(stage.etcd(), plan.calibration());
      stage.begin("measuring the local Mesos");
      cluster.startMesos();
      double nullRate = nullScheduler();
      stage.startOperator();
      LaunchResult.Figures figures = new LaunchResult.Figures();
      measure(figures);
      return new LaunchResult(
          plan,
          machine,
          new LaunchResult.Disk(disk.at(50) / 1e6, disk.at(99) / 1e6),
          limits,
          nullRate,
          stage.stolen(),
          figures,
          stage.witness().violations());
    }
  }

  private void measure(LaunchResult.Figures figures) throws InterruptedException {
    if (plan.warmUp() > 0) {
      stage.begin("warming up: launching " + plan.warmUp() + " pods");
      Launched first = launch(plan.warmUp());
      figures.cold().add(first.sample());
      stage.delete(first.creation());
    }
    series(figures.alone());
    if (plan.resident() > 0) {
      stage.begin("filling up: launching " + plan.resident() + " pods");
      Launched filling = launch(plan.resident());
      series(figures.beside());
      // JVMs go on warming up: what is compared is measured before and after.
      stage.delete(filling.creation());
      series(figures.alone());
    }
    cluster.requireAlive();
  }

  private void series(List<Sample> samples) throws InterruptedException {
    for (int i = 1; i <= plan.repeat(); i++) {
      stage.begin("run " + i + " of " + plan.repeat() + ": launching " + plan.pods() + " pods");
      Launched launched = launch(plan.pods());
      samples.add(launched.sample());
      stage.delete(launched.creation());
    }
  }

  private record Launched(Load.Creation creation, Sample sample) {}

  private Launched launch(int pods) throws InterruptedException {
    int resident = stage.standing();
    stage.quiet();
    EtcdMetrics etcdBefore = EtcdMetrics.of(cluster.etcdAddress());
    long bytesBefore = stage.meter().writtenBytes(Stage.ETCD);
    Map<String, Double> cpuBefore = stage.meter().cpuSeconds();
    Stage.Launch launch = stage.launch(plan.sizes(pods));
    Load.Creation creation = launch.creation();
    Map<String, Double> cpu = ProcessMeter.minus(stage.meter().cpuSeconds(), cpuBefore);
    stage.quiet();
    EtcdMetrics etcd = EtcdMetrics.of(cluster.etcdAddress()).minus(etcdBefore);
    long bytes = stage.meter().writtenBytes(Stage.ETCD) - bytesBefore;
    stage.check();
    Witness witness = stage.witness();
    Percentiles times = new Percentiles(witness.latencies(launch.series(), creation.sent()));
    Sample sample =
        new Sample(
            resident,
            pods,
            (witness.endOf(launch.series()) - creation.begun()) / 1e9,
            times.at(50) / 1e6,
            times.at(99) / 1e6,
            etcd.puts(),
            etcd.proposals(),
            bytes,
            etcd.syncs() == 0 ? 0 : etcd.syncSeconds() / etcd.syncs() * 1e3,
            cpu);
    stage.say("  " + Report.line(sample));
    return new Launched(creation, sample);
  }

  /** The best of a few times: the first ones warm the local Mesos and the driver up. */
  private double nullScheduler() throws InterruptedException {
    double best = 0;
    for (int i = 0; i < NULL_RUNS; i++) {
      double rate =
          NullScheduler.measure(cluster.mesosAddress(), plan.pods(), plan.hosts(), plan.limit());
      best = Math.max(best, rate);
      stage.say("  null scheduler: " + Metric.number(rate) + " pods/s");
    }
    return best;
  }
}
