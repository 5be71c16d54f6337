package peloton.store.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.store.KeyRange;
import peloton.store.KeyValue;
import peloton.store.KeyValueStore;
import peloton.store.KeyValueStore.Change;
import peloton.store.Range;
import peloton.store.StoreException;
import peloton.store.Txn;
import peloton.store.Txn.Guard;
import peloton.store.Txn.Write;
import peloton.store.Txn.Write.Delete;
import peloton.store.Txn.Write.DeletePrefix;
import peloton.store.Txn.Write.Put;
import peloton.store.TxnResult;

/** The promises of {@link KeyValueStore}; a subclass says which store has to keep them. */
public abstract class KeyValueStoreContract {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Below it, nothing was written before the test began. */
  private final String root = "/contract/" + UUID.randomUUID() + "/";

  private final List<AutoCloseable> opened = new ArrayList<>();
  private KeyValueStore store;

  /** Another client of the one data set. */
  protected abstract KeyValueStore open();

  /** Forgets the history before a revision. */
  protected abstract void compact(long revision);

  /** Lets this much time pass, as leases count it, and a little more. */
  protected abstract void pass(Duration time);

  @BeforeEach
  final void openStore() {
    store = client();
  }

  @AfterEach
  final void closeAll() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  // Transactions

  @Test
  void writesAndReadsAKey() {
    TxnResult result = commit(put("a", "1"));

    Range read = await(store.get(root + "a"));

    assertThat(result.committed()).isTrue();
    assertThat(read.entries())
        .containsExactly(
            new KeyValue(root + "a", bytes("1"), result.revision(), result.revision(), 1));
    assertThat(read.revision()).isGreaterThanOrEqualTo(result.revision());
  }

  @Test
  void readsAnAbsentKeyAsNothing() {
    assertThat(await(store.get(root + "a")).entries()).isEmpty();
  }

  @Test
  void countsTheVersionsOfAKeyAndKeepsItsCreation() {
    long created = commit(put("a", "1")).revision();
    commit(put("a", "2"));
    long written = commit(put("a", "3")).revision();

    assertThat(read("a")).isEqualTo(new KeyValue(root + "a", bytes("3"), created, written, 3));
  }

  @Test
  void startsOverWithAKeyThatWasDeleted() {
    commit(put("a", "1"));
    commit(put("a", "2"));
    commit(delete("a"));
    assertThat(await(store.get(root + "a")).entries()).isEmpty();

    long again = commit(put("a", "3")).revision();

    assertThat(read("a")).isEqualTo(new KeyValue(root + "a", bytes("3"), again, again, 1));
  }

  @Test
  void writesEverythingOfATransactionAtOneRevision() {
    commit(put("gone", "x"));

    TxnResult result = commit(put("a", "1"), put("b", "2"), delete("gone"));

    assertThat(range(0).entries())
        .extracting(KeyValue::key, KeyValue::modRevision)
        .containsExactly(
            tuple(root + "a", result.revision()), tuple(root + "b", result.revision()));
  }

  @Test
  void takesTheNextRevisionForEachTransactionThatChangesSomething() {
    long first = commit(put("a", "1")).revision();
    long second = commit(put("a", "1")).revision();
    long deleted = commit(delete("a")).revision();

    assertThat(second).isGreaterThan(first);
    assertThat(deleted).isGreaterThan(second);
    assertThat(await(store.revision())).isGreaterThanOrEqualTo(deleted);
  }

  @Test
  void changesNothingByDeletingWhatIsNotThere() {
    long before = commit(put("a", "1")).revision();

    TxnResult result = commit(delete("b"), deletePrefix("c/"));

    assertThat(result).isEqualTo(new TxnResult(true, before));
  }

  @Test
  void takesAnEmptyTransaction() {
    long before = commit(put("a", "1")).revision();

    assertThat(commit()).isEqualTo(new TxnResult(true, before));
  }

