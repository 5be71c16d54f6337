package peloton.operator.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.mesos.v1.Protos.TaskState;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.loop.LoopMeter;
import peloton.loop.LoopMeter.Count;
import peloton.loop.LoopMeter.Level;
import peloton.store.commit.WriterStats;
import peloton.store.view.JobEntry;
import peloton.store.view.View;
import peloton.store.view.ViewStats;

/**
 * The replica's own series. Their values are asked for when Prometheus does; nothing is kept up to
 * date for it.
 */
public final class OperatorSeries implements MeterBinder {
  private static final double NANOS = 1e9;

  private final Sources sources;

  /**
   * Where values come from.
   *
   * @param viewStats what the view has been through
   * @param leading whether this replica leads
   * @param written what the writer of the current term has done; empty while not leading
   * @param watches how many watches are open
   * @param version this program's
   */
  public record Sources(
      View view,
      Supplier<ViewStats> viewStats,
      LoopMeter loops,
      BooleanSupplier leading,
      Supplier<Optional<WriterStats>> written,
      IntSupplier watches,
      String version) {}

  public OperatorSeries(Sources sources) {
    this.sources = sources;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("peloton.build", () -> 1)
        .description("Always 1; the label tells the version")
        .tag("version", sources.version())
        .register(registry);
    bindView(registry);
    bindCluster(registry);
    bindLoops(registry);
    bindMesos(registry);
    bindWriter(registry);
    gauge(registry, "peloton.watches", "Watches that are open", s -> s.watches().getAsInt());
  }

  private void bindView(MeterRegistry registry) {
    gauge(
        registry,
        "peloton.view.revision",
        "Revision of etcd that this replica's records are at",
        s -> s.view().revision());
    seconds(
        registry,
        "peloton.view.staleness",
        "Time since etcd was last heard of",
        s -> s.view().staleness().toNanos() / NANOS);
    counter(
        registry,
        "peloton.view.changes",
        "Records applied from the watch",
        s -> s.viewStats().get().changes());
    counter(
        registry,
        "peloton.view.repairs",
        "Records that a comparison with etcd found different: the watch lost a change",
        s -> s.viewStats().get().repairs());
    counter(
        registry,
        "peloton.view.unreadable",
        "Records in etcd that could not be read",
        s -> s.viewStats().get().unreadable());
    counter(
        registry,
        "peloton.view.loads",
        "Complete readings of etcd",
        s -> s.viewStats().get().loads());
  }

  private void bindCluster(MeterRegistry registry) {
    for (JobState state : JobState.values()) {
      if (state != JobState.UNRECOGNIZED && state != JobState.JOB_STATE_INVALID) {
        Gauge.builder("peloton.jobs", sources, s -> jobs(s, state))
            .description("Jobs by state")
            .tag("state", word(state.name(), "JOB_STATE_"))
            .register(registry);
      }
    }
    for (PodState state : PodState.values()) {
      if (state != PodState.UNRECOGNIZED && state != PodState.POD_STATE_INVALID) {
        Gauge.builder("peloton.pods", sources, s -> pods(s, state))
            .description("Pods that were launched at least once, by state of their current run")
            .tag("state", word(state.name(), "POD_STATE_"))
            .register(registry);
      }
    }
    gauge(
        registry,
        "peloton.pods.desired",
        "Instances of all jobs whose goal is to run",
        OperatorSeries::desiredPods);
  }

  private void bindLoops(MeterRegistry registry) {
    gauge(registry, "peloton.leader", "1 on the replica that leads", s -> leads(s) ? 1 : 0);
    counted(registry, Count.RECONCILIATIONS, "peloton.loop.reconciliations", "Jobs reconciled");
    counted(
        registry,
        Count.FAILURES,
        "peloton.loop.failures",
        "Jobs that could not be reconciled; more than 0 is a defect");
    counted(registry, Count.TURNS, "peloton.loop.turns", "Turns of the control thread");
    FunctionCounter.builder(
            "peloton.loop.busy", sources, s -> s.loops().count(Count.BUSY_NANOS) / NANOS)
        .description("Time that the control thread was busy")
        .baseUnit("seconds")
        .register(registry);
    gauge(
        registry,
        "peloton.loop.queue",
        "Turns that wait for the control thread",
        s -> s.loops().level(Level.QUEUED_TURNS));
    gauge(
        registry,
        "peloton.placement.waiting",
        "Pods that wait for a place",
        s -> s.loops().level(Level.WAITING_PODS));
  }

