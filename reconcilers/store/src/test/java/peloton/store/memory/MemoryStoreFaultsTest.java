package peloton.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import peloton.store.KeyValueStore.Change;
import peloton.store.StoreException;
import peloton.store.Txn;
import peloton.store.TxnResult;
import peloton.store.contract.Recorder;

@DisplayName("The store in memory, with faults switched on,")
class MemoryStoreFaultsTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final MemoryData data = new MemoryData(clock);
  private final MemoryStore store = new MemoryStore(data, Runnable::run);
  private final Recorder recorder = new Recorder();

  @Test
  void losesTheAnswerOfACommitThatIsDone() {
    store.failNextCommit(true);

    assertUnavailable(store.commit(put("a", "1")));

    assertThat(values()).containsExactly("1");
    assertThat(store.commit(put("a", "2"))).isCompletedWithValue(new TxnResult(true, 3));
    assertThat(store.commits()).isEqualTo(2);
  }

  @Test
  void losesACommitBeforeItIsDone() {
    store.failNextCommit(false);

    assertUnavailable(store.commit(put("a", "1")));

    assertThat(values()).isEmpty();
    assertThat(store.commit(put("a", "2"))).isCompletedWithValue(new TxnResult(true, 2));
  }

  @Test
  void cutsOneClientOffAndLetsItCatchUp() {
    MemoryStore other = new MemoryStore(data, Runnable::run);
    store.watch("", 1, recorder);

    store.unavailable(true);
    other.commit(put("a", "1"));
    other.commit(put("a", "2"));

    assertUnavailable(store.commit(put("a", "3")));
    assertUnavailable(store.get("a"));
    assertUnavailable(store.revision());
    assertThat(recorder.changes()).isEmpty();
    assertThat(recorder.interruptions()).isEqualTo(1);

    store.unavailable(false);
    assertThat(recorder.changes()).extracting(Change::revision).containsExactly(2L, 3L);
    assertThat(recorder.progress()).isEqualTo(3);
    assertThat(store.revision()).isCompletedWithValue(3L);
  }

  @Test
  void losesNothingWhenItsWatchesBreak() {
    store.watch("", 1, recorder);
    for (int i = 0; i < 5; i++) {
      store.commit(put("a", "" + i));
      store.breakWatches();
    }

    assertThat(recorder.changes()).extracting(Change::revision).containsExactly(2L, 3L, 4L, 5L, 6L);
    assertThat(recorder.interruptions()).isEqualTo(5);
  }

  @Test
  void losesAWatchThatWasAwayDuringACompaction() {
    MemoryStore other = new MemoryStore(data, Runnable::run);
    store.watch("", 1, recorder);
    store.unavailable(true);
    other.commit(put("a", "1"));
    other.commit(put("a", "2"));
    data.compact(3);

    store.unavailable(false);

    assertThat(recorder.awaitLost().code()).isEqualTo(StoreException.Code.COMPACTED);
    assertThat(recorder.awaitLost().compactRevision()).isEqualTo(3);
    other.commit(put("a", "3"));
    assertThat(recorder.changes()).isEmpty();
  }

  @Test
  void takesEffectAtOnceAndAnswersWhenTheExecutorRuns() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    MemoryStore queued = new MemoryStore(data, tasks::add);
    queued.watch("", 2, recorder);

    CompletableFuture<TxnResult> answer = queued.commit(put("a", "1"));

    assertThat(values()).containsExactly("1");
    assertThat(answer).isNotDone();
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
    assertThat(answer).isCompletedWithValue(new TxnResult(true, 2));
    assertThat(recorder.changes()).hasSize(1);
  }

  @Test
  void diesBeforeACommit() {
    store.beforeCommit(txn -> store.crash());

    CompletableFuture<TxnResult> answer = store.commit(put("a", "1"));

    assertThat(answer).isNotDone();
    assertThat(values()).isEmpty();
  }

  @Test
  void diesAfterACommit() {
    store.watch("", 1, recorder);
    store.afterCommit(txn -> store.crash());

    CompletableFuture<TxnResult> answer = store.commit(put("a", "1"));

    assertThat(answer).isNotDone();
    assertThat(values()).containsExactly("1");
    new MemoryStore(data, Runnable::run).commit(put("a", "2"));
    assertThat(recorder.changes()).hasSizeLessThanOrEqualTo(1);
    assertThat(store.get("a")).isNotDone();
  }

  @Test
  void leavesTheLeasesOfADeadClientToTheClock() {
    MemoryStore other = new MemoryStore(data, Runnable::run);
    long lease = store.grantLease(Duration.ofSeconds(10)).join();
    store.commit(
        new Txn(List.of(), List.of(new Txn.Write.Put("a", ByteString.copyFromUtf8("1"), lease))));
    other.watch("", 3, recorder);
    store.crash();

    clock.advance(Duration.ofMillis(9_999));
    data.expireLeases();
    assertThat(values()).containsExactly("1");
    clock.advance(Duration.ofMillis(1));
    data.expireLeases();

    assertThat(recorder.changes()).extracting(Change::key).containsExactly("a");
    assertThat(values()).isEmpty();
  }

  @Test
  void endsALeaseByHand() {
    long lease = store.grantLease(Duration.ofSeconds(10)).join();
    store.commit(
        new Txn(List.of(), List.of(new Txn.Write.Put("a", ByteString.copyFromUtf8("1"), lease))));

    data.expireLease(lease);

    assertThat(values()).isEmpty();
    assertThat(store.renewLease(lease)).isCompletedExceptionally();
  }

  @Test
  void letsAListenerCommit() {
    List<Long> revisions = new ArrayList<>();
    Recorder commits =
        new Recorder() {
          @Override
          public void onChanges(List<Change> changes) {
            super.onChanges(changes);
            changes.forEach(change -> revisions.add(change.revision()));
            if (revisions.size() < 3) {
              store.commit(put("b", "" + revisions.size()));
            }
          }
        };
    store.watch("", 1, commits);

    store.commit(put("a", "1"));

    assertThat(revisions).containsExactly(2L, 3L, 4L);
    assertThat(commits.overlapped()).isFalse();
  }

  private static void assertUnavailable(CompletableFuture<?> call) {
    assertThat(call).isCompletedExceptionally();
    call.whenComplete(
        (value, failure) ->
            assertThat(((StoreException) failure).code())
                .isEqualTo(StoreException.Code.UNAVAILABLE));
  }

  private List<String> values() {
    return data.range("").entries().stream().map(kv -> kv.value().toStringUtf8()).toList();
  }

  private static Txn put(String key, String value) {
    return new Txn(List.of(), List.of(new Txn.Write.Put(key, ByteString.copyFromUtf8(value))));
  }
}