  @Test
  void writesIfEveryGuardHolds() {
    long created = commit(put("a", "1")).revision();
    long written = commit(put("a", "2")).revision();

    TxnResult result =
        commit(
            List.of(
                new Guard.Absent(root + "b"),
                new Guard.CreateRevision(root + "a", created),
                new Guard.ModRevision(root + "a", written),
                new Guard.Version(root + "a", 2)),
            put("a", "3"),
            put("b", "1"));

    assertThat(result.committed()).isTrue();
    assertThat(read("a").value()).isEqualTo(bytes("3"));
    assertThat(read("b").value()).isEqualTo(bytes("1"));
  }

  @Test
  void writesNothingIfAnyGuardFails() {
    long created = commit(put("a", "1")).revision();
    long written = commit(put("a", "2")).revision();
    List<Guard> failing =
        List.of(
            new Guard.Absent(root + "a"),
            new Guard.CreateRevision(root + "a", written),
            new Guard.CreateRevision(root + "b", created),
            new Guard.ModRevision(root + "a", created),
            new Guard.ModRevision(root + "b", written),
            new Guard.Version(root + "a", 1),
            new Guard.Version(root + "b", 1));

    for (Guard guard : failing) {
      TxnResult result =
          commit(List.of(new Guard.Absent(root + "b"), guard), put("a", "x"), put("b", "x"));
      assertThat(result).as("%s", guard).isEqualTo(new TxnResult(false, written));
    }

    assertThat(range(0).entries()).extracting(KeyValue::value).containsExactly(bytes("2"));
  }

  @Test
  void failsAGuardOnTheCreationOfAKeyThatWasDeletedAndCreatedAgain() {
    long created = commit(put("a", "1")).revision();
    commit(delete("a"));
    commit(put("a", "1"));

    TxnResult result =
        commit(List.of(new Guard.CreateRevision(root + "a", created)), put("b", "x"));

    assertThat(result.committed()).isFalse();
  }

  @Test
  void deletesAPrefixAndNothingBeside() {
    commit(put("a/1", "x"), put("a/2", "x"), put("a/2/3", "x"), put("a", "x"), put("a0", "x"));

    TxnResult result = commit(deletePrefix("a/"), put("b", "x"));

    assertThat(result.committed()).isTrue();
    assertThat(keys(range(0))).containsExactly(root + "a", root + "a0", root + "b");
  }

  @Test
  void holdsAsManyOperationsAsAllowed() {
    List<Guard> guards =
        IntStream.range(0, KeyValueStore.MAX_OPERATIONS)
            .<Guard>mapToObj(i -> new Guard.Absent(root + i))
            .toList();
    Write[] writes =
        IntStream.range(0, KeyValueStore.MAX_OPERATIONS)
            .mapToObj(i -> put("" + i, "x"))
            .toArray(Write[]::new);

    TxnResult result = commit(guards, writes);

    assertThat(result.committed()).isTrue();
    assertThat(range(0).entries())
        .hasSize(KeyValueStore.MAX_OPERATIONS)
        .allMatch(kv -> kv.modRevision() == result.revision());
  }

