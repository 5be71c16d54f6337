package peloton.command.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import peloton.command.output.Table;

/** Says what was measured, to people and to programs. */
final class Report {
  /** A scheduler without a store must be so many times as fast, or the simulation is the limit. */
  static final double SIMULATION_MARGIN = 3;

  private static final double RATE = 1_000;
  private static final double PUTS = 2.1;
  private static final double PROPOSALS = 0.05;
  private static final double OF_SINGLE_PUTS = 0.5;
  private static final double OF_BATCHED_PUTS = 0.2;
  private static final double GROWTH = 0.9;

  private Report() {}

  /** One run in one line. */
  static String line(Sample sample) {
    List<String> cpu = new ArrayList<>();
    sample.cpuSeconds().forEach((role, seconds) -> cpu.add(role + " " + Metric.number(seconds)));
    return sample.pods()
        + " pods in "
        + Metric.number(sample.seconds())
        + " s: "
        + Metric.number(sample.rate())
        + " pods/s; CPU s: "
        + String.join(", ", cpu);
  }

  /** The report for people, with its METRIC lines. */
  static List<String> text(LaunchResult result) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Machine   " + result.machine());
    if (result.machine().load() > Machine.QUIET) {
      lines.add("          BUSY: something else ran; the figures are lower than they could be");
    }
    lines.add(
        "Disk      fdatasync p50 "
            + Metric.number(result.disk().p50Millis())
            + " ms, p99 "
            + Metric.number(result.disk().p99Millis())
            + " ms; stolen CPU "
            + Metric.number(result.stolen() * 100)
            + " %");
    lines.add(
        "etcd      alone "
            + Metric.number(result.etcd().single())
            + " puts/s one by one (64 under way), "
            + Metric.number(result.etcd().batched())
            + " puts/s in transactions of 128 (one under way), "
            + EtcdLimits.VALUE_BYTES
            + " bytes each");
    lines.add(
        "Mesos     null scheduler "
            + Metric.number(result.nullRate())
            + " pods/s; "
            + result.plan().hosts()
            + " simulated agents, allocation interval "
            + result.plan().allocationInterval().toMillis()
            + " ms");
    lines.add("");
    runs(result).lines().forEach(lines::add);
    lines.add("");
    metrics(result).forEach(metric -> lines.add(metric.line(result.violations().size())));
    if (isSimulationBound(result)) {
      lines.add(
          "SIM-BOUND: the null scheduler is not "
              + Metric.number(SIMULATION_MARGIN)
              + " times as fast as the fastest run; the control plane may be faster than it looks");
    }
    lines.add("");
    result.violations().forEach(violation -> lines.add("VIOLATION " + violation));
    lines.add(
        result.succeeded()
            ? "Every pod runs exactly once, on a host with room for it, and Mesos knows of no other."
            : "The figures are void.");
    return lines;
  }

  /** Everything, as one JSON object. */
  static String json(LaunchResult result) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("plan", plan(result.plan()));
    all.put("machine", result.machine());
    all.put("fdatasyncMillis", result.disk());
    all.put("etcdPutsPerSecond", result.etcd());
    all.put("nullSchedulerPodsPerSecond", result.nullRate());
    all.put("simulationBound", isSimulationBound(result));
    all.put("stolenCpu", result.stolen());
    all.put("runs", result.figures());
    List<Map<String, Object>> metrics = new ArrayList<>();
    metrics(result).forEach(metric -> metrics.add(metric.fields(result.violations().size())));
    all.put("metrics", metrics);
    all.put("violations", result.violations());
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> plan(LaunchPlan plan) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("pods", plan.pods());
    all.put("jobs", plan.jobs());
    all.put("hosts", plan.hosts());
    all.put("resident", plan.resident());
    all.put("repeat", plan.repeat());
    all.put("warmUp", plan.warmUp());
    all.put("allocationIntervalMillis", plan.allocationInterval().toMillis());
    return all;
  }

  static boolean isSimulationBound(LaunchResult result) {
    double fastest = result.figures().alone().stream().mapToDouble(Sample::rate).max().orElse(0);
    return result.nullRate() < SIMULATION_MARGIN * fastest;
  }

  /** The figures with their goals. */
  static List<Metric> metrics(LaunchResult result) {
    List<Sample> runs = result.figures().alone();
    List<Sample> beside = result.figures().beside();
    List<Metric> metrics = new ArrayList<>();
    metrics.add(
        metric("launch.rate", runs, Sample::rate, "pods/s").with(Metric.Goal.atLeast(RATE)));
    metrics.add(metric("launch.p50", runs, Sample::p50Millis, "ms"));
    metrics.add(metric("launch.p99", runs, Sample::p99Millis, "ms"));
    metrics.add(
        metric("launch.puts", runs, Sample::putsPerPod, "puts/pod").with(Metric.Goal.atMost(PUTS)));
    metrics.add(
        metric("launch.proposals", runs, Sample::proposalsPerPod, "proposals/pod")
            .with(Metric.Goal.atMost(PROPOSALS)));
    metrics.add(metric("launch.bytes", runs, Sample::bytesPerPod, "B/pod"));
    metrics.add(
        metric("launch.efficiency", runs, Sample::podsPerCpuSecond, "pods/control-plane-CPU-s"));
    metrics.add(
        metric("launch.of-single-puts", runs, s -> s.putsPerPod() * s.rate(), "puts/s")
            .against("put_max(400,1)", result.etcd().single())
            .with(Metric.Goal.atLeast(OF_SINGLE_PUTS)));
    metrics.add(
        metric("launch.of-batched-puts", runs, s -> s.putsPerPod() * s.rate(), "puts/s")
            .against("put_max(400,128)", result.etcd().batched())
            .with(Metric.Goal.atLeast(OF_BATCHED_PUTS)));
    metrics.add(
        metric("launch.of-null-scheduler", runs, Sample::rate, "pods/s")
            .against("null scheduler", result.nullRate())
            .with(Metric.Goal.atMost(1 / SIMULATION_MARGIN)));
    if (!beside.isEmpty()) {
      metrics.add(
          metric("growth.rate", beside, Sample::rate, "pods/s")
              .against("no other pods", median(runs, Sample::rate))
              .with(Metric.Goal.atLeast(GROWTH)));
      metrics.add(
          metric("growth.efficiency", beside, Sample::podsPerCpuSecond, "pods/CPU-s")
              .against("no other pods", median(runs, Sample::podsPerCpuSecond))
              .with(Metric.Goal.atLeast(GROWTH)));
    }
    return metrics;
  }

  private static Table runs(LaunchResult result) {
    Table table =
        new Table(
            List.of(
                "JVMs",
                "Resident",
                "Pods",
                "Seconds",
                "Pods/s",
                "p50 ms",
                "p99 ms",
                "Puts/pod",
                "Proposals/pod",
                "Bytes/pod",
                "Sync ms",
                "Operator CPU s",
                "etcd CPU s",
                "Mesos CPU s",
                "Bench CPU s",
                "Pods/CPU s"));
    result.figures().cold().forEach(sample -> table.row(row("cold", sample)));
    result.figures().alone().forEach(sample -> table.row(row("warm", sample)));
    result.figures().beside().forEach(sample -> table.row(row("warm", sample)));
    return table;
  }

  private static List<String> row(String warmth, Sample sample) {
    List<String> cells = new ArrayList<>();
    cells.add(warmth);
    cells.add(Integer.toString(sample.resident()));
    cells.add(Integer.toString(sample.pods()));
    for (double value :
        new double[] {
          sample.seconds(),
          sample.rate(),
          sample.p50Millis(),
          sample.p99Millis(),
          sample.putsPerPod(),
          sample.proposalsPerPod(),
          sample.bytesPerPod(),
          sample.syncMillis()
        }) {
      cells.add(Metric.number(value));
    }
    for (String role : List.of(Stage.OPERATOR, Stage.ETCD, Stage.MESOS, Stage.BENCH)) {
      cells.add(Metric.number(sample.cpuSeconds().getOrDefault(role, 0.0)));
    }
    cells.add(Metric.number(sample.podsPerCpuSecond()));
    return cells;
  }

  private static double median(List<Sample> runs, ToDoubleFunction<Sample> figure) {
    return Percentiles.median(runs.stream().mapToDouble(figure).toArray());
  }

  private static Metric metric(
      String id, List<Sample> runs, ToDoubleFunction<Sample> figure, String unit) {
    return Metric.shown(id, runs.stream().map(figure::applyAsDouble).toList(), unit);
  }
}
