package peloton.store.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import peloton.records.JobGoalRecord;
import peloton.records.PodHistoryRecord;
import peloton.records.PodRecord;
import peloton.store.FaultyStore;
import peloton.store.KeyValueStore.WatchListener;
import peloton.store.ManualExecutor;
import peloton.store.ManualTimers;
import peloton.store.StoreException;
import peloton.store.StoreException.Code;
import peloton.store.Txn;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;

class StoreViewTest {
  private static final Keyspace KEYS = new Keyspace(Keyspace.DEFAULT_PREFIX);
  private static final String JOB = "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f11";

  private final ManualTimers timers = new ManualTimers();
  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryData data = new MemoryData(timers.clock());
  private final MemoryStore writer = new MemoryStore(data, Runnable::run);
  private final MemoryStore client = new MemoryStore(data, executor);
  private final FaultyStore store = new FaultyStore(client);
  private final StoreViewSettings settings = StoreViewSettings.defaults().withResyncSlice(3);
  private final StoreView view = new StoreView(store, KEYS, executor, timers, settings);
  private final Log log = new Log();

  // ---- reading and following

  @Test
  void readsWhatIsThereAndFollowsWhatChanges() {
    put(pod(0), run(1));
    start();
    assertThat(runOf(0)).isEqualTo(1);
    assertThat(view.revision()).isEqualTo(data.revision());

    put(pod(0), run(2));
    put(pod(1), run(1));
    delete(pod(0));
    executor.runAll();

    assertThat(view.records().job(JOB).pods().get(0)).isNull();
    assertThat(runOf(1)).isEqualTo(1);
    assertThat(view.revision()).isEqualTo(data.revision());
    assertThat(view.staleness()).isZero();
  }

