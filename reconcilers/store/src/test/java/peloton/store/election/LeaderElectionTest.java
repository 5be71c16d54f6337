package peloton.store.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.records.FrameworkRecord;
import peloton.store.FaultyStore;
import peloton.store.KeyValue;
import peloton.store.ManualExecutor;
import peloton.store.ManualTimers;
import peloton.store.StoreException;
import peloton.store.StoreException.Code;
import peloton.store.Txn;
import peloton.store.commit.ActualWriter.Mutation;
import peloton.store.commit.FencedWriter;
import peloton.store.commit.WriterSettings;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.StoreView;
import peloton.store.view.StoreViewSettings;

class LeaderElectionTest {
  private static final Keyspace KEYS = new Keyspace(Keyspace.DEFAULT_PREFIX);
  private static final String LEADER_KEY = KEYS.key(new RecordKey.Leader());
  private static final Duration TTL = Duration.ofSeconds(6);

  private final ManualTimers timers = new ManualTimers();
  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryData data = new MemoryData(timers.clock());
  private final MemoryStore observer = new MemoryStore(data, Runnable::run);
  private final Candidate one = new Candidate("one");
  private final Candidate two = new Candidate("two");

  // ---- being elected

  @Test
  void aLoneCandidateIsElectedAtOnce() {
    one.start();

    Term term = one.term();
    KeyValue key = leaderKey();
    assertThat(key.createRevision()).isEqualTo(term.createRevision());
    assertThat(key.version()).isEqualTo(1);
    assertThat(key.value()).isEqualTo(term.record().toByteString());
    assertThat(term.leaderKey()).isEqualTo(LEADER_KEY);
    assertThat(term.record().getAddress()).isEqualTo("one");
    assertThat(term.record().getElectedAt()).isEqualTo(1_767_225_600_000_000_000L);
    assertThat(one.election.term()).contains(term);
  }

