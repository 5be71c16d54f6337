package peloton.store.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.records.LeaderRecord;
import peloton.records.PodRecord;
import peloton.store.FaultyStore;
import peloton.store.KeyValue;
import peloton.store.KeyValueStore;
import peloton.store.ManualExecutor;
import peloton.store.ManualTimers;
import peloton.store.StoreException;
import peloton.store.StoreException.Code;
import peloton.store.Txn;
import peloton.store.commit.ActualWriter.Mutation;
import peloton.store.election.Term;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;

class FencedWriterTest {
  private static final Keyspace KEYS = new Keyspace(Keyspace.DEFAULT_PREFIX);
  private static final String JOB = "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f11";
  private static final String LEADER_KEY = KEYS.key(new RecordKey.Leader());
  private static final LeaderRecord RECORD = LeaderRecord.newBuilder().setId("me").build();

  private final ManualTimers timers = new ManualTimers();
  private final MemoryData data = new MemoryData(timers.clock());
  private final MemoryStore other = new MemoryStore(data, Runnable::run);
  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryStore client = new MemoryStore(data, executor);
  private final FaultyStore store = new FaultyStore(client);
  private final List<Integer> committed = new ArrayList<>();
  private final List<String> deposed = new ArrayList<>();
  private final List<Throwable> causes = new ArrayList<>();

  private Term term;
  private FencedWriter writer;

  @BeforeEach
  void elect() {
    term = newTerm(RECORD);
    writer = writer(term, WriterSettings.defaults());
  }

  // ---- group commit

  @Test
  void anIdleWriterSendsAtOnce() {
    write(1, pod(0, 1));
    executor.runAll();

    assertThat(runOf(0)).isEqualTo(1);
    assertThat(committed).containsExactly(1);
    assertThat(timers.nanoTime()).isZero();
    assertThat(writer.queued()).isZero();
  }

  @Test
  void whatComesInDuringATransactionGoesTogether() {
    write(1, pod(0, 1));
    executor.runNext();
    for (int i = 2; i <= 50; i++) {
      write(i, pod(i, 1));
    }
    assertThat(writer.queued()).isEqualTo(50);
    executor.runAll();

    assertThat(store.sent()).hasSize(2);
    assertThat(committed).hasSize(50).isSorted();
    assertThat(leader().version()).isEqualTo(3);
  }

  @Test
  void aTransactionIsNotLargerThanTheStoreTakes() {
    for (int i = 0; i < 1_000; i++) {
      write(i, pod(i, 1), pod(i, 2), pod(10_000 + i, 1));
    }
    executor.runAll();

    assertThat(committed).hasSize(1_000).isSorted();
    assertThat(store.sent())
        .allSatisfy(txn -> assertThat(txn.writes()).hasSizeLessThanOrEqualTo(128));
    assertThat(store.sent()).hasSizeLessThanOrEqualTo(2_000 / 126 + 1);
    assertThat(pods()).isEqualTo(2_000);
  }

  @Test
  void aTransactionIsNotHeavierThanTheStoreTakes() {
    for (int i = 0; i < 10; i++) {
      write(i, heavyPod(i, 300_000));
    }
    executor.runAll();

    assertThat(committed).hasSize(10).isSorted();
    assertThat(store.sent()).hasSize(3);
    assertThat(pods()).isEqualTo(10);
  }

  @Test
  void aGroupIsWrittenWholeIfItCanBe() {
    write(1, pods(0, 100));
    write(2, pods(100, 200));
    executor.runAll();

    assertThat(store.sent()).hasSize(2);
    assertThat(store.sent()).allSatisfy(txn -> assertThat(txn.writes()).hasSize(101));
  }

  @Test
  void aGroupThatIsTooLargeIsWrittenInOrderAndReportedOnce() {
    client.afterCommit(txn -> assertThat(runsInOrder()).isTrue());
    write(1, pods(0, 300));
    write(2, pod(300, 1));
    executor.runAll();

    assertThat(committed).containsExactly(1, 2);
    assertThat(store.sent()).hasSize(3);
    assertThat(pods()).isEqualTo(301);
  }

