package peloton.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.grpc.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import peloton.store.KeyValueStore;
import peloton.store.KeyValueStore.Change;
import peloton.store.Range;
import peloton.store.StoreException;
import peloton.store.Txn;
import peloton.store.TxnResult;
import peloton.store.contract.Recorder;

@DisplayName("The store, when etcd or the way to it fails,")
class EtcdStoreFaultsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final String ROOT = "/faults/";

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  void failsInTimeWhileEtcdIsNotThereAndWorksOnceItIs() {
    EtcdProcess etcd = opened(EtcdProcess.prepare());
    KeyValueStore store = connect(etcd.endpoint());
    Recorder recorder = new Recorder();
    store.watch(ROOT, 1, recorder);

    long start = System.nanoTime();
    List<CompletableFuture<?>> calls =
        List.of(
            store.commit(put("a", "1")),
            store.get(ROOT + "a"),
            store.range(ROOT, 0),
            store.revision(),
            store.grantLease(Duration.ofSeconds(5)),
            store.renewLease(1),
            store.revokeLease(1));
    for (CompletableFuture<?> call : calls) {
      assertThat(failure(call).code()).isEqualTo(StoreException.Code.UNAVAILABLE);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(5));

    etcd.restart();
    long written = commitUntilDone(store, put("a", "2")).revision();
    assertThat(recorder.await(1).get(0).revision()).isEqualTo(written);
    assertThat(recorder.interruptions()).isEqualTo(1);
  }

  @Test
  void losesAndDoublesNothingWhenEtcdIsKilledAgainAndAgain() throws Exception {
    EtcdProcess etcd = opened(EtcdProcess.start());
    KeyValueStore writer = connect(etcd.endpoint());
    KeyValueStore watcher = connect(etcd.endpoint());
    Recorder recorder = new Recorder();
    watcher.watch(ROOT, 1, recorder);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> writing = thread.submit(() -> writeSteps(writer, 400));
      for (int i = 1; i <= 3; i++) {
        int seen = i * 500;
        recorder.awaitThat(seen + " changes", () -> recorder.changes().size() >= seen);
        etcd.kill();
        etcd.restart();
      }
      assertThat(writing.get(60, TimeUnit.SECONDS)).isEqualTo(400);
    } finally {
      thread.shutdownNow();
    }

    Range end = await(writer.range(ROOT, 0));
    Recorder witness = new Recorder();
    connect(etcd.endpoint()).watch(ROOT, 1, witness);
    int all = (int) end.entries().stream().mapToLong(kv -> kv.version()).sum();
    assertThat(recorder.await(all)).isEqualTo(witness.await(all)).hasSize(all);
    assertThat(replay(recorder.changes())).isEqualTo(state(end));
    assertThat(recorder.calls()).allMatch(call -> call.size() % 5 == 0, "whole revisions");
    assertThat(recorder.lost()).isEmpty();
  }

  /** Steps that must each be made once: what became of a step that failed is read, then decided. */
  private static int writeSteps(KeyValueStore store, int steps) {
    int done = 0;
    while (done < steps) {
      Txn.Guard guard =
          done == 0 ? new Txn.Guard.Absent(ROOT + "0") : new Txn.Guard.Version(ROOT + "0", done);
      List<Txn.Write> writes = new ArrayList<>();
      for (int k = 0; k < 5; k++) {
        writes.add(new Txn.Write.Put(ROOT + k, ByteString.copyFromUtf8("" + done)));
      }
      try {
        await(store.commit(new Txn(List.of(guard), writes)));
      } catch (StoreException e) {
        assertThat(e.code()).isEqualTo(StoreException.Code.UNAVAILABLE);
      }
      done = readSteps(store);
    }
    return done;
  }

  private static int readSteps(KeyValueStore store) {
    while (true) {
      try {
        return await(store.get(ROOT + "0")).entries().stream()
            .mapToInt(kv -> (int) kv.version())
            .findFirst()
            .orElse(0);
      } catch (StoreException e) {
        assertThat(e.code()).isEqualTo(StoreException.Code.UNAVAILABLE);
      }
    }
  }

  @Test
  void failsInTimeWhileEtcdIsFrozenAndGoesOnWhenItIsBack() {
    EtcdProcess etcd = opened(EtcdProcess.start());
    KeyValueStore store = connect(etcd.endpoint());
    Recorder recorder = new Recorder();
    store.watch(ROOT, 1, recorder);
    commitUntilDone(store, put("a", "1"));
    recorder.await(1);

    etcd.freeze();
    long start = System.nanoTime();
    StoreException failure = failure(store.commit(put("a", "2")));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    recorder.awaitThat("an interruption", () -> recorder.interruptions() == 1);
    etcd.thaw();

    assertThat(failure.code()).isEqualTo(StoreException.Code.UNAVAILABLE);
    assertThat(took).isBetween(TIMEOUT, TIMEOUT.multipliedBy(4));
    long last = commitUntilDone(store, put("a", "3")).revision();
    recorder.awaitThat("the last change", () -> lastRevision(recorder) == last);
    // The frozen write may have been made or not; nothing else may have happened.
    assertThat(recorder.changes()).extracting(c -> c.value().get().toStringUtf8()).endsWith("3");
    assertThat(recorder.changes().size()).isBetween(2, 3);
  }

  @Test
  void isBackSecondsAfterALongOutage() {
    EtcdProcess etcd = opened(EtcdProcess.start());
    KeyValueStore store = connect(etcd.endpoint());
    Recorder recorder = new Recorder();
    store.watch(ROOT, 1, recorder);
    commitUntilDone(store, put("a", "1"));
    recorder.await(1);
    etcd.kill();
    for (int i = 0; i < 22; i++) {
      assertThat(failure(store.revision()).code()).isEqualTo(StoreException.Code.UNAVAILABLE);
    }

    etcd.restart();
    long back = System.nanoTime();
    long written = commitUntilDone(store, put("a", "2")).revision();
    recorder.await(2);

    Duration took = Duration.ofNanos(System.nanoTime() - back);

    // Half a second as a rule; gRPC's own back-off would be past ten seconds by now.
    assertThat(took).isLessThan(Duration.ofSeconds(4));
    assertThat(lastRevision(recorder)).isEqualTo(written);
    assertThat(recorder.interruptions()).isEqualTo(1);
  }

  @Test
  void saysThatAWatchIsCurrentAgain() {
    EtcdProcess etcd = opened(EtcdProcess.start());
    KeyValueStore store = connect(etcd.endpoint());
    Recorder recorder = new Recorder();
    store.watch(ROOT, 1, recorder);
    long written = commitUntilDone(store, put("a", "1")).revision();

    recorder.awaitThat("progress", () -> recorder.progress() == written);

    etcd.kill();
    recorder.awaitThat("an interruption", () -> recorder.interruptions() == 1);
    etcd.restart();
    long next = commitUntilDone(store, put("a", "2")).revision();
    recorder.awaitThat("progress", () -> recorder.progress() == next);
  }

  @Test
  void endsAWatchThatMissedChangesToACompaction() {
    EtcdProcess etcd = opened(EtcdProcess.start());
    TcpProxy proxy = opened(new TcpProxy(etcd.endpoint()));
    KeyValueStore watcher = connect(proxy.endpoint());
    KeyValueStore writer = connect(etcd.endpoint());
    Recorder recorder = new Recorder();
    watcher.watch(ROOT, 1, recorder);
    commitUntilDone(writer, put("a", "1"));
    recorder.await(1);

    proxy.cut();
    recorder.awaitThat("an interruption", () -> recorder.interruptions() == 1);
    commitUntilDone(writer, put("a", "2"));
    long kept = commitUntilDone(writer, put("a", "3")).revision();
    compact(etcd, kept);
    proxy.restore();

    StoreException lost = recorder.awaitLost();
    assertThat(lost.code()).isEqualTo(StoreException.Code.COMPACTED);
    assertThat(lost.compactRevision()).isEqualTo(kept);
    assertThat(recorder.changes()).hasSize(1);
  }

  @Test
  void catchesUpWhenTheConnectionIsCutInTheMiddleOfIt() {
    EtcdProcess etcd = opened(EtcdProcess.start());
    KeyValueStore writer = connect(etcd.endpoint());
    for (int i = 0; i < 60; i++) {
      ByteString half = ByteString.copyFrom(new byte[500_000]);
      commitUntilDone(
          writer,
          new Txn(
              List.of(),
              List.of(
                  new Txn.Write.Put(ROOT + "a" + i, half),
                  new Txn.Write.Put(ROOT + "b" + i, half))));
    }
    TcpProxy proxy = opened(new TcpProxy(etcd.endpoint()));
    Recorder recorder = new Recorder();
    connect(proxy.endpoint()).watch(ROOT, 1, recorder);

    for (int i = 1; i <= 4; i++) {
      int enough = Math.min(110, i * 10);
      recorder.awaitThat(enough + " changes", () -> recorder.changes().size() >= enough);
      proxy.cut();
      proxy.restore();
    }

    List<Change> changes = recorder.await(120);
    assertThat(changes).hasSize(120);
    assertThat(changes.stream().map(Change::key).distinct()).hasSize(120);
    assertThat(changes).isSortedAccordingTo((x, y) -> Long.compare(x.revision(), y.revision()));
    assertThat(recorder.calls()).allMatch(call -> call.size() % 2 == 0, "whole revisions");
  }

  @Test
  void leavesAConnectionThatHasGoneDead() {
    EtcdProcess etcd = opened(EtcdProcess.start());
    TcpProxy proxy = opened(new TcpProxy(etcd.endpoint()));
    KeyValueStore store = connect(proxy.endpoint());
    Recorder recorder = new Recorder();
    store.watch(ROOT, 1, recorder);
    commitUntilDone(store, put("a", "1"));
    recorder.await(1);

    proxy.deaden();
    recorder.awaitThat("an interruption", () -> recorder.interruptions() == 1);
    long written = commitUntilDone(connect(etcd.endpoint()), put("a", "2")).revision();

    assertThat(recorder.await(2).get(1).revision()).isEqualTo(written);
    commitUntilDone(store, put("a", "3"));
  }

  @Test
  void endsAWatchWhenEtcdHasGoneBackInTime() {
    EtcdProcess etcd = opened(EtcdProcess.start());
    KeyValueStore store = connect(etcd.endpoint());
    Recorder recorder = new Recorder();
    store.watch(ROOT, 1, recorder);
    for (int i = 0; i < 10; i++) {
      commitUntilDone(store, put("a", "" + i));
    }
    recorder.await(10);

    etcd.kill();
    etcd.wipe();
    etcd.restart();

    StoreException lost = recorder.awaitLost();
    assertThat(lost.code()).isEqualTo(StoreException.Code.INVALID);
    assertThat(lost).hasMessageContaining("gone back");
  }

  @Test
  void goesToTheNextMemberWhenOneDoesNotAnswer() {
    EtcdProcess absent = opened(EtcdProcess.prepare());
    EtcdProcess etcd = opened(EtcdProcess.start());

    KeyValueStore store = connect(absent.endpoint(), etcd.endpoint());

    assertThat(commitUntilDone(store, put("a", "1")).committed()).isTrue();
  }

  @Test
  void isExhaustedWhenEtcdIsFull() {
    EtcdProcess etcd = opened(EtcdProcess.start("--quota-backend-bytes=" + (8 << 20)));
    KeyValueStore store = connect(etcd.endpoint());
    ByteString large = ByteString.copyFrom(new byte[1_000_000]);

    StoreException refused = null;
    for (int i = 0; i < 30 && refused == null; i++) {
      try {
        await(store.commit(new Txn(List.of(), List.of(new Txn.Write.Put(ROOT + i, large)))));
      } catch (StoreException e) {
        refused = e;
      }
    }

    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(StoreException.Code.EXHAUSTED);
    assertThat(await(store.range(ROOT, 0)).entries()).isNotEmpty();
  }

  @Test
  void endsTheWatchOfAListenerThatThrows() {
    EtcdProcess etcd = opened(EtcdProcess.start());
    KeyValueStore store = connect(etcd.endpoint());
    CompletableFuture<StoreException> lost = new CompletableFuture<>();
    store.watch(
        ROOT,
        1,
        new KeyValueStore.WatchListener() {
          @Override
          public void onChanges(List<Change> changes) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void onLost(StoreException cause) {
            lost.complete(cause);
          }
        });

    commitUntilDone(store, put("a", "1"));

    assertThat(await(lost).code()).isEqualTo(StoreException.Code.INVALID);
  }

  @Test
  void outlivesTheCallOnWhoseBehalfItWorks() {
    EtcdProcess etcd = opened(EtcdProcess.start());
    KeyValueStore store = connect(etcd.endpoint());
    Recorder recorder = new Recorder();
    Context.CancellableContext incoming = Context.ROOT.withCancellation();
    incoming.cancel(new IllegalStateException("the client has gone"));

    incoming.run(
        () -> {
          assertThat(commitUntilDone(store, put("a", "1")).committed()).isTrue();
          store.watch(ROOT, 1, recorder);
        });

    assertThat(recorder.await(1)).hasSize(1);
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }

  private KeyValueStore connect(String... endpoints) {
    return opened(
        EtcdStore.connect(
            EtcdSettings.of(Arrays.asList(endpoints))
                .withRequestTimeout(TIMEOUT)
                .withWatchCheck(Duration.ofMillis(500))));
  }

  private void compact(EtcdProcess etcd, long revision) {
    try (Connection admin = new Connection(EtcdSettings.of(List.of(etcd.endpoint())))) {
      await(
          admin.call(
              KVGrpc.getCompactMethod(),
              CompactionRequest.newBuilder().setRevision(revision).build(),
              answer -> answer));
    }
  }

  private static Txn put(String name, String value) {
    return new Txn(
        List.of(), List.of(new Txn.Write.Put(ROOT + name, ByteString.copyFromUtf8(value))));
  }

  private static TxnResult commitUntilDone(KeyValueStore store, Txn txn) {
    for (int attempt = 0; ; attempt++) {
      try {
        return await(store.commit(txn));
      } catch (StoreException e) {
        if (attempt == 30) {
          throw e;
        }
      }
    }
  }

  private static long lastRevision(Recorder recorder) {
    List<Change> changes = recorder.changes();
    return changes.isEmpty() ? 0 : changes.get(changes.size() - 1).revision();
  }

  private static Map<String, ByteString> replay(List<Change> changes) {
    Map<String, ByteString> state = new TreeMap<>();
    changes.forEach(change -> state.put(change.key(), change.value().orElseThrow()));
    return state;
  }

  private static Map<String, ByteString> state(Range range) {
    Map<String, ByteString> state = new TreeMap<>();
    range.entries().forEach(kv -> state.put(kv.key(), kv.value()));
    return state;
  }

  /** The result; throws the {@link StoreException} that the call failed with. */
  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(90, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(StoreException.class);
      throw (StoreException) e.getCause();
    } catch (TimeoutException e) {
      throw new AssertionError("the call has not ended", e);
    }
  }

  private static StoreException failure(CompletableFuture<?> future) {
    try {
      throw new AssertionError("the call succeeded with " + await(future));
    } catch (StoreException e) {
      return e;
    }
  }
}