  @Test
  void oneOfTwoLeadsAndGoesOnLeading() {
    one.start();
    two.start();
    pass(Duration.ofMinutes(5));

    assertThat(one.events).containsExactly("elected");
    assertThat(two.events).isEmpty();
    assertThat(leaderKey().createRevision()).isEqualTo(one.term().createRevision());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void twoThatRunAtTheSameTimeAreNotBothElected(long seed) {
    Random random = new Random(seed);
    one.election.start();
    two.election.start();
    for (int i = 0; i < 100; i++) {
      (random.nextBoolean() ? one : two).executor.runNext();
    }
    settle();

    assertThat(one.leads()).isNotEqualTo(two.leads());
    pass(Duration.ofMinutes(1));
    assertThat(one.leads()).isNotEqualTo(two.leads());
  }

  @Test
  void startingTwiceStandsOnce() {
    one.start();
    one.start();
    pass(Duration.ofMinutes(1));

    assertThat(one.events).containsExactly("elected");
  }

  @Test
  void aCandidateWaitsForAStoreThatIsAway() {
    one.client.unavailable(true);
    one.start();
    pass(Duration.ofMinutes(2));
    assertThat(one.events).isEmpty();

    one.client.unavailable(false);
    pass(TTL.dividedBy(3));
    assertThat(one.events).containsExactly("elected");
  }

  // ---- an election whose outcome nobody knows

  @Test
  void anElectionThatWasWonIsKnownWhenItsAnswerIsLost() {
    one.client.failNextCommit(true);
    one.start();

    assertThat(one.leads()).isTrue();
    assertThat(one.store.sent()).hasSize(1);
    assertThat(one.term().createRevision()).isEqualTo(leaderKey().createRevision());
  }

  @Test
  void anElectionThatWasNotHeldIsHeldAgain() {
    one.client.failNextCommit(false);
    one.start();
    assertThat(one.leads()).isFalse();

    pass(Duration.ofSeconds(1));
    assertThat(one.leads()).isTrue();
    assertThat(one.term().createRevision()).isEqualTo(leaderKey().createRevision());
  }

  @Test
  void aVoteThatArrivesLateIsTheOneThatCounts() {
    one.client.failNextCommit(false);
    one.start();
    assertThat(observer.commit(one.store.sent().get(0)).join().committed()).isTrue();
    pass(Duration.ofSeconds(1));

    assertThat(one.leads()).isTrue();
    assertThat(one.term().createRevision()).isEqualTo(leaderKey().createRevision());
    assertThat(two.events).isEmpty();
  }

  @Test
  void aVoteThatArrivesAfterItsCandidateGaveUpElectsNobody() {
    one.client.failNextCommit(false);
    one.start();
    one.client.unavailable(true);
    pass(TTL.plusSeconds(1));
    assertThat(one.leads()).isFalse();

    Txn vote = one.store.sent().get(0);
    CompletableFuture<?> late = observer.commit(vote);
    assertThat(late).isCompletedExceptionally();
    two.start();
    assertThat(two.leads()).isTrue();
  }

  @Test
  void whoIsElectedTooLateGivesTheKeyBack() {
    one.election.start();
    while (one.store.sent().isEmpty()) {
      one.executor.runNext();
    }
    timers.pause(Duration.ofSeconds(5));
    settle();
    assertThat(one.events).isEmpty();
    assertThat(observer.get(LEADER_KEY).join().entries()).isEmpty();

    pass(Duration.ofSeconds(3));
    assertThat(one.events).containsExactly("elected");
  }

  @Test
  void anElectionThatTheStoreRefusesIsTriedAgainLater() {
    one.store.answer(
        answer -> CompletableFuture.failedFuture(new StoreException(Code.INVALID, "never")));
    one.start();
    pass(Duration.ofSeconds(30));
    assertThat(one.events).isEmpty();
    assertThat(one.store.sent()).hasSizeBetween(2, 20);

    one.store.answer(answer -> answer);
    pass(Duration.ofSeconds(10));
    assertThat(one.leads()).isTrue();
  }

  // ---- ceasing to lead

  @Test
  void aLeaderThatDiesIsFollowedWithinTheTimeToLiveAndALook() {
    one.start();
    two.start();
    one.die();
    pass(TTL.plus(TTL.dividedBy(3)));

    assertThat(two.leads()).isTrue();
    assertThat(two.term().createRevision()).isGreaterThan(one.term().createRevision());
  }

  @Test
  void aLeaderThatCannotRenewStepsDownBeforeAnotherIsElected() {
    one.start();
    two.start();
    one.client.unavailable(true);
    pass(TTL.multipliedBy(2).dividedBy(3));
    assertThat(one.events).containsExactly("elected", "deposed");
    assertThat(one.reasons.get(0)).contains("renewed");
    assertThat(one.election.term()).isEmpty();
    assertThat(two.events).isEmpty();

    pass(TTL);
    assertThat(two.leads()).isTrue();
    one.client.unavailable(false);
    pass(TTL.multipliedBy(3));
    assertThat(one.events).containsExactly("elected", "deposed");
  }

  @Test
  void aLeaderWhoseRenewalsAreNeverAnsweredStepsDown() {
    one.start();
    one.silent = true;
    pass(TTL.multipliedBy(2).dividedBy(3));

    assertThat(one.events).containsExactly("elected", "deposed");
  }

  @Test
  void aRenewalCountsFromItsSendingNotFromItsAnswer() {
    one.start();
    // Sent at a third of the time to live, answered at two thirds less a moment.
    timers.advance(TTL.dividedBy(3));
    one.executor.runNext();
    assertThat(one.executor.waiting()).isEqualTo(1);
    timers.advance(Duration.ofMillis(1_900));
    one.executor.runAll();
    one.silent = true;

    // Good until the time to live is over, and not until two thirds after the answer.
    pass(Duration.ofMillis(2_000));
    assertThat(one.election.term()).isPresent();
    pass(Duration.ofMillis(100));
    assertThat(timers.nanoTime()).isEqualTo(TTL.toNanos());
    assertThat(one.events).containsExactly("elected", "deposed");
  }

  @Test
  void aShortOutageCostsNoLeadership() {
    one.start();
    two.start();
    pass(Duration.ofSeconds(30));
    one.client.unavailable(true);
    pass(Duration.ofSeconds(1));
    one.client.unavailable(false);
    pass(Duration.ofSeconds(1));
    one.client.unavailable(true);
    pass(Duration.ofSeconds(2));
    one.client.unavailable(false);
    pass(Duration.ofMinutes(1));

    assertThat(one.events).containsExactly("elected");
    assertThat(two.events).isEmpty();
  }

  @Test
  void aLeaseThatIsGoneEndsTheTerm() {
    one.start();
    long first = one.term().createRevision();
    data.expireLease(one.term().lease());
    pass(TTL.dividedBy(3));
    assertThat(one.events).containsExactly("elected", "deposed");

    pass(TTL.dividedBy(3));
    assertThat(one.events).containsExactly("elected", "deposed", "elected");
    assertThat(one.term().createRevision()).isGreaterThan(first);
  }

  @Test
  void aLeaderThatWasStoppedKnowsThatItsTimeIsOverBeforeItDoesAnything() {
    one.start();
    two.start();
    one.executor.runAll();
    timers.pause(Duration.ofMinutes(1));
    data.expireLeases();
    two.executor.runAll();

    assertThat(one.election.term()).isEmpty();
    pass(Duration.ofSeconds(3));
    assertThat(one.events).startsWith("elected", "deposed");
    assertThat(one.leads() && two.leads()).isFalse();
  }

  @Test
  void anAnswerFromBeforeAStopDoesNotProlongTheTerm() {
    one.start();
    timers.advance(TTL.dividedBy(3));
    assertThat(one.executor.waiting()).isPositive();
    one.executor.runNext();
    timers.pause(TTL.multipliedBy(10));
    assertThat(one.election.term()).isEmpty();
    one.executor.runAll();

    assertThat(one.events).containsExactly("elected", "deposed");
  }

  @Test
  void whatAnEarlierLeaderStillWritesIsNotMade() {
    one.start();
    Term old = one.term();
    FencedWriter writer =
        new FencedWriter(
            one.store,
            KEYS,
            old,
            one.executor,
            one.executor,
            timers,
            WriterSettings.defaults(),
            (why, cause) -> one.events.add("fenced"));
    data.expireLease(old.lease());
    two.start();
    writer.write(
        List.of(
            Mutation.Record.put(
                new RecordKey.Framework(),
                FrameworkRecord.newBuilder().setFrameworkId("x").build())),
        () -> one.events.add("written"));
    settle();

    assertThat(two.leads()).isTrue();
    assertThat(one.events).contains("fenced").doesNotContain("written");
    assertThat(observer.get(KEYS.key(new RecordKey.Framework())).join().entries()).isEmpty();
  }

  // ---- giving up

  @Test
  void whoResignsMakesRoomAtOnceAndStandsNoMore() {
    one.start();
    two.start();
    CompletableFuture<Void> done = one.election.resign();
    settle();

    assertThat(done).isCompleted();
    assertThat(one.events).containsExactly("elected", "deposed");
    assertThat(observer.get(LEADER_KEY).join().entries()).isEmpty();
    pass(TTL.dividedBy(3));
    assertThat(two.leads()).isTrue();
    pass(TTL.multipliedBy(5));
    assertThat(one.events).containsExactly("elected", "deposed");
  }

  @Test
  void aCandidateThatResignsLeavesNothingBehind() {
    for (int steps = 0; steps < 12; steps++) {
      Candidate candidate = new Candidate("c" + steps);
      candidate.election.start();
      for (int i = 0; i < steps; i++) {
        candidate.executor.runNext();
      }
      CompletableFuture<Void> done = candidate.election.resign();
      candidate.executor.runAll();

      assertThat(done).isCompleted();
      assertThat(observer.get(LEADER_KEY).join().entries()).as("after %s", steps).isEmpty();
      assertThat(candidate.leads()).isFalse();
      assertThat(candidate.events.size() % 2).isZero();
    }
  }

  @Test
  void resigningWhileTheStoreIsAwayEndsToo() {
    one.start();
    one.client.unavailable(true);
    CompletableFuture<Void> done = one.election.resign();
    settle();

    assertThat(done).isCompleted();
    assertThat(one.events).containsExactly("elected", "deposed");
  }

  @Test
  void aTermThatIsAbandonedIsFollowedByAnother() {
    one.start();
    Term first = one.term();
    one.election.abandon(first, "a record was refused");
    settle();
    assertThat(one.events).containsExactly("elected", "deposed");
    assertThat(one.reasons).containsExactly("a record was refused");

    pass(TTL.dividedBy(3));
    assertThat(one.leads()).isTrue();
    one.election.abandon(first, "too late");
    settle();
    assertThat(one.leads()).isTrue();
  }

  @Test
  void aTermThatCannotBeginIsGivenUp() {
    one.failNextTerm = true;
    one.start();
    assertThat(one.leads()).isFalse();
    assertThat(one.events).containsExactly("deposed");
    assertThat(observer.get(LEADER_KEY).join().entries()).isEmpty();

    pass(TTL.dividedBy(3));
    assertThat(one.leads()).isTrue();
  }

  // ---- following the view

  @Test
  void aVacancyThatTheViewShowsIsContestedAtOnce() {
    one.start();
    two.start();
    two.followView();
    one.election.resign();
    settle();

    assertThat(two.leads()).isTrue();
    assertThat(timers.nanoTime()).isZero();
  }

  @Test
  void aLossThatTheViewShowsEndsTheTermAtOnce() {
    one.start();
    one.followView();
    data.expireLease(one.term().lease());
    settle();

    assertThat(one.events).startsWith("elected", "deposed");
    assertThat(timers.nanoTime()).isZero();
  }

  @Test
  void aViewThatIsBehindDoesNotEndAYoungTerm() {
    two.start();
    ManualExecutor slow = new ManualExecutor();
    StoreView view = new StoreView(one.store, KEYS, slow, timers, StoreViewSettings.defaults());
    view.start();
    one.election.follow(view);
    while (view.revision() == 0) {
      slow.runAll();
      one.executor.runAll();
    }
    two.election.resign();
    two.executor.runAll();
    one.start();
    assertThat(one.leads()).isTrue();

    slow.runAll();
    one.executor.runAll();
    assertThat(one.events).containsExactly("elected");

    slow.runAll();
    pass(Duration.ofMinutes(1));
    slow.runAll();
    pass(Duration.ofSeconds(1));
    assertThat(one.events).containsExactly("elected");
  }

  @Test
  void whoSteppedDownRestsBeforeTheNextTerm() {
    one.start();
    one.followView();
    two.start();
    two.followView();
    one.election.abandon(one.term(), "a record was refused");
    settle();
    assertThat(one.leads()).isFalse();
    assertThat(two.leads()).isTrue();
    assertThat(timers.nanoTime()).isZero();

    two.election.abandon(two.term(), "a record was refused");
    settle();
    assertThat(one.leads()).isFalse();
    assertThat(two.leads()).isFalse();
    pass(TTL.dividedBy(3));
    assertThat(one.leads()).isNotEqualTo(two.leads());
  }

  @Test
  void settingsAreWholeSecondsAndNotTooFew() {
    assertThatThrownBy(() -> new ElectionSettings(Duration.ofSeconds(1)))
        .hasMessageContaining("PT1S");
    assertThatThrownBy(() -> new ElectionSettings(Duration.ofMillis(2_500)))
        .hasMessageContaining("PT2.5S");
    assertThat(ElectionSettings.defaults().ttl()).isEqualTo(Duration.ofSeconds(5));
  }

  // ---- chaos

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whateverFailsNoTwoLeadAtATimeAndSomeoneDoesInTheEnd(long seed) {
    Random random = new Random(seed);
    one.start();
    two.start();
    for (int i = 0; i < 2_000; i++) {
      Candidate any = random.nextBoolean() ? one : two;
      switch (random.nextInt(10)) {
        case 0 -> any.client.failNextCommit(random.nextBoolean());
        case 1 -> any.client.unavailable(random.nextInt(4) == 0);
        case 2, 3 -> timers.advance(Duration.ofMillis(random.nextInt(400)));
        default -> any.executor.runNext();
      }
      assertThat(one.election.term().isPresent() && two.election.term().isPresent())
          .as("step %s", i)
          .isFalse();
    }
    one.client.unavailable(false);
    two.client.unavailable(false);
    pass(TTL.multipliedBy(3));

    assertThat(one.leads()).isNotEqualTo(two.leads());
    List<Long> terms = new ArrayList<>(one.terms.stream().map(Term::createRevision).toList());
    two.terms.forEach(term -> terms.add(term.createRevision()));
    assertThat(terms).doesNotHaveDuplicates();
    for (Candidate candidate : List.of(one, two)) {
      for (int i = 0; i < candidate.events.size(); i++) {
        assertThat(candidate.events.get(i)).isEqualTo(i % 2 == 0 ? "elected" : "deposed");
      }
    }
  }

  // ---- helpers

  private void pass(Duration time) {
    settle();
    Duration step = Duration.ofMillis(100);
    for (Duration done = Duration.ZERO; done.compareTo(time) < 0; done = done.plus(step)) {
      timers.advance(step);
      data.expireLeases();
      settle();
    }
  }

  private void settle() {
    do {
      executor.runAll();
      one.executor.runAll();
      two.executor.runAll();
    } while (executor.waiting() + one.executor.waiting() + two.executor.waiting() > 0);
  }

  private KeyValue leaderKey() {
    return observer.get(LEADER_KEY).join().entries().get(0);
  }

  /** One process that stands for election. */
  private final class Candidate implements LeadershipListener {
    private final ManualExecutor executor = new ManualExecutor();
    private final MemoryStore client = new MemoryStore(data, answers());
    private final FaultyStore store = new FaultyStore(client);
    private final List<String> events = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final List<Term> terms = new ArrayList<>();
    private final LeaderElection election;
    private boolean silent;
    private boolean failNextTerm;
    private Optional<StoreView> view = Optional.empty();
    private int ids;

    Candidate(String name) {
      election =
          new LeaderElection(
              store,
              KEYS,
              name,
              new ElectionSettings(TTL),
              executor,
              timers,
              timers.clock(),
              () -> name + "-" + ids++,
              this);
    }

    private Executor answers() {
      return task -> {
        if (!silent) {
          executor.execute(task);
        }
      };
    }

    void start() {
      election.start();
      executor.runAll();
    }

    void followView() {
      view =
          Optional.of(new StoreView(store, KEYS, executor, timers, StoreViewSettings.defaults()));
      view.get().start();
      election.follow(view.get());
      executor.runAll();
    }

    void die() {
      client.crash();
    }

    boolean leads() {
      return !events.isEmpty() && events.get(events.size() - 1).equals("elected");
    }

    Term term() {
      return terms.get(terms.size() - 1);
    }

    @Override
    public void elected(Term term) {
      if (failNextTerm) {
        failNextTerm = false;
        throw new IllegalStateException("this term fails on purpose");
      }
      events.add("elected");
      terms.add(term);
    }

    @Override
    public void deposed(String why) {
      events.add("deposed");
      reasons.add(why);
    }
  }
}