  @Test
  void theLastOfSeveralValuesOfAKeyIsWritten() {
    write(1, pod(0, 1));
    write(2, pod(0, 2), pod(1, 1));
    write(3, pod(0, 3));
    write(4, delete(1));
    executor.runAll();

    assertThat(committed).containsExactly(1, 2, 3, 4);
    assertThat(runOf(0)).isEqualTo(3);
    assertThat(pods()).isEqualTo(1);
    assertThat(writer.stats().mutations()).isEqualTo(5);
    assertThat(writer.stats().writes()).isLessThan(5);
  }

  @Test
  void deletingAllKeepsItsPlaceInTheOrder() {
    write(1, pod(0, 1), pod(1, 1));
    write(2, new Mutation.DeleteAll(RecordKey.actualOf(JOB)));
    write(3, pod(1, 2));
    write(4, new Mutation.DeleteAll(RecordKey.actualOf(JOB)), pod(2, 1));
    executor.runAll();

    assertThat(committed).containsExactly(1, 2, 3, 4);
    assertThat(pods()).isEqualTo(1);
    assertThat(runOf(2)).isEqualTo(1);
  }

  @Test
  void aGroupWithoutMutationsHearsWhenWhatCameBeforeIsDurable() {
    write(1);
    executor.runAll();
    assertThat(committed).containsExactly(1);
    assertThat(store.sent()).isEmpty();

    write(2, pod(0, 1));
    executor.runNext();
    write(3);
    assertThat(committed).containsExactly(1);
    executor.runAll();
    assertThat(committed).containsExactly(1, 2, 3);
    assertThat(store.sent()).hasSize(1);
  }

  @Test
  void lingersForCompanyIfItIsToldTo() {
    FencedWriter patient = writer(term, WriterSettings.defaults().withLinger(Duration.ofMillis(2)));
    patient.write(List.of(pod(0, 1)), () -> committed.add(1));
    executor.runAll();
    patient.write(List.of(pod(1, 1)), () -> committed.add(2));
    executor.runAll();
    assertThat(store.sent()).isEmpty();

    timers.advance(Duration.ofMillis(2));
    executor.runAll();
    assertThat(store.sent()).hasSize(1);
    assertThat(committed).containsExactly(1, 2);

    patient.write(pods(0, 127), () -> committed.add(3));
    executor.runAll();
    assertThat(committed).containsExactly(1, 2, 3);
    assertThat(timers.pending()).isZero();
  }

