package peloton.command.bench;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.PodRecord;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;

/**
 * Sees the pod records change, from a watch of etcd of its own, and remembers what must not be. Its
 * clock is that of the process that creates the jobs, so times can be subtracted.
 */
final class Witness implements AutoCloseable {
  private static final String PODS = "actual/jobs/";
  private static final int PAGE = 2_000;
  private static final int VIOLATIONS_KEPT = 20;
  private static final long ANSWER_SECONDS = 30;

  private final Channel channel;
  private final Keyspace keyspace;
  private final CountDownLatch created = new CountDownLatch(1);
  private final StreamObserver<WatchRequest> requests;

  // Guarded by this.
  private final Map<RecordKey.Pod, Pod> pods = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private Series series = new Series(0);
  private Optional<Rollout> rollout = Optional.empty();
  private boolean deleting;
  private boolean closed;
  private long newest;
  private int more;

  /** What is known of one pod. */
  private static final class Pod {
    private long puts;
    private PodSighting last;
    private boolean ran;
  }

  /** The pods that one run launches; each counts when it is seen RUNNING the first time. */
  static final class Series {
    private final int expected;
    private final CountDownLatch complete = new CountDownLatch(1);
    private final List<String> jobs = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    private Series(int expected) {
      this.expected = expected;
    }

    private void ran(String job, long at) {
      jobs.add(job);
      times.add(at);
      if (times.size() == expected) {
        complete.countDown();
      }
    }
  }