  @Test
  void missesNothingThatIsWrittenWhileItReads() {
    put(pod(0), run(1));
    view.attach(log);
    view.start();
    while (view.revision() == 0) {
      put(pod(0), run(data.revision()));
      executor.runNext();
    }
    executor.runAll();

    assertThat(runOf(0)).isEqualTo(data.revision() - 1);
    assertThat(log.revisions()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void startIsDoneWhenEverythingIsRead() {
    CompletableFuture<Void> started = view.start();
    assertThat(started).isNotDone();
    assertThat(view.start()).isSameAs(started);

    executor.runAll();
    assertThat(started).isCompleted();
    assertThat(view.stats().loads()).isEqualTo(1);
  }

  @Test
  void appliesATransactionAtOnce() {
    start();
    commit(KEYS.put(pod(0), run(1)), KEYS.put(pod(1), run(1)), KEYS.put(goal(), goal(1)));
    executor.runAll();

    assertThat(log.calls).hasSize(2);
    assertThat(log.calls.get(1).changes()).hasSize(3);
    assertThat(view.records().job(JOB).goalRevision()).isEqualTo(data.revision());
  }

  @Test
  void dropsChangesThatComeTwice() {
    start();
    store.repeat(true);
    put(pod(0), run(1));
    put(pod(0), run(2));
    executor.runAll();

    assertThat(log.runs(0)).containsExactly(1L, 2L);
    assertThat(view.stats().duplicates()).isPositive();
  }

  @Test
  void progressMovesTheRevisionWithoutChanges() {
    start();
    long revision = view.revision() + 10;
    CompletableFuture<Void> reached = view.awaitRevision(revision);

    WatchListener feed = store.listeners().get(0);
    feed.onProgress(revision - 1);
    executor.runAll();
    assertThat(reached).isNotDone();

    feed.onProgress(revision);
    feed.onProgress(revision - 5);
    executor.runAll();
    assertThat(reached).isCompleted();
    assertThat(view.revision()).isEqualTo(revision);
    assertThat(log.calls).hasSize(1);
  }

  @Test
  void keepsNoHistoryInMemory() {
    put(new RecordKey.PodHistory(JOB, 0, 1), PodHistoryRecord.getDefaultInstance());
    start();
    put(new RecordKey.PodHistory(JOB, 0, 2), PodHistoryRecord.getDefaultInstance());
    executor.runAll();

    assertThat(log.calls).hasSize(1);
    assertThat(view.records().jobs()).isEmpty();
    assertThat(view.stats().unknownKeys()).isZero();
  }

  @Test
  void showsEveryDeletionOfADeletedPrefix() {
    put(pod(0), run(1));
    put(pod(7), run(1));
    put(goal(), goal(1));
    start();
    commit(new Txn.Write.DeletePrefix(KEYS.below(RecordKey.actualOf(JOB))));
    executor.runAll();

    assertThat(log.last().changes())
        .extracting(RecordChange::key)
        .containsExactlyInAnyOrder(pod(0), pod(7));
    assertThat(view.records().job(JOB).pods().size()).isZero();
    assertThat(view.records().job(JOB).goal()).isNotNull();
  }

  // ---- keys and values that cannot be read

  @Test
  void anUnknownKeyIsLeftAlone() {
    putBytes("desired/moons/1", "x");
    start();
    putBytes("actual/jobs/x/phase/0000000000000000001", "x");
    put(pod(0), run(1));
    executor.runAll();

    assertThat(runOf(0)).isEqualTo(1);
    assertThat(view.stats().unknownKeys()).isEqualTo(2);
    assertThat(view.stats().unreadable()).isZero();
  }

  @Test
  void anUnreadableValueStopsNothing() {
    put(pod(1), run(4));
    putBytes(pod(0).path(), "\u0007garbage");
    start();
    putBytes(pod(1).path(), "\u0007garbage");
    put(pod(2), run(1));
    executor.runAll();

    assertThat(view.records().job(JOB).pods().get(0)).isNull();
    assertThat(runOf(1)).isEqualTo(4);
    assertThat(runOf(2)).isEqualTo(1);
    assertThat(view.stats().unreadable()).isEqualTo(2);
    assertThat(view.revision()).isEqualTo(data.revision());
  }

  @Test
  void anImpossibleInstanceStopsNothing() {
    start();
    put(pod(Integer.MAX_VALUE), run(1));
    put(pod(2), run(1));
    executor.runAll();

    assertThat(runOf(2)).isEqualTo(1);
    assertThat(view.stats().unreadable()).isEqualTo(1);
  }

  // ---- waiting for a revision

  @Test
  void aWriteIsReadableOnceItsRevisionIsReached() {
    start();
    long revision = put(pod(0), run(1));
    CompletableFuture<Long> read = view.awaitRevision(revision).thenApply(done -> runOf(0));
    assertThat(read).isNotDone();

    executor.runAll();
    assertThat(read).isCompletedWithValue(1L);
    assertThat(view.awaitRevision(revision)).isCompleted();
  }

  @Test
  void waitersAreServedInTheOrderOfTheirRevisions() {
    start();
    long now = view.revision();
    List<Integer> served = new ArrayList<>();
    for (int ahead : List.of(3, 1, 2, 1)) {
      view.awaitRevision(now + ahead).thenRun(() -> served.add(ahead));
    }
    put(pod(0), run(1));
    put(pod(0), run(2));
    executor.runAll();
    assertThat(served).containsExactly(1, 1, 2);

    put(pod(0), run(3));
    executor.runAll();
    assertThat(served).containsExactly(1, 1, 2, 3);
  }

  @Test
  void closingFailsWhoWaits() {
    start();
    CompletableFuture<Void> waiting = view.awaitRevision(view.revision() + 1);
    view.close();
    executor.runAll();

    assertThat(waiting).isCompletedExceptionally();
    assertThatThrownBy(() -> waiting.get(0, TimeUnit.SECONDS))
        .hasCauseInstanceOf(StoreException.class);
    assertThat(view.awaitRevision(view.revision() + 1)).isCompletedExceptionally();
    assertThat(timers.pending()).isZero();
  }

  @Test
  void aClosedViewIsDeaf() {
    start();
    view.close();
    executor.runAll();
    int heard = log.calls.size();
    put(pod(0), run(1));
    executor.runAll();

    assertThat(log.calls).hasSize(heard);
    assertThat(view.records().job(JOB)).isNull();
    timers.advance(Duration.ofSeconds(3));
    assertThat(view.staleness()).isEqualTo(Duration.ofSeconds(3));
  }

  // ---- listeners

  @Test
  void aListenerBeginsWithASnapshotWheneverItComes() {
    Log early = new Log();
    view.attach(early);
    put(pod(0), run(1));
    view.start();
    executor.runAll();
    Log late = new Log();
    put(pod(0), run(2));
    executor.runAll();
    view.attach(late);
    executor.runAll();

    assertThat(early.calls.get(0).snapshot()).isTrue();
    assertThat(early.runs(0)).containsExactly(1L, 2L);
    assertThat(late.calls.get(0).snapshot()).isTrue();
    assertThat(late.runs(0)).containsExactly(2L);
  }

  @Test
  void aListenerThatLeftHearsNothing() {
    Log left = new Log();
    start();
    View.Attachment attachment = view.attach(left);
    executor.runAll();
    attachment.close();
    put(pod(0), run(1));
    executor.runAll();

    assertThat(left.calls).hasSize(1);
    assertThat(log.calls).hasSize(2);
  }

  @Test
  void aListenerThatFailsStartsOverAndDisturbsNobody() {
    Log failing = new Log();
    view.attach(failing);
    start();
    failing.failNext = true;
    put(pod(0), run(1));
    put(pod(0), run(2));
    executor.runAll();

    assertThat(failing.calls).hasSize(2);
    assertThat(failing.last().snapshot()).isTrue();
    assertThat(failing.runs(0)).containsExactly(2L);
    assertThat(log.runs(0)).containsExactly(1L, 2L);
  }

  @Test
  void listenersSeeTheRecordsAsOfTheCall() {
    start();
    List<Long> seen = new ArrayList<>();
    view.attach(
        new ViewListener() {
          @Override
          public void onSnapshot(Records records, long revision) {
            assertThat(view.revision()).isEqualTo(revision);
          }

          @Override
          public void onChanges(List<RecordChange> changes, long revision) {
            assertThat(view.revision()).isEqualTo(revision);
            seen.add(runOf(0));
          }
        });
    executor.runAll();
    put(pod(0), run(1));
    executor.runAll();

    assertThat(seen).containsExactly(1L);
  }

  // ---- a store that is away

  @Test
  void keepsTryingUntilTheStoreIsThere() {
    client.unavailable(true);
    CompletableFuture<Void> started = view.start();
    executor.runAll();
    for (int i = 0; i < 60; i++) {
      advance(Duration.ofSeconds(1));
    }
    assertThat(started).isNotDone();
    assertThat(view.staleness()).isEqualTo(Duration.ofMinutes(1));

    client.unavailable(false);
    put(pod(0), run(1));
    advance(settings.retryLongest());
    assertThat(started).isCompleted();
    assertThat(runOf(0)).isEqualTo(1);
    assertThat(view.staleness()).isZero();
  }

  @Test
  void saysHowOldItIsWhileTheStoreIsAwayAndCatchesUp() {
    start();
    client.unavailable(true);
    executor.runAll();
    advance(Duration.ofSeconds(20));
    put(pod(0), run(1));
    assertThat(view.staleness()).isEqualTo(Duration.ofSeconds(20));
    assertThat(view.records().job(JOB)).isNull();

    client.unavailable(false);
    executor.runAll();
    assertThat(view.staleness()).isZero();
    assertThat(runOf(0)).isEqualTo(1);
    assertThat(view.stats().loads()).isEqualTo(1);
  }

  @Test
  void anIdleViewNoticesThatTheStoreIsBack() {
    start();
    client.unavailable(true);
    advance(Duration.ofSeconds(20));
    client.unavailable(false);
    advance(settings.probeInterval());

    assertThat(view.staleness()).isZero();
    assertThat(view.stats().loads()).isEqualTo(1);
  }

  @Test
  void readsAnewWhenTheStoreComesBackWithoutItsWatch() {
    start();
    client.unavailable(true);
    executor.runAll();
    store.silence(true);
    put(pod(0), run(1));
    client.unavailable(false);
    executor.runAll();
    assertThat(view.records().job(JOB)).isNull();

    for (int i = 0; i < 15; i++) {
      advance(Duration.ofSeconds(1));
    }
    assertThat(runOf(0)).isEqualTo(1);
    assertThat(view.staleness()).isZero();
    assertThat(view.stats().loads()).isEqualTo(2);
  }

  @Test
  void readsAnewWhenTheChangesItNeedsAreCompactedAway() {
    put(pod(0), run(1));
    put(pod(1), run(1));
    start();
    CompletableFuture<Void> waiting = view.awaitRevision(view.revision() + 4);
    client.unavailable(true);
    delete(pod(0));
    put(pod(1), run(2));
    put(pod(2), run(1));
    put(pod(3), run(1));
    data.compact(data.revision());
    executor.runAll();
    client.unavailable(false);
    executor.runAll();
    assertThat(view.staleness()).isGreaterThanOrEqualTo(Duration.ZERO);
    advance(Duration.ofSeconds(5));

    assertThat(view.records().job(JOB).pods().get(0)).isNull();
    assertThat(runOf(1)).isEqualTo(2);
    assertThat(runOf(2)).isEqualTo(1);
    assertThat(waiting).isCompleted();
    assertThat(log.last().snapshot()).isTrue();
    assertThat(view.revision()).isEqualTo(data.revision());
    assertThat(view.stats().repairs()).isZero();

    put(pod(3), run(2));
    executor.runAll();
    assertThat(runOf(3)).isEqualTo(2);
  }

  @Test
  void aWatchThatIsLostAgainAndAgainIsNotReopenedInAFrenzy() {
    start();
    for (int i = 0; i < 20; i++) {
      List<WatchListener> feeds = store.listeners();
      feeds.get(feeds.size() - 1).onLost(new StoreException(Code.UNAVAILABLE, "gone"));
      executor.runAll();
      advance(Duration.ofMillis(500));
    }
    assertThat(view.stats().loads()).isLessThan(10);

    advance(settings.retryLongest());
    put(pod(0), run(1));
    executor.runAll();
    assertThat(runOf(0)).isEqualTo(1);
  }

  @Test
  void anOldWatchIsNotHeardAnyMore() {
    start();
    WatchListener old = store.listeners().get(0);
    old.onLost(new StoreException(Code.UNAVAILABLE, "gone"));
    advance(Duration.ofSeconds(1));
    old.onProgress(1_000_000);
    old.onLost(new StoreException(Code.UNAVAILABLE, "gone"));
    executor.runAll();

    assertThat(view.revision()).isEqualTo(data.revision());
    assertThat(view.stats().loads()).isEqualTo(2);
    assertThat(view.staleness()).isZero();
  }

  // ---- comparing with the store

  @Test
  void aLostDeletionAndALostWriteAreRepairedAndTold() {
    put(pod(0), run(1));
    put(pod(1), run(1));
    put(goal(), goal(1));
    start();
    store.lose(change -> !change.key().equals(KEYS.key(pod(1))));
    delete(pod(0));
    put(pod(2), run(5));
    long goalRevision = put(goal(), goal(1));
    put(pod(1), run(2));
    executor.runAll();
    assertThat(runOf(0)).isEqualTo(1);
    assertThat(view.revision()).isEqualTo(data.revision());

    store.lose(change -> false);
    advance(settings.resyncInterval());

    assertThat(view.records().job(JOB).pods().get(0)).isNull();
    assertThat(runOf(1)).isEqualTo(2);
    assertThat(runOf(2)).isEqualTo(5);
    assertThat(view.records().job(JOB).goalRevision()).isEqualTo(goalRevision);
    assertThat(view.stats().repairs()).isEqualTo(3);
    assertThat(log.last().snapshot()).isTrue();

    advance(settings.resyncInterval());
    assertThat(view.stats().repairs()).isEqualTo(3);
    assertThat(view.stats().resyncs()).isEqualTo(2);
  }

  @Test
  void aChangeThatIsTheLastAndLostIsRepairedAfterAWhile() {
    start();
    store.lose(change -> true);
    long revision = put(pod(0), run(1));
    CompletableFuture<Void> waiting = view.awaitRevision(revision);
    advance(settings.resyncInterval());
    assertThat(waiting).isNotDone();

    advance(settings.watchPatience());
    assertThat(waiting).isCompleted();
    assertThat(runOf(0)).isEqualTo(1);
    assertThat(view.stats().repairs()).isEqualTo(1);
  }

  @Test
  void whatChangesDuringAComparisonIsNoDifference() {
    for (int i = 0; i < 40; i++) {
      put(pod(i), run(1));
    }
    start();
    timers.advance(settings.resyncInterval());
    int turn = 0;
    while (executor.runNext()) {
      if (turn < 40) {
        put(pod(turn), run(2));
        put(pod(100 + turn), run(1));
        delete(pod(39 - turn));
        turn++;
      }
    }

    assertThat(turn).isEqualTo(40);
    assertThat(view.stats().resyncs()).isEqualTo(1);
    assertThat(view.stats().repairs()).isZero();
    assertThat(view.records().job(JOB).pods().size())
        .isEqualTo(data.range(KEYS.prefix()).entries().size());
  }

  @Test
  void aComparisonOfAnIdleViewFindsNothingAndTellsNobody() {
    put(pod(0), run(1));
    start();
    for (int i = 0; i < 5; i++) {
      advance(settings.resyncInterval());
    }
    assertThat(view.stats().resyncs()).isEqualTo(5);
    assertThat(log.calls).hasSize(1);
  }

  @Test
  void aComparisonThatCannotBeReadIsMadeLater() {
    start();
    store.failRanges(Optional.of(new StoreException(Code.UNAVAILABLE, "busy")));
    advance(settings.resyncInterval());
    assertThat(view.stats().resyncs()).isZero();

    store.failRanges(Optional.empty());
    advance(settings.resyncInterval());
    assertThat(view.stats().resyncs()).isEqualTo(1);
  }

  @Test
  void anUnreadableValueIsNoDifference() {
    put(pod(0), run(1));
    start();
    putBytes(pod(0).path(), "\u0007garbage");
    executor.runAll();
    advance(settings.resyncInterval());

    assertThat(runOf(0)).isEqualTo(1);
    assertThat(view.stats().repairs()).isZero();
  }

  @Test
  void aStoreThatWentBackIsReadAnew() {
    put(pod(0), run(1));
    start();
    store.listeners().get(0).onProgress(1_000);
    executor.runAll();
    assertThat(view.revision()).isEqualTo(1_000);

    put(pod(0), run(2));
    executor.runAll();
    assertThat(runOf(0)).isEqualTo(1);

    advance(settings.resyncInterval());
    advance(Duration.ofSeconds(1));
    assertThat(runOf(0)).isEqualTo(2);
    assertThat(view.revision()).isEqualTo(data.revision());
  }

  // ---- helpers

  private void start() {
    view.attach(log);
    view.start();
    executor.runAll();
  }

  private void advance(Duration by) {
    long steps = 20;
    for (int i = 0; i < steps; i++) {
      timers.advance(by.dividedBy(steps));
      executor.runAll();
    }
  }

  private long put(RecordKey key, Message value) {
    return commit(KEYS.put(key, value));
  }

  private void putBytes(String path, String value) {
    commit(new Txn.Write.Put(KEYS.prefix() + path, ByteString.copyFromUtf8(value)));
  }

  private void delete(RecordKey key) {
    commit(new Txn.Write.Delete(KEYS.key(key)));
  }

  private long commit(Txn.Write... writes) {
    return writer.commit(new Txn(List.of(), List.of(writes))).join().revision();
  }

  private long runOf(int instance) {
    return view.records().job(JOB).pods().get(instance).getRun();
  }

  private static RecordKey pod(int instance) {
    return new RecordKey.Pod(JOB, instance);
  }

  private static PodRecord run(long run) {
    return PodRecord.newBuilder().setRun(run).build();
  }

  private static RecordKey goal() {
    return new RecordKey.JobGoal(JOB);
  }

  private static JobGoalRecord goal(long version) {
    return JobGoalRecord.newBuilder().setConfigurationVersion(version).build();
  }

  /** Writes down what a listener hears. */
  private final class Log implements ViewListener {
    record Call(boolean snapshot, List<RecordChange> changes, long revision) {}

    private final List<Call> calls = new ArrayList<>();
    private final List<PodRecord> first = new ArrayList<>();
    private boolean failNext;

    @Override
    public void onSnapshot(Records records, long revision) {
      fail();
      calls.add(new Call(true, List.of(), revision));
      first.clear();
      JobEntry job = records.job(JOB);
      for (int i = 0; job != null && i < job.pods().bound(); i++) {
        first.add(job.pods().get(i));
      }
    }

    @Override
    public void onChanges(List<RecordChange> changes, long revision) {
      fail();
      calls.add(new Call(false, changes, revision));
    }

    private void fail() {
      if (failNext) {
        failNext = false;
        throw new IllegalStateException("this listener fails on purpose");
      }
    }

    Call last() {
      return calls.get(calls.size() - 1);
    }

    List<Long> revisions() {
      return calls.stream().map(Call::revision).toList();
    }

    /** The runs of an instance as the listener knows them since its last snapshot. */
    List<Long> runs(int instance) {
      List<Long> runs = new ArrayList<>();
      if (instance < first.size() && first.get(instance) != null) {
        runs.add(first.get(instance).getRun());
      }
      for (Call call : calls) {
        for (RecordChange change : call.changes()) {
          if (change.key().equals(pod(instance))) {
            runs.add(((PodRecord) change.value().orElseThrow()).getRun());
          }
        }
      }
      return runs;
    }
  }
}