  @Test
  void countsWhatItDoes() {
    write(1, pod(0, 1), pod(1, 1));
    executor.runNext();
    timers.pause(Duration.ofMillis(3));
    executor.runAll();

    WriterStats stats = writer.stats();
    assertThat(stats.transactions()).isEqualTo(1);
    assertThat(stats.mutations()).isEqualTo(2);
    assertThat(stats.writes()).isEqualTo(2);
    assertThat(stats.bytes()).isGreaterThan(100);
    assertThat(stats.repeats()).isZero();
    assertThat(stats.queued()).isZero();
    assertThat(stats.lastLatency()).isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void aFollowUpThatFailsDisturbsNobody() {
    writer.write(
        List.of(pod(0, 1)),
        () -> {
          throw new IllegalStateException("this follow-up fails on purpose");
        });
    write(2, pod(1, 1));
    executor.runAll();

    assertThat(committed).containsExactly(2);
    assertThat(deposed).isEmpty();
  }

  // ---- outcomes that nobody knows

  @Test
  void aTransactionThatWasMadeIsNotMadeAgainWhenItsAnswerIsLost() {
    client.failNextCommit(true);
    write(1, pod(0, 1));
    settle();

    assertThat(committed).containsExactly(1);
    assertThat(store.sent()).hasSize(1);
    assertThat(leader().version()).isEqualTo(2);

    write(2, pod(0, 2));
    settle();
    assertThat(committed).containsExactly(1, 2);
    assertThat(deposed).isEmpty();
  }

  @Test
  void aTransactionThatWasNotMadeIsSentAgain() {
    client.failNextCommit(false);
    write(1, pod(0, 1));
    executor.runAll();
    assertThat(committed).isEmpty();
    assertThat(writer.queued()).isEqualTo(1);

    settle();
    assertThat(committed).containsExactly(1);
    assertThat(store.sent()).hasSize(2);
    assertThat(store.sent().get(1)).isSameAs(store.sent().get(0));
    assertThat(writer.stats().repeats()).isEqualTo(1);
  }

  @Test
  void aTransactionThatArrivesLateAfterItsRepetitionChangesNothing() {
    client.failNextCommit(false);
    write(1, pod(0, 1));
    settle();
    write(2, pod(0, 2));
    settle();

    Txn late = store.sent().get(0);
    assertThat(other.commit(late).join().committed()).isFalse();
    assertThat(runOf(0)).isEqualTo(2);
  }

  @Test
  void aTransactionThatArrivesLateBeforeItsRepetitionCountsAsIt() {
    client.failNextCommit(false);
    write(1, pod(0, 1));
    executor.runAll();
    assertThat(other.commit(store.sent().get(0)).join().committed()).isTrue();
    settle();

    assertThat(store.sent()).hasSize(2);
    assertThat(committed).containsExactly(1);
    assertThat(leader().version()).isEqualTo(2);
    write(2, pod(0, 2));
    settle();
    assertThat(runOf(0)).isEqualTo(2);
    assertThat(deposed).isEmpty();
  }

  @Test
  void waitsForAStoreThatIsAwayAndLosesNothing() {
    client.unavailable(true);
    for (int i = 0; i < 200; i++) {
      write(i, pod(i, 1));
    }
    for (int i = 0; i < 120; i++) {
      step(Duration.ofSeconds(1));
    }
    assertThat(committed).isEmpty();
    assertThat(deposed).isEmpty();
    assertThat(store.sent()).hasSizeLessThan(5);

    client.unavailable(false);
    settle();
    assertThat(committed).hasSize(200).isSorted();
    assertThat(pods()).isEqualTo(200);
  }

  @Test
  void afterALongOutageTheNextFailureIsRetriedSoon() {
    client.unavailable(true);
    write(1, pod(0, 1));
    for (int i = 0; i < 30; i++) {
      step(Duration.ofSeconds(1));
    }
    client.unavailable(false);
    settle();
    client.failNextCommit(false);
    write(2, pod(0, 2));
    executor.runAll();
    step(WriterSettings.defaults().retryFirst());

    assertThat(committed).containsExactly(1, 2);
  }

  @Test
  void aStoreThatIsFullIsAskedLessAndLessOften() {
    store.answer(
        answer ->
            CompletableFuture.failedFuture(new StoreException(Code.EXHAUSTED, "no space left")));
    client.beforeCommit(
        txn -> {
          throw new StoreException(Code.EXHAUSTED, "no space left");
        });
    write(1, pod(0, 1));
    for (int i = 0; i < 60; i++) {
      step(Duration.ofSeconds(1));
    }
    assertThat(store.sent()).hasSizeBetween(10, 40);
    assertThat(deposed).isEmpty();

    client.beforeCommit(txn -> {});
    store.answer(answer -> answer);
    settle();
    assertThat(committed).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverFailsEveryWriteIsMadeOnceAndInOrder(long seed) {
    Random random = new Random(seed);
    int written = 0;
    for (int round = 0; round < 400; round++) {
      switch (random.nextInt(8)) {
        case 0 -> client.failNextCommit(random.nextBoolean());
        case 1 -> client.unavailable(random.nextInt(3) == 0);
        case 2 -> timers.advance(Duration.ofMillis(random.nextInt(300)));
        case 3 -> {
          // One of the transactions so far arrives again, or at last.
          if (!store.sent().isEmpty()) {
            other.commit(store.sent().get(random.nextInt(store.sent().size())));
          }
        }
        case 4, 5 -> executor.runNext();
        default -> {
          written++;
          // Each write of the one pod carries its number; a lost or doubled one shows.
          write(written, pod(0, written));
        }
      }
    }
    client.unavailable(false);
    settle();

    assertThat(deposed).isEmpty();
    assertThat(committed).hasSize(written).isSorted().doesNotHaveDuplicates();
    assertThat(runOf(0)).isEqualTo(written);
    assertThat(leader().version()).isEqualTo(1 + writer.stats().transactions());
    assertThat(writer.queued()).isZero();
  }

  // ---- the end of a term

  @Test
  void aWriterWhoseKeyIsGoneWritesNothing() {
    data.expireLease(term.lease());
    write(1, pod(0, 1));
    write(2, pod(1, 1));
    settle();

    assertThat(pods()).isZero();
    assertThat(committed).isEmpty();
    assertThat(deposed).hasSize(1);
    assertThat(causes).isEmpty();
    assertThat(writer.isOver()).isTrue();
    assertThat(writer.queued()).isZero();
  }

  @Test
  void aWriterOfAnEarlierTermWritesNothing() {
    data.expireLease(term.lease());
    newTerm(RECORD);
    write(1, pod(0, 1));
    settle();

    assertThat(pods()).isZero();
    assertThat(deposed).hasSize(1);
    assertThat(leader().version()).isEqualTo(1);
  }

  @Test
  void aTransactionOfAnEarlierTermThatArrivesLateChangesNothing() {
    client.failNextCommit(false);
    write(1, pod(0, 1));
    executor.runAll();
    data.expireLease(term.lease());
    newTerm(RECORD);

    assertThat(other.commit(store.sent().get(0)).join().committed()).isFalse();
    settle();
    assertThat(pods()).isZero();
    assertThat(deposed).hasSize(1);
  }

  @Test
  void deposedInTheMiddleTheRestIsDropped() {
    write(1, pods(0, 200));
    executor.runNext();
    executor.runNext();
    client.beforeCommit(txn -> data.expireLease(term.lease()));
    write(2, pod(300, 1));
    settle();

    assertThat(pods()).isEqualTo(127);
    assertThat(committed).isEmpty();
    assertThat(deposed).hasSize(1);
  }

  @Test
  void aLeaseThatEndsBeforeItsKeyIsNoticed() {
    FencedWriter leaseless =
        writer(
            new Term(LEADER_KEY, term.createRevision(), 4711, RECORD), WriterSettings.defaults());
    leaseless.write(List.of(pod(0, 1)), () -> committed.add(1));
    settle(3);
    assertThat(deposed).isEmpty();
    assertThat(pods()).isZero();

    data.expireLease(term.lease());
    settle();
    assertThat(deposed).hasSize(1);
  }

  @Test
  void deposedWithTheOutcomeUnknownItSaysSoOnceAndReportsNothing() {
    client.failNextCommit(true);
    write(1, pod(0, 1));
    executor.runNext();
    data.expireLease(term.lease());
    settle();
    write(2, pod(1, 1));
    settle();

    assertThat(committed).isEmpty();
    assertThat(deposed).hasSize(1);
    assertThat(pods()).isEqualTo(1);
    assertThat(timers.pending()).isZero();
  }

  @Test
  void someoneElseCountingOnTheKeyEndsTheTerm() {
    other
        .commit(
            new Txn(
                List.of(),
                List.of(new Txn.Write.Put(LEADER_KEY, RECORD.toByteString(), term.lease()))))
        .join();
    other
        .commit(
            new Txn(
                List.of(),
                List.of(new Txn.Write.Put(LEADER_KEY, RECORD.toByteString(), term.lease()))))
        .join();
    write(1, pod(0, 1));
    settle();

    assertThat(pods()).isZero();
    assertThat(deposed).hasSize(1);
  }

  @Test
  void aTransactionThatTheStoreRefusesEndsTheTermWithItsCause() {
    StoreException refusal = new StoreException(Code.INVALID, "never");
    store.answer(answer -> CompletableFuture.failedFuture(refusal));
    write(1, pod(0, 1));
    settle();

    assertThat(deposed).hasSize(1);
    assertThat(causes).containsExactly(refusal);
    assertThat(committed).isEmpty();
  }

  @Test
  void aRecordThatFitsInNoTransactionEndsTheTermWithItsName() {
    write(1, pod(0, 1));
    write(2, heavyPod(1, KeyValueStore.MAX_BYTES));
    settle();

    assertThat(committed).containsExactly(1);
    assertThat(deposed).hasSize(1);
    assertThat(causes).hasSize(1);
    assertThat(causes.get(0)).hasMessageContaining(KEYS.key(new RecordKey.Pod(JOB, 1)));
  }

  @Test
  void aClosedWriterSaysNothingAndWritesNothingMore() {
    write(1, pod(0, 1));
    executor.runNext();
    writer.close();
    write(2, pod(1, 1));
    settle();

    assertThat(committed).isEmpty();
    assertThat(deposed).isEmpty();
    assertThat(pods()).isEqualTo(1);
    assertThat(writer.queued()).isZero();
  }

  // ---- helpers

  private FencedWriter writer(Term of, WriterSettings settings) {
    return new FencedWriter(
        store,
        KEYS,
        of,
        executor,
        executor,
        timers,
        settings,
        (why, cause) -> {
          deposed.add(why);
          cause.ifPresent(causes::add);
        });
  }

  private Term newTerm(LeaderRecord record) {
    long lease = other.grantLease(Duration.ofHours(1)).join();
    long revision =
        other
            .commit(
                new Txn(
                    List.of(new Txn.Guard.Absent(LEADER_KEY)),
                    List.of(new Txn.Write.Put(LEADER_KEY, record.toByteString(), lease))))
            .join()
            .revision();
    return new Term(LEADER_KEY, revision, lease, record);
  }

  private void write(int name, Mutation... mutations) {
    write(name, List.of(mutations));
  }

  private void write(int name, List<Mutation> mutations) {
    writer.write(mutations, () -> committed.add(name));
  }

  private void settle() {
    settle(100);
  }

  private void settle(int steps) {
    executor.runAll();
    for (int i = 0; i < steps; i++) {
      step(Duration.ofMillis(500));
    }
  }

  private void step(Duration by) {
    timers.advance(by);
    executor.runAll();
  }

  private KeyValue leader() {
    return other.get(LEADER_KEY).join().entries().get(0);
  }

  private long runOf(int instance) {
    KeyValue found = other.get(KEYS.key(new RecordKey.Pod(JOB, instance))).join().entries().get(0);
    try {
      return PodRecord.parseFrom(found.value()).getRun();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private int pods() {
    return data.range(KEYS.below(RecordKey.actualOf(JOB))).entries().size();
  }

  /** Whether the pods that are written have no gaps. */
  private boolean runsInOrder() {
    List<String> keys =
        data.range(KEYS.below(RecordKey.actualOf(JOB))).entries().stream()
            .map(KeyValue::key)
            .toList();
    for (int i = 0; i < keys.size(); i++) {
      if (!keys.get(i).equals(KEYS.key(new RecordKey.Pod(JOB, i)))) {
        return false;
      }
    }
    return true;
  }

  private static List<Mutation> pods(int from, int to) {
    List<Mutation> mutations = new ArrayList<>();
    for (int i = from; i < to; i++) {
      mutations.add(pod(i, 1));
    }
    return mutations;
  }

  private static Mutation pod(int instance, long run) {
    return Mutation.Record.put(
        new RecordKey.Pod(JOB, instance), PodRecord.newBuilder().setRun(run).build());
  }

  private static Mutation heavyPod(int instance, int bytes) {
    return new Mutation.Record(
        new RecordKey.Pod(JOB, instance),
        Optional.of(PodRecord.newBuilder().setMessage("x".repeat(bytes)).build()));
  }

  private static Mutation delete(int instance) {
    return Mutation.Record.delete(new RecordKey.Pod(JOB, instance));
  }
}
