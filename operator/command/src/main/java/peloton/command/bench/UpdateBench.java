package peloton.command.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import peloton.api.ids.EntityVersion;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowRequest;

/** Measures updates: launches a job, moves it from version to version, and deletes it. */
final class UpdateBench implements Bench {
  private static final double OF_LAUNCH = 0.4;
  private static final double SMALL_SECONDS = 10;
  private static final double HOLD_MILLIS = 200;
  private static final double OF_FORMULA = 1.2;
  private static final long POLL_NANOS = 1_000_000;

  private final UpdatePlan plan;
  private final Stage stage;
  private final Map<String, List<Double>> figures = new LinkedHashMap<>();

  UpdateBench(UpdatePlan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
  }

  @Override
  public String step() {
    return stage.step();
  }

  @Override
  public Outcome run() throws InterruptedException {
    try (stage) {
      Machine machine = stage.startEtcd();
      stage.cluster().startMesos();
      stage.startOperator();
      if (plan.warmUp() > 0) {
        stage.begin("warming up: launching and updating " + plan.warmUp() + " pods");
        Load.Creation job = stage.launch(List.of(plan.warmUp())).creation();
        job = replace("warm-up", job, 2, Math.max(1, plan.warmUp() / 10));
        stage.delete(job);
        figures.clear();
      }
      for (int i = 1; i <= plan.repeat(); i++) {
        String run = "run " + i + " of " + plan.repeat() + ": ";
        large(run);
        if (plan.jobs() > 0) {
          small(run);
        }
      }
      stage.cluster().requireAlive();
      return new Findings(
          plan.fields(),
          machine,
          stage.stolen(),
          metrics(),
          List.of(
              "A rate is pods by the seconds from the first call until the last pod runs;"
                  + " efficiency: pods for each second of the operator's processor time",
              "down: most pods of a job that were not running at one time"),
          "Each pod was replaced once, and never were more of a job down than its batch.",
          stage.witness().violations());
    }
  }

  private void large(String run) throws InterruptedException {
    stage.quiet();
    stage.begin(run + "launching " + plan.pods() + " pods");
    double cpu = operatorSeconds();
    Stage.Launch launch = stage.launch(List.of(plan.pods()));
    double seconds = (stage.witness().endOf(launch.series()) - launch.creation().begun()) / 1e9;
    note("launch", plan.pods(), seconds, operatorSeconds() - cpu);
    Load.Creation job = launch.creation();
    int generation = 2;
    for (int batch : plan.batches()) {
      stage.begin(run + "updating them in batches of " + batch);
      job = replace("batch-" + batch, job, generation++, batch);
    }
    if (!plan.batches().isEmpty()) {
      stage.begin(run + "pausing and aborting an update");
      job = hold(job, generation, Collections.min(plan.batches()));
    }
    stage.delete(job);
  }

  private void small(String run) throws InterruptedException {
    stage.begin(run + "launching " + plan.jobs() + " jobs of " + UpdatePlan.SMALL);
    Load.Creation jobs =
        stage.launch(Collections.nCopies(plan.jobs(), UpdatePlan.SMALL)).creation();
    stage.quiet();
    stage.begin(run + "updating them in batches of " + UpdatePlan.SMALL_BATCH);
    stage.delete(replace("small", jobs, 2, UpdatePlan.SMALL_BATCH));
  }

  /** Updates jobs, waits until they are through, and notes how long it took. */
  private Load.Creation replace(String name, Load.Creation jobs, int generation, int batch)
      throws InterruptedException {
    Witness witness = stage.witness();
    stage.quiet();
    int pods = jobs.jobs().stream().mapToInt(Load.Job::pods).sum();
    double cpu = operatorSeconds();
    witness.begin(targets(jobs), batch);
    Load.Creation replaced = stage.load().replace(jobs, generation, batch);
    await(pods + " pods to be updated", () -> witness.ask(Rollout::complete));
    double used = operatorSeconds() - cpu;
    Map<String, Long> ends = witness.ask(Rollout::ends);
    long end = Collections.max(ends.values());
    note(name, pods, (end - replaced.begun()) / 1e9, used);
    add(name + ".down", witness.ask(Rollout::mostDown));
    double mean =
        replaced.sent().entrySet().stream()
            .mapToDouble(job -> (ends.get(job.getKey()) - job.getValue()) / 1e9)
            .average()
            .orElse(0);
    add(name + ".mean", mean);
    settle();
    return replaced;
  }

  private Map<String, Rollout.Target> targets(Load.Creation jobs) {
    Map<String, Rollout.Target> targets = new LinkedHashMap<>();
    for (Load.Job job : jobs.jobs()) {
      long version = EntityVersion.parse(job.version().getValue()).configuration();
      targets.put(job.id().getValue(), new Rollout.Target(version + 1, job.pods()));
    }
    return targets;
  }

  /** Holds everything against what should be. */
  private void settle() {
    stage.quiet();
    stage.relaunched(stage.witness().ask(Rollout::launched));
    stage.witness().endRollout();
    stage.check();
  }

