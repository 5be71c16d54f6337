package peloton.store.election;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.records.LeaderRecord;
import peloton.store.KeyValue;
import peloton.store.KeyValueStore;
import peloton.store.Range;
import peloton.store.StoreException;
import peloton.store.Timers;
import peloton.store.Timers.Cancellable;
import peloton.store.Txn;
import peloton.store.TxnResult;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordChange;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;
import peloton.store.view.View;
import peloton.store.view.ViewListener;

/**
 * Lets one of several processes lead: whoever creates the leader key, under a lease, leads until
 * the key is gone. The lease is renewed every third of its time; a leader that has not heard of a
 * successful renewal for two thirds, counted on its own monotonic clock from the sending, steps
 * down while the store still keeps the key for it. That is for good order; what makes it safe is
 * that every write of a leader compares the key's creation revision.
 *
 * <p>Everything happens on the election's thread, an executor that runs one task at a time.
 */
public final class LeaderElection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);
  private static final Duration QUIET = Duration.ofSeconds(5);

  /** One try to create the leader key. */
  private static final class Attempt {
    private long grantSentAt;
    private long lease;
    private LeaderRecord record = LeaderRecord.getDefaultInstance();
  }

  /** A term that this process holds. */
  private record Reign(Term term, long deadline) {}

  private final KeyValueStore store;
  private final String leaderKey;
  private final String address;
  private final ElectionSettings settings;
  private final Executor thread;
  private final Timers timers;
  private final InstantSource clock;
  private final Supplier<String> ids;
  private final LeadershipListener listener;

  private volatile Optional<Reign> reign = Optional.empty();

  // What follows belongs to the election's thread.
  private boolean started;
  private boolean ended;
  private Optional<Attempt> attempt = Optional.empty();
  private Cancellable nextTry = Cancellable.none();
  private Cancellable nextRenewal = Cancellable.none();
  private Cancellable deadline = Cancellable.none();
  private Optional<Long> steppedDownAt = Optional.empty();
  private Optional<Long> lastComplaint = Optional.empty();

  /**
   * @param address where this process can be reached, for the leader record
   * @param thread the election's thread: runs one task at a time, in order
   * @param timers clock and timers; their tasks only hand over to the election's thread
   * @param clock the time of day, for the leader record
   * @param ids gives another id at each call, unlike any that any process was ever given
   */
  public LeaderElection(
      KeyValueStore store,
      Keyspace keyspace,
      String address,
      ElectionSettings settings,
      Executor thread,
      Timers timers,
      InstantSource clock,
      Supplier<String> ids,
      LeadershipListener listener) {
    this.store = store;
    this.leaderKey = keyspace.key(new RecordKey.Leader());
    this.address = address;
    this.settings = settings;
    this.thread = thread;
    this.timers = timers;
    this.clock = clock;
    this.ids = ids;
    this.listener = listener;
  }

  /** Begins to stand for election, and goes on after each lost term until {@link #resign}. */
  public void start() {
    onThread(
        () -> {
          if (!started) {
            started = true;
            campaign();
          }
        });
  }

  /** The term that this process holds at this moment by its own clock; from any thread. */
  public Optional<Term> term() {
    return reign.filter(current -> timers.nanoTime() - current.deadline() < 0).map(Reign::term);
  }

  /**
   * Watches the leader key through a view: a vacancy is contested at once, a lost key noticed. The
   * election works without it, a little later.
   */
  public View.Attachment follow(View view) {
    return view.attach(new LeaderWatch());
  }

  /** Gives up a term, if it is still held, and stands again later. */
  public void abandon(Term term, String why) {
    onThread(() -> reign.filter(r -> r.term().equals(term)).ifPresent(r -> stepDown(why)));
  }

  /**
   * Steps down if leading, and stands no more.
   *
   * @return completes once the leader key is given back or the store has failed to take it; it then
   *     runs out by itself
   */
  public CompletableFuture<Void> resign() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    boolean accepted =
        onThread(
            () -> {
              ended = true;
              nextTry.cancel();
              long lease =
                  reign
                      .map(r -> r.term().lease())
                      .orElseGet(() -> attempt.map(a -> a.lease).orElse(0L));
              attempt = Optional.empty();
              reign.ifPresent(r -> endReign("this process resigned"));
              revoke(lease).whenComplete((nothing, failure) -> done.complete(null));
            });
    if (!accepted) {
      done.complete(null);
    }
    return done;
  }

  @Override
  public void close() {
    resign();
  }

  // ---- standing for election

  private void campaign() {
    if (!started || ended || reign.isPresent() || attempt.isPresent()) {
      return;
    }
    nextTry.cancel();
    Attempt mine = new Attempt();
    attempt = Optional.of(mine);
    store
        .get(leaderKey)
        .whenComplete(
            (range, failure) ->
                during(
                    mine,
                    () -> {
                      if (failure != null) {
                        complain("cannot read the leader key", failure);
                        tryLater();
                      } else if (range.entries().isEmpty()) {
                        grant(mine);
                      } else {
                        tryLater();
                      }
                    }));
  }

  private void grant(Attempt mine) {
    mine.grantSentAt = timers.nanoTime();
    store
        .grantLease(settings.ttl())
        .whenComplete(
            (lease, failure) ->
                onThread(
                    () -> {
                      if (!isCurrent(mine)) {
                        // Resigned meanwhile.
                        revoke(lease == null ? 0 : lease);
                      } else if (failure != null) {
                        complain("cannot get a lease", failure);
                        tryLater();
                      } else {
                        mine.lease = lease;
                        mine.record = record();
                        put(mine);
                      }
                    }));
  }

  private LeaderRecord record() {
    Instant now = clock.instant();
    return LeaderRecord.newBuilder()
        .setId(ids.get())
        .setAddress(address)
        .setElectedAt(now.getEpochSecond() * 1_000_000_000L + now.getNano())
        .build();
  }

  private void put(Attempt mine) {
    Txn txn =
        new Txn(
            List.of(new Txn.Guard.Absent(leaderKey)),
            List.of(new Txn.Write.Put(leaderKey, mine.record.toByteString(), mine.lease)));
    store
        .commit(txn)
        .whenComplete((result, failure) -> during(mine, () -> answered(mine, result, failure)));
  }

  private void answered(Attempt mine, TxnResult result, Throwable failure) {
    if (failure == null && result.committed()) {
      won(mine, result.revision());
    } else if (failure != null && code(failure) == StoreException.Code.INVALID) {
      LOG.error("the store refuses the leader key", failure);
      lost(mine);
    } else {
      // The key is taken, perhaps by an earlier sending of ours, or nobody knows.
      examine(mine);
    }
  }

  private void examine(Attempt mine) {
    store
        .get(leaderKey)
        .whenComplete((range, failure) -> during(mine, () -> examined(mine, range, failure)));
  }

  private void examined(Attempt mine, Range range, Throwable failure) {
    if (failure != null) {
      complain("cannot read the leader key", failure);
      if (isLate(mine)) {
        lost(mine);
      } else {
        timers.schedule(settings.retry(), () -> during(mine, () -> examine(mine)));
      }
    } else if (range.entries().isEmpty()) {
      if (isLate(mine)) {
        lost(mine);
      } else {
        timers.schedule(settings.retry(), () -> during(mine, () -> put(mine)));
      }
    } else {
      KeyValue leader = range.entries().get(0);
      if (leader.value().equals(mine.record.toByteString())) {
        won(mine, leader.createRevision());
      } else {
        lost(mine);
      }
    }
  }

  private boolean isLate(Attempt mine) {
    return timers.nanoTime() - mine.grantSentAt >= settings.trust().toNanos();
  }

  /** Gives the lease back; a late write of the key under it then fails or is deleted with it. */
  private void lost(Attempt mine) {
    revoke(mine.lease);
    tryLater();
  }

  private void won(Attempt mine, long createRevision) {
    if (isLate(mine)) {
      LOG.warn("elected too late to trust the lease; standing again");
      lost(mine);
      return;
    }
    attempt = Optional.empty();
    Term term = new Term(leaderKey, createRevision, mine.lease, mine.record);
    reign = Optional.of(new Reign(term, mine.grantSentAt + settings.trust().toNanos()));
    LOG.info("elected: {} leads from revision {}", address, createRevision);
    watchDeadline();
    renewIn(settings.interval());
    try {
      listener.elected(term);
    } catch (RuntimeException failure) {
      LOG.error("the term could not begin", failure);
      stepDown("the term could not begin: " + failure.getMessage());
    }
  }

  private void tryLater() {
    attempt = Optional.empty();
    nextTry.cancel();
    nextTry = timers.schedule(settings.interval(), () -> onThread(this::campaign));
  }

  // ---- leading

  private void renewIn(Duration delay) {
    Reign current = reign.orElseThrow();
    nextRenewal.cancel();
    nextRenewal = timers.schedule(delay, () -> during(current.term(), () -> renew(current.term())));
  }

  private void renew(Term term) {
    if (isOverdue()) {
      stepDown(overdue());
      return;
    }
    long sentAt = timers.nanoTime();
    // An answer may never come, so the next renewal does not wait for it.
    renewIn(settings.interval());
    store
        .renewLease(term.lease())
        .whenComplete((remaining, failure) -> during(term, () -> renewed(term, sentAt, failure)));
  }

  private void renewed(Term term, long sentAt, Throwable failure) {
    if (isOverdue()) {
      stepDown(overdue());
    } else if (failure == null) {
      long until = sentAt + settings.trust().toNanos();
      if (until - reign.orElseThrow().deadline() > 0) {
        reign = Optional.of(new Reign(term, until));
        watchDeadline();
      }
    } else if (code(failure) == StoreException.Code.NOT_FOUND) {
      stepDown("the lease is gone");
    } else {
      complain("cannot renew the lease", failure);
      renewIn(settings.retry());
    }
  }

  private void watchDeadline() {
    Reign current = reign.orElseThrow();
    deadline.cancel();
    deadline =
        timers.schedule(
            Duration.ofNanos(current.deadline() - timers.nanoTime()),
            () ->
                during(
                    current.term(),
                    () -> {
                      if (isOverdue()) {
                        stepDown(overdue());
                      }
                    }));
  }

  private boolean isOverdue() {
    return timers.nanoTime() - reign.orElseThrow().deadline() >= 0;
  }

  private String overdue() {
    return "the lease could not be renewed for " + settings.trust().toMillis() + " ms";
  }

  private void stepDown(String why) {
    long lease = reign.orElseThrow().term().lease();
    steppedDownAt = Optional.of(timers.nanoTime());
    endReign(why);
    revoke(lease);
    tryLater();
  }

  private void endReign(String why) {
    nextRenewal.cancel();
    deadline.cancel();
    reign = Optional.empty();
    LOG.warn("{} leads no more: {}", address, why);
    try {
      listener.deposed(why);
    } catch (RuntimeException failure) {
      LOG.error("the term could not be ended in good order", failure);
    }
  }

  private CompletableFuture<Void> revoke(long lease) {
    if (lease == 0) {
      return CompletableFuture.completedFuture(null);
    }
    return store
        .revokeLease(lease)
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                LOG.debug("lease {} is left to run out", lease, failure);
              }
            });
  }

  // ---- what the view shows

  private final class LeaderWatch implements ViewListener {
    private Optional<String> seen = Optional.of("");

    @Override
    public void onSnapshot(Records records, long revision) {
      see(records.leader().map(LeaderRecord::getId), revision);
    }

    @Override
    public void onChanges(List<RecordChange> changes, long revision) {
      for (RecordChange change : changes) {
        if (change.key() instanceof RecordKey.Leader) {
          see(change.value().map(record -> ((LeaderRecord) record).getId()), change.revision());
        }
      }
    }

    /** The leader writes its key with every transaction: only another holder is news. */
    private void see(Optional<String> holder, long revision) {
      if (!holder.equals(seen)) {
        seen = holder;
        onThread(() -> seen(holder, revision));
      }
    }
  }

  private void seen(Optional<String> holder, long revision) {
    if (reign.isPresent()) {
      Term term = reign.get().term();
      boolean held = holder.isPresent() && holder.get().equals(term.record().getId());
      if (!held && revision >= term.createRevision()) {
        stepDown("the leader key is gone");
      }
    } else if (holder.isEmpty() && !isResting()) {
      campaign();
    }
  }

  /**
   * Who has just stepped down lets others go first, and does not begin term after term when none
   * can be held.
   */
  private boolean isResting() {
    return steppedDownAt.isPresent()
        && timers.nanoTime() - steppedDownAt.get() < settings.interval().toNanos();
  }

  // ---- thread, clock, words

  private boolean isCurrent(Attempt mine) {
    return attempt.isPresent() && attempt.get() == mine;
  }

  private void during(Attempt mine, Runnable task) {
    onThread(
        () -> {
          if (isCurrent(mine)) {
            task.run();
          }
        });
  }

  private void during(Term term, Runnable task) {
    onThread(
        () -> {
          if (reign.isPresent() && reign.get().term().equals(term)) {
            task.run();
          }
        });
  }

  private boolean onThread(Runnable task) {
    try {
      thread.execute(task);
      return true;
    } catch (RejectedExecutionException ending) {
      LOG.debug("the election's thread has ended", ending);
      return false;
    }
  }

  private static StoreException.Code code(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof StoreException known ? known.code() : StoreException.Code.INVALID;
  }

  private void complain(String what, Throwable cause) {
    long now = timers.nanoTime();
    if (lastComplaint.isEmpty() || now - lastComplaint.get() >= QUIET.toNanos()) {
      lastComplaint = Optional.of(now);
      LOG.warn("{}: {}", what, cause.getMessage());
    }
  }
}
