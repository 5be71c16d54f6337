package peloton.command.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import peloton.command.cluster.Waiting;
import peloton.records.PodRecord;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;

/**
 * Measures watches. Pods of a job run; the bench writes their records anew, as the leader does when
 * Mesos says something, and looks when each watcher hears of it. The leader itself does not look at
 * records that it did not write, and goes on undisturbed.
 */
final class WatchBench implements Bench {
  private static final String PEER_PREFIX = "/bench/watch/";
  private static final String ETCD = "etcd";
  private static final long BEGIN_SECONDS = 60;

  /** Changes on their way to all watchers while deliveries are counted; below any limit. */
  private static final int AHEAD = 32;

  private static final double P99_ABOVE = 1;
  private static final double P99_RATIO = 1;
  private static final double DELIVERIES = 150_000;
  private static final double STALLED_RATIO = 1.2;
  private static final double WATCHER_BYTES = 35_000;

  private final WatchPlan plan;
  private final Stage stage;
  private final List<Metric> metrics = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private long deliveries;

  WatchBench(WatchPlan plan, Stage stage) {
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
      stage.begin("launching " + plan.pods() + " pods");
      String job = stage.launch(List.of(plan.pods())).creation().jobs().get(0).id().getValue();
      stage.quiet();
      stage.check();
      Side ours = ours(job);
      int bytes = messageBytes(ours);
      remarks.add("Messages of " + bytes + " bytes; values of as many bytes at etcd's watchers");
      Side theirs = theirs(bytes);
      for (int watchers : plan.watchers()) {
        compare(watchers, ours, theirs);
      }
      if (plan.stalled() > 0) {
        stall(ours);
      }
      stage.cluster().requireAlive();
      remarks.add(deliveries + " deliveries to watchers of the operator were looked at");
      return new Findings(
          plan.fields(),
          machine,
          stage.stolen(),
          metrics,
          remarks,
          "Every watcher heard of every change once and in order.",
          stage.witness().violations());
    }
  }

  /** A server with what its watchers are told of. */
  private record Side(WatchTarget target, Pulse pulse) {}

  private Side ours(String job) {
    Keyspace keyspace = new Keyspace(Keyspace.DEFAULT_PREFIX);
    List<KeyValue> pods =
        KVGrpc.newBlockingStub(stage.etcd())
            .range(range(keyspace.below(RecordKey.actualOf(job)) + "pod/"))
            .getKvsList();
    if (pods.size() != plan.pods()) {
      throw new BenchFailure("etcd has " + pods.size() + " pods of " + plan.pods());
    }
    return new Side(
        WatchTarget.operator(stage.cluster().operatorAddress(), job),
        new Pulse(
            stage.etcd(),
            number -> {
              KeyValue pod = pods.get((int) (number % pods.size()));
              return PutRequest.newBuilder()
                  .setKey(pod.getKey())
                  .setValue(changed(pod.getValue(), number))
                  .build();
            }));
  }

  private static ByteString changed(ByteString record, long number) {
    try {
      return PodRecord.parseFrom(record).toBuilder()
          .setMessage(String.format("change %012d", number))
          .build()
          .toByteString();
    } catch (InvalidProtocolBufferException e) {
      throw new BenchFailure("a pod record cannot be read: " + e, e);
    }
  }

  private Side theirs(int bytes) {
    ByteString value = ByteString.copyFrom(new byte[bytes]);
    return new Side(
        WatchTarget.etcd(stage.cluster().etcdAddress(), PEER_PREFIX),
        new Pulse(
            stage.etcd(),
            number ->
                PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(PEER_PREFIX + number % plan.pods()))
                    .setValue(value)
                    .build()));
  }

  private static RangeRequest range(String prefix) {
    return RangeRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(prefix))
        .setRangeEnd(ByteString.copyFromUtf8(prefix.replaceFirst("/$", "0")))
        .build();
  }

  /** The size of a message of the operator, which etcd's values then have. */
  private int messageBytes(Side ours) throws InterruptedException {
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    WatchTarget plain = ours.target();
    WatchTarget weighing =
        new WatchTarget(
            plain.name(),
            plain.address(),
            plain.method(),
            plain.requests(),
            plain.request(),
            (message, revisions) -> {
              sizes.add(message.size());
              plain.reading().read(message, revisions);
            });
    LongAdder heard = new LongAdder();
    try (Watcher watcher = new Watcher(weighing, 0, true, heard)) {
      watcher.awaitBegin(BEGIN_SECONDS);
      ours.pulse().beat(10, Duration.ofSeconds(1));
      arrived(ours, heard, 10);
    }
    return sizes.get(sizes.size() - 1);
  }

  /** What one server's watchers saw. */
  private static final class Figures {
    private final List<Double> p50 = new ArrayList<>();
    private final List<Double> p99 = new ArrayList<>();
    private final List<Double> rate = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> heap = new ArrayList<>();
    private final List<Double> resident = new ArrayList<>();

    void add(Histogram nanos) {
      p50.add(nanos.getValueAtPercentile(50) / 1e6);
      p99.add(nanos.getValueAtPercentile(99) / 1e6);
    }

    static double median(List<Double> values) {
      return Percentiles.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  private void compare(int watchers, Side ours, Side theirs) throws InterruptedException {
    stage.begin(
        "measuring "
            + watchers
            + (watchers == 1 ? " watcher, " : " watchers, ")
            + WatchPlan.rate(watchers)
            + " changes a second");
    Figures operator = new Figures();
    Figures etcd = new Figures();
    for (int round = 0; round < plan.rounds(); round++) {
      measure(watchers, ours, operator, stage.cluster().operator().pid(), true);
      measure(watchers, theirs, etcd, stage.cluster().etcdPid(), false);
    }
    String id = "watch.w" + watchers + ".";
    metrics.add(
        Metric.shown(id + "p50", operator.p50, "ms").against(ETCD, Figures.median(etcd.p50)));
    Metric p99 =
        Metric.shown(id + "p99", operator.p99, "ms").against(ETCD, Figures.median(etcd.p99));
    metrics.add(watchers == 1 ? p99 : p99.with(Metric.Goal.atMost(P99_RATIO)));
    if (watchers == 1) {
      double peer = Figures.median(etcd.p99);
      metrics.add(
          Metric.shown(
                  id + "p99-above-etcd", operator.p99.stream().map(ms -> ms - peer).toList(), "ms")
              .with(Metric.Goal.atMost(P99_ABOVE)));
    }
    Metric rate =
        Metric.shown(id + "deliveries", operator.rate, "/s")
            .against(ETCD, Figures.median(etcd.rate));
    metrics.add(rate);
    metrics.add(
        Metric.shown(id + "cpu", operator.cpu, "us/delivery")
            .against(ETCD, Figures.median(etcd.cpu)));
    if (watchers == plan.most() && watchers > 1) {
      metrics.add(
          Metric.shown("watch.deliveries", operator.rate, "/s")
              .with(Metric.Goal.atLeast(DELIVERIES)));
      if (!operator.heap.isEmpty()) {
        metrics.add(
            Metric.shown("watch.heap", operator.heap, "B/watcher")
                .with(Metric.Goal.atMost(WATCHER_BYTES)));
      }
      if (!operator.resident.isEmpty()) {
        metrics.add(Metric.shown("watch.resident", operator.resident, "B/watcher"));
      }
    }
    stage.say(
        "  p99 "
            + Metric.number(Figures.median(operator.p99))
            + " ms, etcd "
            + Metric.number(Figures.median(etcd.p99))
            + " ms; deliveries/s "
            + Metric.number(Figures.median(operator.rate))
            + ", etcd "
            + Metric.number(Figures.median(etcd.rate)));
  }

  private void measure(int count, Side side, Figures figures, long pid, boolean java)
      throws InterruptedException {
    boolean weigh = count == plan.most() && count > 1;
    OptionalLong heapBefore = weigh && java ? LiveMemory.heap(pid) : OptionalLong.empty();
    OptionalLong residentBefore = weigh && java ? LiveMemory.resident(pid) : OptionalLong.empty();
    LongAdder heard = new LongAdder();
    List<Watcher> watchers = open(side, count, heard);
    try {
      if (heapBefore.isPresent()) {
        long bytes = LiveMemory.heap(pid).orElseThrow() - heapBefore.getAsLong();
        figures.heap.add((double) bytes / count);
      }
      if (residentBefore.isPresent()) {
        long bytes = LiveMemory.resident(pid).orElseThrow() - residentBefore.getAsLong();
        figures.resident.add((double) bytes / count);
      }
      figures.add(beat(side, watchers, heard, count));
      ProcessMeter meter = new ProcessMeter(Map.of(side.target().name(), pid));
      double before = meter.cpuSeconds().get(side.target().name());
      figures.rate.add(flood(side, watchers, heard));
      double seconds = meter.cpuSeconds().get(side.target().name()) - before;
      figures.cpu.add(seconds / heard.sum() * 1e6);
    } finally {
      watchers.forEach(Watcher::close);
    }
  }

  private static List<Watcher> open(Side side, int count, LongAdder heard)
      throws InterruptedException {
    List<Watcher> watchers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      watchers.add(new Watcher(side.target(), 0, true, heard));
    }
    for (Watcher watcher : watchers) {
      watcher.awaitBegin(BEGIN_SECONDS);
    }
    return watchers;
  }

  /** Delays of changes that come at fixed times. */
  private Histogram beat(Side side, List<Watcher> watchers, LongAdder heard, int rateOf) {
    int rate = WatchPlan.rate(rateOf);
    // Both sides' code is warm after a second of it.
    clear(watchers, heard);
    arrived(side, heard, side.pulse().beat(rate, Duration.ofSeconds(1)).size() * watchers.size());
    clear(watchers, heard);
    Map<Long, Long> due = side.pulse().beat(rate, plan.time());
    arrived(side, heard, (long) due.size() * watchers.size());
    Histogram nanos = new Histogram(3);
    for (Watcher watcher : watchers) {
      check(side, watcher.revisions(), due);
      long[] revisions = watcher.revisions();
      long[] times = watcher.times();
      for (int i = 0; i < revisions.length; i++) {
        Long at = due.get(revisions[i]);
        if (at != null) {
          nanos.recordValue(Math.max(0, times[i] - at));
        }
      }
    }
    return nanos;
  }

  /** Deliveries a second when changes come as fast as they are heard of. */
  private double flood(Side side, List<Watcher> watchers, LongAdder heard) {
    clear(watchers, heard);
    long begun = System.nanoTime();
    Map<Long, Long> due =
        side.pulse().flood(AHEAD, () -> heard.sum() / watchers.size(), plan.time());
    arrived(side, heard, (long) due.size() * watchers.size());
    double seconds = (System.nanoTime() - begun) / 1e9;
    watchers.forEach(watcher -> check(side, watcher.revisions(), due));
    return due.size() * watchers.size() / seconds;
  }

  private static void clear(List<Watcher> watchers, LongAdder heard) {
    watchers.forEach(Watcher::forget);
    heard.reset();
  }

  private void arrived(Side side, LongAdder heard, long wanted) {
    if (!Waiting.until(plan.limit(), () -> heard.sum() >= wanted)) {
      stage
          .witness()
          .violated(
              side.target().name() + " delivered " + heard.sum() + " of " + wanted + " changes");
    }
  }

  /** Every revision once and in order. */
  private void check(Side side, long[] heard, Map<Long, Long> due) {
    long[] wanted = due.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    if (side.target().name().equals(ETCD)) {
      if (!Arrays.equals(heard, wanted)) {
        remarks.add("etcd's watch itself had gaps or doubles");
      }
      return;
    }
    deliveries += heard.length;
    if (!Arrays.equals(heard, wanted)) {
      stage
          .witness()
          .violated(
              "a watcher heard of "
                  + heard.length
                  + " changes, of "
                  + wanted.length
                  + ", or not in order");
    }
  }

  /** Compares those that read with and without others that do not, and lets these go on. */
  private void stall(Side ours) throws InterruptedException {
    stage.begin("measuring " + plan.most() + " watchers beside " + plan.stalled() + " stalled");
    LongAdder heard = new LongAdder();
    List<Watcher> watchers = open(ours, plan.most(), heard);
    LongAdder ignored = new LongAdder();
    List<Watcher> stalled = new ArrayList<>();
    try {
      List<Double> without = new ArrayList<>();
      List<Double> with = new ArrayList<>();
      without.add(p99(beat(ours, watchers, heard, plan.most())));
      for (int i = 0; i < plan.stalled(); i++) {
        Watcher watcher = new Watcher(ours.target(), 0, false, ignored);
        watcher.awaitBegin(BEGIN_SECONDS);
        stalled.add(watcher);
      }
      with.add(p99(beat(ours, watchers, heard, plan.most())));
      // Until all that lies between fills up.
      clear(watchers, heard);
      Map<Long, Long> due =
          ours.pulse().flood(AHEAD, () -> heard.sum() / watchers.size(), plan.time());
      arrived(ours, heard, (long) due.size() * watchers.size());
      watchers.forEach(watcher -> check(ours, watcher.revisions(), due));
      metrics.add(
          Metric.shown("watch.stalled.p99", with, "ms")
              .against("without stalled", Figures.median(without))
              .with(Metric.Goal.atMost(STALLED_RATIO)));
      for (Watcher watcher : stalled) {
        goOn(ours, watcher);
      }
    } finally {
      watchers.forEach(Watcher::close);
      stalled.forEach(Watcher::close);
    }
  }

  private static double p99(Histogram nanos) {
    return nanos.getValueAtPercentile(99) / 1e6;
  }

  /** A watcher that did not read is ended as such, and misses nothing when it goes on. */
  private void goOn(Side ours, Watcher stalled) throws InterruptedException {
    long newest = newest();
    stalled.readOn();
    Status end = stalled.awaitEnd(BEGIN_SECONDS);
    long[] first = stalled.revisions();
    if (end.getCode() != Status.Code.ABORTED || first.length == 0) {
      stage
          .witness()
          .violated("a stalled watch ended with " + end + " after " + first.length + " changes");
      return;
    }
    long last = first[first.length - 1];
    try (Watcher rest = new Watcher(ours.target(), last + 1, true, new LongAdder())) {
      boolean level =
          Waiting.until(
              Duration.ofSeconds(BEGIN_SECONDS),
              () -> {
                long[] so = rest.revisions();
                return so.length > 0 && so[so.length - 1] >= newest;
              });
      long[] second = rest.revisions();
      // One key to a revision, and nobody else writes.
      boolean whole = level && second[0] == last + 1 && isRow(first) && isRow(second);
      if (!whole) {
        stage.witness().violated("a stalled watch that went on after " + last + " has gaps");
      }
    }
  }

  private static boolean isRow(long[] revisions) {
    for (int i = 1; i < revisions.length; i++) {
      if (revisions[i] != revisions[i - 1] + 1) {
        return false;
      }
    }
    return true;
  }

  private long newest() {
    return KVGrpc.newBlockingStub(stage.etcd())
        .range(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(PEER_PREFIX)).build())
        .getHeader()
        .getRevision();
  }
}