  private void bindMesos(MeterRegistry registry) {
    gauge(
        registry,
        "peloton.mesos.subscribed",
        "1 while Mesos has this framework subscribed through this replica",
        s -> s.loops().level(Level.SUBSCRIBED));
    gauge(
        registry,
        "peloton.mesos.offers.held",
        "Agents whose offers are held",
        s -> s.loops().level(Level.HELD_AGENTS));
    counted(
        registry, Count.SUBSCRIPTIONS, "peloton.mesos.subscriptions", "Subscriptions that stood");
    counted(registry, Count.OFFERS_RECEIVED, "peloton.mesos.offers.received", "Offers that came");
    counted(registry, Count.OFFERS_DECLINED, "peloton.mesos.offers.declined", "Offers sent back");
    counted(
        registry, Count.OFFERS_RESCINDED, "peloton.mesos.offers.rescinded", "Offers taken back");
    counted(registry, Count.LAUNCHES, "peloton.mesos.launches", "Tasks that Mesos was told to run");
    counted(
        registry,
        Count.LAUNCHES_LOST,
        "peloton.mesos.launches.lost",
        "Launches that were stored and never sent, since offers or pods were gone by then");
    counted(registry, Count.KILLS, "peloton.mesos.kills", "Kills sent, repeated ones included");
    counted(
        registry,
        Count.ACKNOWLEDGEMENTS,
        "peloton.mesos.acknowledgements",
        "Statuses acknowledged");
    counted(registry, Count.ORPHANS, "peloton.mesos.orphans", "Tasks that no pod owned; killed");
    for (TaskState state : TaskState.values()) {
      FunctionCounter.builder("peloton.mesos.updates", sources, s -> s.loops().updates(state))
          .description("Status updates that came, by the task's state")
          .tag("state", word(state.name(), "TASK_"))
          .register(registry);
    }
  }

  private void bindWriter(MeterRegistry registry) {
    written(
        registry,
        "peloton.writer.queued",
        "Mutations of this term that are not yet in etcd",
        WriterStats::queued);
    written(
        registry,
        "peloton.writer.transactions",
        "Transactions committed in this term",
        WriterStats::transactions);
    Gauge.builder(
            "peloton.writer.latency",
            sources,
            s -> s.written().get().map(w -> w.lastLatency().toNanos() / NANOS).orElse(0.0))
        .description("Time that the last transaction of this term took")
        .baseUnit("seconds")
        .register(registry);
  }

  private void written(
      MeterRegistry registry, String name, String help, ToDoubleFunction<WriterStats> value) {
    gauge(registry, name, help, s -> s.written().get().map(value::applyAsDouble).orElse(0.0));
  }

  private void counted(MeterRegistry registry, Count count, String name, String help) {
    counter(registry, name, help, s -> s.loops().count(count));
  }

  private void counter(
      MeterRegistry registry, String name, String help, ToDoubleFunction<Sources> value) {
    FunctionCounter.builder(name, sources, value).description(help).register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String help, ToDoubleFunction<Sources> value) {
    Gauge.builder(name, sources, value).description(help).register(registry);
  }

  private void seconds(
      MeterRegistry registry, String name, String help, ToDoubleFunction<Sources> value) {
    Gauge.builder(name, sources, value).description(help).baseUnit("seconds").register(registry);
  }

  private static boolean leads(Sources sources) {
    return sources.leading().getAsBoolean();
  }

  private static long jobs(Sources sources, JobState state) {
    return sources.view().records().jobs().stream().filter(job -> state(job) == state).count();
  }

  /** A job of which the loops have said nothing yet is as good as initialized. */
  private static JobState state(JobEntry job) {
    JobState state = job.status().getState();
    return state == JobState.JOB_STATE_INVALID ? JobState.JOB_STATE_INITIALIZED : state;
  }

  private static long pods(Sources sources, PodState state) {
    return sources.view().records().jobs().stream().mapToLong(job -> job.podsIn(state)).sum();
  }

  private static long desiredPods(Sources sources) {
    return sources.view().records().jobs().stream()
        .filter(job -> job.goal() != null && job.goal().getGoal() == JobState.JOB_STATE_RUNNING)
        .map(JobEntry::currentSpec)
        .mapToLong(spec -> spec == null ? 0 : spec.getInstanceCount())
        .sum();
  }

  private static String word(String name, String prefix) {
    return name.substring(prefix.length()).toLowerCase(Locale.ROOT);
  }
}