  /** Pauses an update, resumes it, and aborts it. */
  private Load.Creation hold(Load.Creation jobs, int generation, int batch)
      throws InterruptedException {
    stage.quiet();
    stage.witness().begin(targets(jobs), batch);
    Load.Job job = stage.load().replace(jobs, generation, batch).jobs().get(0);
    var version = job.version();
    awaitDone(plan.pods() / 10);
    long sent = System.nanoTime();
    version =
        stage
            .api()
            .jobs()
            .pauseJobWorkflow(
                PauseJobWorkflowRequest.newBuilder().setJobId(job.id()).setVersion(version).build())
            .getVersion();
    add("pause", effective(sent, "paused"));
    version =
        stage
            .api()
            .jobs()
            .resumeJobWorkflow(
                ResumeJobWorkflowRequest.newBuilder()
                    .setJobId(job.id())
                    .setVersion(version)
                    .build())
            .getVersion();
    awaitDone(stage.witness().ask(Rollout::done) + plan.pods() / 10);
    sent = System.nanoTime();
    version =
        stage
            .api()
            .jobs()
            .abortJobWorkflow(
                AbortJobWorkflowRequest.newBuilder().setJobId(job.id()).setVersion(version).build())
            .getVersion();
    add("abort", effective(sent, "aborted"));
    settle();
    return new Load.Creation(
        jobs.begun(), jobs.sent(), List.of(new Load.Job(job.id(), version, job.pods())));
  }

  /** Milliseconds from a call until the last pod that stopped after it. */
  private double effective(long sent, String what) {
    int done = stage.witness().ask(Rollout::done);
    stage.quiet();
    if (stage.witness().ask(Rollout::complete)) {
      stage.witness().violated("the update was " + what + " and is complete");
    }
    stage.say("  " + what + " after " + done + " pods");
    return Math.max(0, stage.witness().ask(Rollout::lastStop) - sent) / 1e6;
  }

  private void awaitDone(int pods) throws InterruptedException {
    await(pods + " pods to be updated", () -> stage.witness().ask(Rollout::done) >= pods);
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + plan.limit().toNanos();
    while (!condition.getAsBoolean()) {
      stage.cluster().requireAlive();
      if (System.nanoTime() - deadline >= 0) {
        throw new BenchFailure("waited in vain for " + what + "; " + stage.witness().violations());
      }
      // Short, for what is measured next begins when this ends.
      LockSupport.parkNanos(POLL_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private double operatorSeconds() {
    return stage.meter().cpuSeconds().get(Stage.OPERATOR);
  }

  private void note(String name, int pods, double seconds, double cpuSeconds) {
    add(name + ".rate", pods / seconds);
    add(name + ".seconds", seconds);
    add(name + ".efficiency", pods / cpuSeconds);
    stage.say(
        "  "
            + name
            + ": "
            + pods
            + " pods in "
            + Metric.number(seconds)
            + " s: "
            + Metric.number(pods / seconds)
            + " pods/s; operator CPU s: "
            + Metric.number(cpuSeconds));
  }

  private void add(String figure, double value) {
    figures.computeIfAbsent(figure, f -> new ArrayList<>()).add(value);
  }

  private Metric metric(String figure, String unit) {
    return Metric.shown("update." + figure, figures.get(figure), unit);
  }

  private List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    Metric launch = metric("launch.rate", "pods/s");
    Metric launchEfficiency = metric("launch.efficiency", "pods/CPU-s");
    double launchSeconds = metric("launch.seconds", "s").median();
    metrics.add(launch);
    metrics.add(launchEfficiency);
    for (int i = 0; i < plan.batches().size(); i++) {
      String name = "batch-" + plan.batches().get(i);
      Metric rate = metric(name + ".rate", "pods/s").against("launch", launch.median());
      boolean judged = i == 0 && plan.delay().isZero();
      metrics.add(judged ? rate.with(Metric.Goal.atLeast(OF_LAUNCH)) : rate);
      metrics.add(
          metric(name + ".efficiency", "pods/CPU-s").against("launch", launchEfficiency.median()));
      metrics.add(metric(name + ".down", "pods").with(Metric.Goal.atMost(plan.batches().get(i))));
      if (!plan.delay().isZero()) {
        metrics.add(
            metric(name + ".seconds", "s")
                .against("batches x delays + launch", formula(plan.batches().get(i), launchSeconds))
                .with(Metric.Goal.atMost(OF_FORMULA)));
      }
    }
    for (String hold : List.of("pause", "abort")) {
      if (figures.containsKey(hold)) {
        metrics.add(metric(hold, "ms").with(Metric.Goal.atMost(HOLD_MILLIS)));
      }
    }
    if (plan.jobs() > 0) {
      metrics.add(metric("small.mean", "s/job").with(Metric.Goal.atMost(SMALL_SECONDS)));
      metrics.add(metric("small.rate", "pods/s").against("launch", launch.median()));
      metrics.add(metric("small.down", "pods").with(Metric.Goal.atMost(UpdatePlan.SMALL_BATCH)));
    }
    return metrics;
  }

  /** What an update takes if the delays of its batches follow each other and nothing else waits. */
  private double formula(int batch, double launchSeconds) {
    Duration both = plan.delay().multipliedBy(2);
    int batches = (plan.pods() + batch - 1) / batch;
    return batches * both.toMillis() / 1e3 + launchSeconds - plan.delay().toMillis() / 1e3;
  }
}