  /**
   * Watches from now on.
   *
   * @param channel to etcd, whose answers may be of any size
   */
  Witness(Channel channel, Keyspace keyspace) {
    this.channel = channel;
    this.keyspace = keyspace;
    this.requests = WatchGrpc.newStub(channel).watch(new Feed());
    String prefix = keyspace.below(PODS);
    requests.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(prefix))
                    .setRangeEnd(after(prefix)))
            .build());
    try {
      if (!created.await(ANSWER_SECONDS, TimeUnit.SECONDS)) {
        throw new BenchFailure("etcd does not begin to watch");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }

  /** Begins to count the pods of a run. */
  synchronized Series expect(int count) {
    series = new Series(count);
    return series;
  }

  /** Waits until all of a run's pods were seen RUNNING; false if they were not in time. */
  static boolean await(Series series, Duration limit) throws InterruptedException {
    return series.complete.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many of a run's pods were seen RUNNING. */
  synchronized int seen(Series of) {
    return of.times.size();
  }

  /** When the last pod of a complete run was seen RUNNING, by {@link System#nanoTime}. */
  synchronized long endOf(Series of) {
    return of.times.get(of.expected - 1);
  }

  /** The nanoseconds from a job's creation to RUNNING, of each pod of a run. */
  synchronized long[] latencies(Series of, Map<String, Long> createdAt) {
    long[] result = new long[of.times.size()];
    for (int i = 0; i < result.length; i++) {
      Long begun = createdAt.get(of.jobs.get(i));
      if (begun == null) {
        throw new BenchFailure("a pod of job " + of.jobs.get(i) + " runs, which nobody created");
      }
      result[i] = of.times.get(i) - begun;
    }
    return result;
  }

  /**
   * Begins to follow a rollout, in which pods stop and are launched again.
   *
   * @param batch most pods of one job that may be down at one time
   */
  synchronized void begin(Map<String, Rollout.Target> targets, int batch) {
    rollout = Optional.of(new Rollout(targets, batch, this::violated));
  }

  /** Tells something of the rollout. */
  synchronized <T> T ask(Function<Rollout, T> question) {
    return question.apply(rollout.orElseThrow());
  }

  /** From now on no pod may stop again. */
  synchronized void endRollout() {
    rollout = Optional.empty();
  }

  /** Pods whose records are there. */
  synchronized int pods() {
    return pods.size();
  }

  /** While pods are deleted on purpose, their ends are not held against anybody. */
  synchronized void deleting(boolean now) {
    deleting = now;
  }

  synchronized List<String> violations() {
    List<String> all = new ArrayList<>(violations);
    if (more > 0) {
      all.add("and " + more + " more");
    }
    return all;
  }

  /**
   * Reads all pod records, linearizably and as of one revision, and compares them with what should
   * run and with what the watch has told.
   *
   * @param wanted instances by job
   * @param podsPerHost most pods that a host has room for
   * @return how many puts the pods had together
   */
  long inspect(Map<String, Integer> wanted, int podsPerHost) {
    Map<RecordKey.Pod, KeyValue> stored = read();
    Map<String, Integer> onHost = new HashMap<>();
    long puts = 0;
    for (Map.Entry<RecordKey.Pod, KeyValue> each : stored.entrySet()) {
      puts += each.getValue().getVersion();
      PodRecord pod = parse(each.getValue().getValue());
      onHost.merge(pod.getHost(), 1, Integer::sum);
      judge(each.getKey(), each.getValue().getVersion(), pod, wanted);
    }
    wanted.forEach(
        (job, count) -> {
          for (int instance = 0; instance < count; instance++) {
            if (!stored.containsKey(new RecordKey.Pod(job, instance))) {
              violated("pod " + job + "-" + instance + " has no record");
            }
          }
        });
    onHost.forEach(
        (host, count) -> {
          if (count > podsPerHost) {
            violated(host + " has " + count + " pods and room for " + podsPerHost);
          }
        });
    return puts;
  }

  private synchronized void judge(
      RecordKey.Pod key, long puts, PodRecord pod, Map<String, Integer> wanted) {
    String name = key.job() + "-" + key.instance();
    if (key.instance() >= wanted.getOrDefault(key.job(), 0)) {
      violated("pod " + name + " is there and nobody wants it");
    }
    if (pod.getState() != PodState.POD_STATE_RUNNING) {
      violated("pod " + name + " is " + pod.getState() + " in the end");
    }
    Pod watched = pods.get(key);
    if (watched == null || watched.puts != puts) {
      violated(
          "the watch told of "
              + (watched == null ? 0 : watched.puts)
              + " puts of pod "
              + name
              + ", and there were "
              + puts);
    }
  }

  /** Notes what must not be. */
  synchronized void violated(String what) {
    if (violations.size() < VIOLATIONS_KEPT) {
      violations.add(what);
    } else {
      more++;
    }
  }

  private Map<RecordKey.Pod, KeyValue> read() {
    Map<RecordKey.Pod, KeyValue> stored = new HashMap<>();
    ByteString start = ByteString.copyFromUtf8(keyspace.below(PODS));
    ByteString end = after(keyspace.below(PODS));
    long revision = 0;
    RangeResponse page;
    do {
      page =
          KVGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
              .range(
                  RangeRequest.newBuilder()
                      .setKey(start)
                      .setRangeEnd(end)
                      .setLimit(PAGE)
                      .setRevision(revision)
                      .build());
      revision = revision == 0 ? page.getHeader().getRevision() : revision;
      for (KeyValue each : page.getKvsList()) {
        pod(each).ifPresent(key -> stored.put(key, each));
        start = each.getKey().concat(ByteString.copyFrom(new byte[1]));
      }
    } while (page.getMore());
    awaitRevision(revision);
    return stored;
  }

  /** The watch may be a moment behind the reading. */
  private void awaitRevision(long revision) {
    requests.onNext(
        WatchRequest.newBuilder()
            .setProgressRequest(io.etcd.jetcd.api.WatchProgressRequest.getDefaultInstance())
            .build());
    peloton.command.cluster.Waiting.until(Duration.ofSeconds(5), () -> reached() >= revision);
  }

  private synchronized long reached() {
    return newest;
  }

  private Optional<RecordKey.Pod> pod(KeyValue entry) {
    return keyspace
        .parse(entry.getKey().toStringUtf8())
        .filter(RecordKey.Pod.class::isInstance)
        .map(RecordKey.Pod.class::cast);
  }

  private static PodRecord parse(ByteString value) {
    try {
      return PodRecord.parseFrom(value);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new BenchFailure("a pod record cannot be read: " + e, e);
    }
  }

  private static ByteString after(String prefix) {
    // The prefix ends with a slash, and '0' comes after '/'.
    return ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + "0");
  }

  private synchronized void take(WatchResponse response, long at) {
    newest = Math.max(newest, response.getHeader().getRevision());
    if (response.getCanceled() && !closed) {
      violated("etcd ended the watch: " + response.getCancelReason());
    }
    for (Event event : response.getEventsList()) {
      pod(event.getKv()).ifPresent(key -> take(key, event, at));
    }
  }

  private void take(RecordKey.Pod key, Event event, long at) {
    if (event.getType() == Event.EventType.DELETE) {
      pods.remove(key);
      if (!deleting) {
        violated("the record of pod " + key.job() + "-" + key.instance() + " was deleted");
      }
      return;
    }
    Pod pod = pods.computeIfAbsent(key, k -> new Pod());
    PodSighting now = PodSighting.of(event.getKv().getValue());
    pod.puts++;
    PodSighting before = pod.last;
    rollout.ifPresent(r -> r.saw(key, Optional.ofNullable(before), now, at));
    if (rollout.isEmpty() && before != null && now.run() != before.run()) {
      violated(
          "pod " + key.job() + "-" + key.instance() + " was launched again, as run " + now.run());
    }
    if (!deleting && isEnd(now.state()) && !(rollout.isPresent() && isReplaced(now.state()))) {
      violated("pod " + key.job() + "-" + key.instance() + " is " + now.state());
    }
    pod.last = now;
    if (now.state() == PodState.POD_STATE_RUNNING && !pod.ran) {
      pod.ran = true;
      series.ran(key.job(), at);
    }
  }

  /** What a pod goes through that is replaced on purpose. */
  private static boolean isReplaced(PodState state) {
    return switch (state) {
      case POD_STATE_KILLING, POD_STATE_KILLED, POD_STATE_PENDING -> true;
      default -> false;
    };
  }

  private static boolean isEnd(PodState state) {
    return switch (state) {
      case POD_STATE_LAUNCHED, POD_STATE_STARTING, POD_STATE_RUNNING -> false;
      default -> true;
    };
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    requests.onCompleted();
  }

  private final class Feed implements StreamObserver<WatchResponse> {
    @Override
    public void onNext(WatchResponse response) {
      long at = System.nanoTime();
      if (response.getCreated()) {
        created.countDown();
      }
      take(response, at);
    }

    @Override
    public void onError(Throwable cause) {
      synchronized (Witness.this) {
        if (!closed) {
          violated("the watch of etcd broke: " + cause.getMessage());
        }
      }
    }

    @Override
    public void onCompleted() {}
  }
}
