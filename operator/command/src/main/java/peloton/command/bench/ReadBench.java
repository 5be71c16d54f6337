package peloton.command.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import peloton.command.cluster.LocalCluster;

/**
 * Measures reads. The operator and an echo server take turns in short rounds, so that whatever else
 * the machine does meets both.
 */
final class ReadBench implements Bench {
  private static final String ECHO = "echo";
  private static final int CONNECTIONS = 4;
  private static final double OF_ECHO = 0.7;
  private static final double PAGE_OF_ECHO = 0.5;
  private static final double PAGE_P99_MILLIS = 5;
  private static final double GROWTH = 1.2;
  private static final double PODS_PER_SECOND = 300_000;
  private static final double BYTES_APART = 0.05;

  private final ReadPlan plan;
  private final Stage stage;
  private final List<Metric> metrics = new ArrayList<>();

  /** Microseconds of processor time by callers. */
  private final Map<Integer, Double> smallJob = new TreeMap<>();

  ReadBench(ReadPlan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
  }

  @Override
  public String step() {
    return stage.step();
  }

  @Override
  public Outcome run() throws InterruptedException {
    List<ManagedChannel> channels = new ArrayList<>();
    try (stage) {
      Machine machine = stage.startEtcd();
      stage.cluster().startMesos();
      stage.startOperator();
      LocalCluster.Beside echo = stage.cluster().startBeside(ECHO, "bench", ECHO);
      stage.begin("launching " + plan.pods() + " pods, and " + plan.jobs() + " small jobs");
      Load.Creation creation = stage.launch(plan.sizes()).creation();
      stage.quiet();
      stage.check();
      List<ManagedChannel> ours = connect(stage.cluster().operatorAddress(), channels);
      List<ManagedChannel> theirs = connect(echo.address(), channels);
      Meters meters =
          new Meters(
              new ProcessMeter(Map.of(Stage.OPERATOR, stage.cluster().operator().pid())),
              new ProcessMeter(Map.of(Stage.OPERATOR, echo.process().pid())));
      for (ReadOperation operation : operations(creation)) {
        stage.begin("measuring " + operation.id());
        prepare(operation, ours.get(0), theirs.get(0));
        warmUp(operation, ours, theirs);
        for (int callers : plan.callers()) {
          compare(operation, callers, ours, theirs, meters);
        }
      }
      stage.check();
      stage.cluster().requireAlive();
      return new Findings(
          plan.fields(),
          machine,
          stage.stolen(),
          metrics,
          List.of("cN: N callers at once, each waiting for its answer; CPU: of the server alone"),
          "Every answer was complete.",
          stage.witness().violations());
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private record Meters(ProcessMeter ours, ProcessMeter theirs) {}

  private List<ReadOperation> operations(Load.Creation creation) {
    String large =
        creation.jobs().stream()
            .filter(job -> job.pods() == plan.pods())
            .findFirst()
            .orElseThrow()
            .id()
            .getValue();
    List<String> small =
        creation.jobs().stream()
            .map(job -> job.id().getValue())
            .filter(id -> !id.equals(large))
            .toList();
    return ReadOperation.all(large, plan.pods(), small).stream()
        .filter(operation -> operation.id().contains(plan.only()))
        .toList();
  }

  private static List<ManagedChannel> connect(String address, List<ManagedChannel> all) {
    List<ManagedChannel> channels = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      channels.add(
          NettyChannelBuilder.forTarget("dns:///" + address)
              .usePlaintext()
              .maxInboundMessageSize(Integer.MAX_VALUE)
              .directExecutor()
              .build());
    }
    all.addAll(channels);
    return channels;
  }

  /** Looks at one answer to each request, and has the echo server keep them. */
  private void prepare(ReadOperation operation, ManagedChannel ours, ManagedChannel theirs) {
    ClientCalls.blockingUnaryCall(theirs, EchoServer.KEEP, CallOptions.DEFAULT, ByteString.EMPTY);
    List<ByteString> requests =
        operation.streams() ? operation.requests().subList(0, 1) : operation.requests();
    for (ByteString request : requests) {
      Iterator<ByteString> answer =
          ClientCalls.blockingServerStreamingCall(
              ours, operation.method(), CallOptions.DEFAULT, request);
      int items = 0;
      while (answer.hasNext()) {
        ByteString message = answer.next();
        items += items(operation, message);
        ClientCalls.blockingUnaryCall(theirs, EchoServer.KEEP, CallOptions.DEFAULT, message);
      }
      if (items != operation.expected()) {
        stage
            .witness()
            .violated(
                operation.id() + " found " + items + " of " + operation.expected() + " items");
      }
    }
  }

  private static int items(ReadOperation operation, ByteString message) {
    try {
      return operation.items().in(message);
    } catch (InvalidProtocolBufferException e) {
      throw new BenchFailure("an answer to " + operation.id() + " cannot be read: " + e, e);
    }
  }

  /** One server's rounds. */
  private static final class Series {
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> micros = new ArrayList<>();
    private final List<Double> p99 = new ArrayList<>();
    private double bytes;

    void add(ClosedLoop.Result result, double cpuSeconds) {
      rates.add(result.rate());
      micros.add(cpuSeconds / result.nanos().getTotalCount() * 1e6);
      p99.add(result.nanos().getValueAtPercentile(99) / 1e6);
      bytes = result.bytesPerCall();
    }

    private static double median(List<Double> values) {
      return Percentiles.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  private void compare(
      ReadOperation operation,
      int callers,
      List<ManagedChannel> ours,
      List<ManagedChannel> theirs,
      Meters meters)
      throws InterruptedException {
    Series operator = new Series();
    Series echo = new Series();
    for (int round = 0; round < plan.rounds(); round++) {
      measure(operator, operation.method(), operation, callers, ours, meters.ours());
      measure(echo, echoed(operation), operation, callers, theirs, meters.theirs());
    }
    report(operation, callers, operator, echo);
  }

  private static MethodDescriptor<ByteString, ByteString> echoed(ReadOperation operation) {
    return operation.streams() ? EchoServer.STREAM : EchoServer.ANSWER;
  }

  private void warmUp(
      ReadOperation operation, List<ManagedChannel> ours, List<ManagedChannel> theirs)
      throws InterruptedException {
    if (!plan.warmUp().isZero()) {
      int callers = plan.callers().get(plan.callers().size() - 1);
      ClosedLoop.run(ours, operation.method(), operation.requests(), callers, plan.warmUp());
      ClosedLoop.run(theirs, echoed(operation), operation.requests(), callers, plan.warmUp());
    }
  }

  private void measure(
      Series series,
      MethodDescriptor<ByteString, ByteString> method,
      ReadOperation operation,
      int callers,
      List<ManagedChannel> channels,
      ProcessMeter meter)
      throws InterruptedException {
    Map<String, Double> before = meter.cpuSeconds();
    ClosedLoop.Result result =
        ClosedLoop.run(channels, method, operation.requests(), callers, plan.time());
    double cpu =
        ProcessMeter.minus(meter.cpuSeconds(), before).values().stream()
            .mapToDouble(Double::doubleValue)
            .sum();
    series.add(result, cpu);
  }

  private void report(ReadOperation operation, int callers, Series operator, Series echo) {
    String id = "read." + operation.id() + ".c" + callers;
    boolean page = operation.id().startsWith("query");
    Metric rate =
        Metric.shown(id + ".rate", operator.rates, "calls/s")
            .against(ECHO, Series.median(echo.rates));
    metrics.add(
        operation.streams() ? rate : rate.with(Metric.Goal.atLeast(page ? PAGE_OF_ECHO : OF_ECHO)));
    metrics.add(
        Metric.shown(id + ".cpu", operator.micros, "us/call")
            .against(ECHO, Series.median(echo.micros)));
    Metric p99 =
        Metric.shown(id + ".p99", operator.p99, "ms").against(ECHO, Series.median(echo.p99));
    // With more callers than cores, an answer waits for those before it, however quick each is.
    metrics.add(
        page && callers == plan.callers().get(0)
            ? Metric.shown(id + ".p99", operator.p99, "ms")
                .with(Metric.Goal.atMost(PAGE_P99_MILLIS))
            : p99);
    if (operation.streams()) {
      metrics.add(
          Metric.shown(
                  id + ".pods",
                  operator.rates.stream().map(calls -> calls * operation.expected()).toList(),
                  "pods/s")
              .with(Metric.Goal.atLeast(PODS_PER_SECOND)));
    }
    if (operation.id().equals(ReadOperation.SMALL_JOB)) {
      smallJob.put(callers, Series.median(operator.micros));
    } else if (operation.id().equals(ReadOperation.LARGE_JOB) && smallJob.containsKey(callers)) {
      metrics.add(
          Metric.shown("read.get-job.growth.c" + callers, operator.micros, "us/call")
              .against("a job of " + ReadPlan.SMALL, smallJob.get(callers))
              .with(Metric.Goal.atMost(GROWTH)));
    }
    stage.say(
        "  "
            + callers
            + " callers: "
            + Metric.number(Series.median(operator.rates))
            + " calls/s, echo "
            + Metric.number(Series.median(echo.rates))
            + " calls/s; "
            + Metric.number(operator.bytes)
            + " bytes each; p99 "
            + Metric.number(Series.median(operator.p99))
            + " ms, worst round "
            + Metric.number(operator.p99.stream().mapToDouble(Double::doubleValue).max().orElse(0))
            + " ms");
    if (Math.abs(operator.bytes - echo.bytes) > BYTES_APART * echo.bytes) {
      stage
          .witness()
          .violated(
              operation.id()
                  + ": the echo server returned "
                  + echo.bytes
                  + " bytes, the operator "
                  + operator.bytes);
    }
  }
}