  @Test
  void refusesMoreOperationsThanAllowed() {
    Write[] writes =
        IntStream.rangeClosed(0, KeyValueStore.MAX_OPERATIONS)
            .mapToObj(i -> put("" + i, "x"))
            .toArray(Write[]::new);
    List<Guard> guards =
        IntStream.rangeClosed(0, KeyValueStore.MAX_OPERATIONS)
            .<Guard>mapToObj(i -> new Guard.Absent(root + i))
            .toList();

    assertThatThrownBy(() -> commit(writes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("129 writes")
        .hasMessageContaining("128");
    assertThatThrownBy(() -> commit(guards, put("a", "1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("129 guards");
    assertThat(range(0).entries()).isEmpty();
  }

  @Test
  void holdsAsManyBytesAsAllowed() {
    String key = root + "large";
    ByteString value = random(KeyValueStore.MAX_BYTES - key.length());

    TxnResult result = await(store.commit(new Txn(List.of(), List.of(new Put(key, value)))));

    assertThat(result.committed()).isTrue();
    assertThat(await(store.get(key)).entries().get(0).value()).isEqualTo(value);
  }

  @Test
  void refusesMoreBytesThanAllowed() {
    String key = root + "large";
    Put put = new Put(key, random(KeyValueStore.MAX_BYTES - key.length() + 1));

    assertThatThrownBy(() -> store.commit(new Txn(List.of(), List.of(put))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1400001 bytes")
        .hasMessageContaining("1400000");
  }

  @Test
  void refusesToWriteAKeyTwice() {
    assertThatThrownBy(() -> commit(put("a", "1"), put("a", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(root + "a twice");
    assertThatThrownBy(() -> commit(put("a", "1"), delete("a")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> commit(deletePrefix(""), put("a", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("everything below");
    assertThat(range(0).entries()).isEmpty();
  }

  @Test
  void refusesAGuardThatNamesNoRevision() {
    assertThatThrownBy(() -> commit(List.of(new Guard.ModRevision(root + "a", 0)), put("a", "1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ModRevision");
  }

  @Test
  void keepsEveryByteOfAValue() {
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    commit(new Put(root + "every", ByteString.copyFrom(every)), put("empty", ""));

    assertThat(read("every").value().toByteArray()).isEqualTo(every);
    assertThat(read("empty").value()).isEqualTo(ByteString.EMPTY);
  }

  @Test
  void losesNoUpdateOfManyClients() throws Exception {
    int clients = 4;
    int increments = 50;
    commit(put("counter", "0"));
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int c = 0; c < clients; c++) {
        KeyValueStore client = client();
        running.add(threads.submit(() -> increment(client, increments)));
      }
      for (Future<?> one : running) {
        one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(read("counter").value()).isEqualTo(bytes("" + clients * increments));
    assertThat(read("counter").version()).isEqualTo(clients * increments + 1);
  }

  private void increment(KeyValueStore client, int times) {
    for (int done = 0; done < times; ) {
      KeyValue now = await(client.get(root + "counter")).entries().get(0);
      String next = "" + (Integer.parseInt(now.value().toStringUtf8()) + 1);
      Txn txn =
          new Txn(
              List.of(new Guard.ModRevision(now.key(), now.modRevision())),
              List.of(put("counter", next)));
      if (await(client.commit(txn)).committed()) {
        done++;
      }
    }
  }

  // Ranges

  @Test
  void readsWhatLiesBelowAPrefixInOrder() {
    commit(put("b", "2"), put("a/z", "1"), put("a", "0"), put("ü", "4"), put("\uE000", "5"));
    commit(put("\uD83D\uDE00", "6"), put("c", "3"));

    assertThat(keys(range(0)))
        .containsExactly(
            root + "a",
            root + "a/z",
            root + "b",
            root + "c",
            root + "ü",
            root + "\uE000",
            root + "\uD83D\uDE00");
    assertThat(keys(await(store.range(root + "a", 0)))).containsExactly(root + "a", root + "a/z");
    assertThat(keys(await(store.range(KeyRange.between(root, root + "b"), 0))))
        .containsExactly(root + "a", root + "a/z");
    assertThat(keys(await(store.range(KeyRange.between(root, root + "\uD83D\uDE00"), 0))))
        .hasSize(6)
        .endsWith(root + "\uE000");
  }

  @Test
  void readsAPrefixOfManyPagesAsOfOneRevision() {
    int keys = 5_000;
    long last = fill(keys, 100);

    CompletableFuture<Range> reading = store.range(root, last);
    commit(put("00042", "new"), delete("04999"), put("later", "x"));
    Range read = await(reading);

    assertThat(read.revision()).isEqualTo(last);
    assertThat(read.entries()).hasSize(keys);
    assertThat(read.entries()).isSortedAccordingTo(Comparator.comparing(KeyValue::key));
    assertThat(read.entries()).allMatch(kv -> kv.value().size() == 100);
  }

  @Test
  void readsLargeValuesOverManyPages() {
    for (int i = 0; i < 70; i++) {
      commit(new Put(root + String.format("%02d", i), random(1_000_000)));
    }

    Range read = range(0);

    assertThat(read.entries()).hasSize(70).allMatch(kv -> kv.value().size() == 1_000_000);
  }

  @Test
  void readsThePast() {
    commit(put("a", "1"), put("b", "1"));
    long then = commit(put("a", "2")).revision();
    commit(put("a", "3"), delete("b"), put("c", "1"));

    Range read = range(then);

    assertThat(read.revision()).isEqualTo(then);
    assertThat(read.entries())
        .extracting(KeyValue::key, KeyValue::value)
        .containsExactly(tuple(root + "a", bytes("2")), tuple(root + "b", bytes("1")));
  }

  @Test
  void refusesToReadTheFuture() {
    long now = commit(put("a", "1")).revision();

    StoreException failure = failure(store.range(root, now + 1_000_000));

    assertThat(failure.code()).isEqualTo(StoreException.Code.INVALID);
  }

  @Test
  void saysWhichRevisionIsTheOldest() {
    long old = commit(put("a", "1")).revision();
    long kept = commit(put("a", "2")).revision();
    commit(put("a", "3"));
    compact(kept);

    StoreException failure = failure(store.range(root, old));

    assertThat(failure.code()).isEqualTo(StoreException.Code.COMPACTED);
    assertThat(failure.compactRevision()).isEqualTo(kept);
    assertThat(range(kept).entries()).extracting(KeyValue::value).containsExactly(bytes("2"));
    assertThat(range(0).entries()).extracting(KeyValue::value).containsExactly(bytes("3"));
  }

  // Watches

  @Test
  void tellsTheHistoryAndThenWhatHappens() {
    long first = commit(put("a", "1"), put("b", "1")).revision();
    long second = commit(put("a", "2"), delete("b")).revision();
    Recorder recorder = watch(first);
    recorder.await(4);

    long third = commit(put("c", "1")).revision();

    assertThat(recorder.await(5))
        .containsExactly(
            change("a", "1", first),
            change("b", "1", first),
            change("a", "2", second),
            deletion("b", second),
            change("c", "1", third));
  }

  @Test
  void tellsOnlyWhatComesBeforeTheEndOfARange() {
    long first = commit(put("a", "1"), put("m/1", "1"), put("z", "1")).revision();
    Recorder recorder = new Recorder();
    opened.add(store.watch(KeyRange.between(root, root + "m/"), first, recorder));

    commit(put("m/2", "x"), delete("z"));
    long last = commit(put("l", "2"), put("m/1", "2")).revision();

    assertThat(recorder.await(2)).containsExactly(change("a", "1", first), change("l", "2", last));
  }

  @Test
  void tellsOnlyWhatLiesBelowThePrefix() {
    long first = commit(put("a/1", "1"), put("b/1", "1")).revision();
    Recorder recorder = watch(root + "a/", first);

    commit(put("a", "x"), put("a0", "x"), put("b/2", "x"));
    long last = commit(put("a/2", "2")).revision();

    assertThat(recorder.await(2))
        .containsExactly(change("a/1", "1", first), change("a/2", "2", last));
  }

  @Test
  void tellsEveryChangeOfAPrefixThatIsDeleted() {
    long first = commit(put("a/1", "1"), put("a/2", "1"), put("b", "1")).revision();
    Recorder recorder = watch(first + 1);

    long deleted = commit(deletePrefix("a/")).revision();

    assertThat(recorder.await(2))
        .containsExactlyInAnyOrder(deletion("a/1", deleted), deletion("a/2", deleted));
  }

  @Test
  void startsFromNowWhenNoRevisionIsGiven() {
    commit(put("old", "1"));
    Recorder recorder = watch(0);

    // The watch reaches the store at some time after the call, so one write may be too early for
    // it.
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (recorder.changes().isEmpty()) {
      assertThat(System.nanoTime()).as("a change before the deadline").isLessThan(deadline);
      commit(put("new", "1"));
    }

    assertThat(recorder.changes()).extracting(Change::key).containsOnly(root + "new");
  }

  @Test
  void waitsForARevisionThatIsToCome() {
    long now = commit(put("a", "1")).revision();
    Recorder recorder = watch(now + 2);
    while (commit(put("a", "2")).revision() < now + 2) {
      // Others may write to the same store, but never take a revision back.
    }

    assertThat(recorder.await(1).get(0).revision()).isGreaterThanOrEqualTo(now + 2);
  }

  @Test
  void goesOnWhereAnotherWatchEnded() {
    long first = commit(put("a", "0")).revision();
    List<Change> all = new ArrayList<>();
    all.add(change("a", "0", first));
    for (int i = 1; i <= 20; i++) {
      all.add(change("a", "" + i, commit(put("a", "" + i)).revision()));
    }

    for (Change from : all) {
      Recorder recorder = watch(from.revision());
      List<Change> rest = all.subList(all.indexOf(from), all.size());
      assertThat(recorder.await(rest.size())).isEqualTo(rest);
    }
  }

  @Test
  void tellsWholeRevisionsWithoutGapsOrRepetitions() {
    long first = await(store.revision()) + 1;
    Recorder early = watch(first);
    List<TxnResult> results = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int step = i;
      results.add(
          commit(
              IntStream.range(0, KeyValueStore.MAX_OPERATIONS)
                  .mapToObj(k -> put("" + k, "" + step))
                  .toArray(Write[]::new)));
    }
    Recorder late = watch(first);

    for (Recorder recorder : List.of(early, late)) {
      List<Change> changes = recorder.await(100 * KeyValueStore.MAX_OPERATIONS);
      assertThat(changes).hasSize(100 * KeyValueStore.MAX_OPERATIONS).doesNotHaveDuplicates();
      assertThat(changes.stream().map(Change::revision).distinct())
          .containsExactlyElementsOf(results.stream().map(TxnResult::revision).toList());
      assertThat(recorder.calls())
          .allMatch(call -> call.size() % KeyValueStore.MAX_OPERATIONS == 0, "whole revisions");
      assertThat(recorder.overlapped()).isFalse();
    }
  }

  @Test
  void catchesUpOverMoreThanOneAnswerHolds() {
    long first = await(store.revision()) + 1;
    for (int i = 0; i < 70; i++) {
      commit(new Put(root + "a" + i, random(500_000)), new Put(root + "b" + i, random(500_000)));
    }

    Recorder recorder = watch(first);

    assertThat(recorder.await(140)).hasSize(140).allMatch(c -> c.value().get().size() == 500_000);
    assertThat(recorder.calls()).allMatch(call -> call.size() % 2 == 0, "whole revisions");
    assertThat(recorder.lost()).isEmpty();
  }

  @Test
  void isSilentOnceClosed() {
    long first = await(store.revision()) + 1;
    Recorder closed = new Recorder();
    KeyValueStore.Watch watch = store.watch(root, first, closed);
    commit(put("a", "1"));
    closed.await(1);
    watch.close();
    watch.close();
    Recorder witness = watch(first);

    commit(put("a", "2"));
    witness.await(2);

    assertThat(closed.changes()).hasSize(1);
    assertThat(closed.lost()).isEmpty();
  }

  @Test
  void endsAWatchThatBeginsBeforeTheOldestRevision() {
    long old = commit(put("a", "1")).revision();
    commit(put("a", "2"));
    long kept = commit(put("a", "3")).revision();
    compact(kept);

    StoreException lost = watch(old).awaitLost();

    assertThat(lost.code()).isEqualTo(StoreException.Code.COMPACTED);
    assertThat(lost.compactRevision()).isEqualTo(kept);
  }

  @Test
  void watchesFromTheOldestRevisionOn() {
    commit(put("a", "1"));
    long kept = commit(put("a", "2")).revision();
    long last = commit(put("a", "3")).revision();
    compact(kept);

    assertThat(watch(kept).await(2))
        .containsExactly(change("a", "2", kept), change("a", "3", last));
  }

  @Test
  void losesNothingToACompactionBehindARunningWatch() {
    long first = await(store.revision()) + 1;
    Recorder recorder = watch(first);
    List<Change> made = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long revision = commit(put("a", "" + i)).revision();
      made.add(change("a", "" + i, revision));
      recorder.await(made.size());
      compact(revision);
    }

    assertThat(recorder.changes()).isEqualTo(made);
    assertThat(recorder.lost()).isEmpty();
  }

  @Test
  void readsAndThenWatchesWithoutAGap() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          threads.submit(
              () -> IntStream.range(0, 300).forEach(i -> commit(put("k" + i % 7, "" + i))));
      for (int i = 0; i < 10; i++) {
        Range read = range(0);
        Recorder recorder = watch(read.revision() + 1);
        commit(put("end" + i, "x"));
        recorder.awaitThat(
            "the end", () -> recorder.changes().stream().anyMatch(c -> c.key().contains("end")));
        long end =
            recorder.changes().stream()
                .filter(c -> c.key().contains("end"))
                .findFirst()
                .orElseThrow()
                .revision();
        assertThat(replay(read, recorder.changes(), end)).isEqualTo(state(range(end)));
      }
      writing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Map<String, ByteString> replay(Range from, List<Change> changes, long upTo) {
    Map<String, ByteString> state = state(from);
    for (Change change : changes) {
      if (change.revision() <= upTo) {
        change
            .value()
            .ifPresentOrElse(v -> state.put(change.key(), v), () -> state.remove(change.key()));
      }
    }
    return state;
  }

  private static Map<String, ByteString> state(Range range) {
    Map<String, ByteString> state = new TreeMap<>();
    range.entries().forEach(kv -> state.put(kv.key(), kv.value()));
    return state;
  }

  // Leases

  @Test
  void deletesTheKeysOfALeaseThatIsRevoked() {
    long lease = await(store.grantLease(Duration.ofMinutes(1)));
    long written = commit(leased("a", lease), leased("b", lease), put("c", "1")).revision();
    Recorder recorder = watch(written + 1);

    await(store.revokeLease(lease));

    assertThat(keys(range(0))).containsExactly(root + "c");
    assertThat(recorder.await(2))
        .extracting(Change::key)
        .containsExactlyInAnyOrder(root + "a", root + "b");
    assertThat(recorder.changes()).allMatch(change -> change.value().isEmpty());
    assertThat(recorder.changes().stream().map(Change::revision).distinct()).hasSize(1);
  }

  @Test
  void deletesTheKeysOfALeaseWhoseTimeIsOver() {
    Duration ttl = Duration.ofSeconds(2);
    long lease = await(store.grantLease(ttl));
    long written = commit(leased("a", lease)).revision();
    Recorder recorder = watch(written + 1);

    pass(ttl);

    assertThat(recorder.await(1).get(0).key()).isEqualTo(root + "a");
    assertThat(range(0).entries()).isEmpty();
    assertThat(failure(store.renewLease(lease)).code()).isEqualTo(StoreException.Code.NOT_FOUND);
  }

  @Test
  void keepsALeaseThatIsRenewed() {
    Duration ttl = Duration.ofSeconds(4);
    long lease = await(store.grantLease(ttl));
    commit(leased("a", lease));
    for (int i = 0; i < 3; i++) {
      pass(ttl.dividedBy(2));
      assertThat(await(store.renewLease(lease))).isEqualTo(ttl);
    }

    assertThat(keys(range(0))).containsExactly(root + "a");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesAKeyOffItsLeaseWhenItIsWrittenWithoutOne(boolean another) {
    long first = await(store.grantLease(Duration.ofMinutes(1)));
    long second = another ? await(store.grantLease(Duration.ofMinutes(1))) : 0;
    commit(leased("a", first));
    commit(leased("a", second));

    await(store.revokeLease(first));

    assertThat(keys(range(0))).containsExactly(root + "a");
  }

  @Test
  void knowsNoLeaseThatWasRevoked() {
    long lease = await(store.grantLease(Duration.ofMinutes(1)));
    await(store.revokeLease(lease));

    assertThat(failure(store.renewLease(lease)).code()).isEqualTo(StoreException.Code.NOT_FOUND);
    assertThat(failure(store.revokeLease(lease)).code()).isEqualTo(StoreException.Code.NOT_FOUND);
    Txn txn = new Txn(List.of(), List.of(put("b", "1"), leased("a", lease)));
    assertThat(failure(store.commit(txn)).code()).isEqualTo(StoreException.Code.NOT_FOUND);
    assertThat(range(0).entries()).isEmpty();
  }

  @Test
  void refusesALeaseWithoutTime() {
    assertThatThrownBy(() -> store.grantLease(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // The end

  @Test
  void failsEveryCallOnceClosed() {
    KeyValueStore closed = client();
    closed.close();

    List<CompletableFuture<?>> calls =
        List.of(
            closed.commit(new Txn(List.of(), List.of(put("a", "1")))),
            closed.get(root + "a"),
            closed.range(root, 0),
            closed.revision(),
            closed.grantLease(Duration.ofSeconds(5)),
            closed.renewLease(1),
            closed.revokeLease(1));

    for (CompletableFuture<?> call : calls) {
      assertThat(failure(call).code()).isEqualTo(StoreException.Code.UNAVAILABLE);
    }
    assertThat(range(0).entries()).isEmpty();
  }

  // Tools for subclasses too

  /** A key below the test's own prefix. */
  protected final String key(String name) {
    return root + name;
  }

  /** A client that is closed when the test is over. */
  protected final KeyValueStore client() {
    KeyValueStore client = open();
    opened.add(client);
    return client;
  }

  protected static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError("the call failed: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("the call has not ended", e);
    }
  }

  /** How a call failed. What the future itself hands on counts, without any wrapping. */
  protected static StoreException failure(CompletableFuture<?> future) {
    CompletableFuture<Throwable> seen = new CompletableFuture<>();
    future.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            seen.completeExceptionally(new AssertionError("the call succeeded with " + value));
          } else {
            seen.complete(failure);
          }
        });
    Throwable failure = await(seen);
    assertThat(failure).isInstanceOf(StoreException.class);
    return (StoreException) failure;
  }

  private Recorder watch(long from) {
    return watch(root, from);
  }

  private Recorder watch(String prefix, long from) {
    Recorder recorder = new Recorder();
    opened.add(store.watch(prefix, from, recorder));
    return recorder;
  }

  private TxnResult commit(Write... writes) {
    return commit(List.of(), writes);
  }

  private TxnResult commit(List<Guard> guards, Write... writes) {
    return await(store.commit(new Txn(guards, List.of(writes))));
  }

  /** Keys of five digits, in steps as large as a transaction may be; the last revision. */
  private long fill(int keys, int size) {
    long last = 0;
    for (int from = 0; from < keys; from += KeyValueStore.MAX_OPERATIONS) {
      last =
          commit(
                  IntStream.range(from, Math.min(keys, from + KeyValueStore.MAX_OPERATIONS))
                      .mapToObj(i -> new Put(root + String.format("%05d", i), random(size)))
                      .toArray(Write[]::new))
              .revision();
    }
    return last;
  }

  private KeyValue read(String name) {
    List<KeyValue> entries = await(store.get(root + name)).entries();
    assertThat(entries).hasSize(1);
    return entries.get(0);
  }

  private Range range(long revision) {
    return await(store.range(root, revision));
  }

  private static List<String> keys(Range range) {
    return range.entries().stream().map(KeyValue::key).toList();
  }

  private Put put(String name, String value) {
    return new Put(root + name, bytes(value));
  }

  private Put leased(String name, long lease) {
    return new Put(root + name, bytes("1"), lease);
  }

  private Delete delete(String name) {
    return new Delete(root + name);
  }

  private DeletePrefix deletePrefix(String name) {
    return new DeletePrefix(root + name);
  }

  private Change change(String name, String value, long revision) {
    return new Change(root + name, Optional.of(bytes(value)), revision);
  }

  private Change deletion(String name, long revision) {
    return new Change(root + name, Optional.empty(), revision);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** Bytes that are the same in every run. */
  private static ByteString random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
