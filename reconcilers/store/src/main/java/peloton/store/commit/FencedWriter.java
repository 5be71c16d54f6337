package peloton.store.commit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.store.KeyValue;
import peloton.store.KeyValueStore;
import peloton.store.Range;
import peloton.store.RetryDelays;
import peloton.store.StoreException;
import peloton.store.Timers;
import peloton.store.Timers.Cancellable;
import peloton.store.Txn;
import peloton.store.Txn.Guard;
import peloton.store.Txn.Write;
import peloton.store.TxnResult;
import peloton.store.TxnRules;
import peloton.store.election.Term;
import peloton.store.view.Keyspace;

/**
 * The writer of one term: group commit with one transaction under way. What is handed in meanwhile
 * goes into the next.
 *
 * <p>Each transaction compares the leader key's creation revision, which fences it, and its
 * version, and writes the key again, which makes the version count this term's transactions. So a
 * transaction takes effect at most once and only in its turn, however often it was sent and however
 * late it arrives; and after a lost answer the key tells whether it took effect. A term has one
 * writer, made when the term begins, for the count starts with the election's own write.
 */
public final class FencedWriter implements ActualWriter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FencedWriter.class);
  private static final Duration QUIET = Duration.ofSeconds(5);

  /** Hears that the term is over for the writer. */
  @FunctionalInterface
  public interface DepositionListener {
    /**
     * Called once. What was handed in and not reported as committed is dropped, and the last
     * transaction may or may not have been made.
     *
     * @param why what happened, for people
     * @param cause present if the store refused a transaction as faulty: a defect, not a loss of
     *     leadership; the term should be given up all the same and begun anew from what is stored
     */
    void onDeposed(String why, Optional<Throwable> cause);
  }

  /** A transaction that is under way: built once, sent until its outcome is known. */
  private record Flight(
      Txn txn, List<Group> completed, int mutations, int writes, int bytes, long sentAt) {}

  private final KeyValueStore store;
  private final Keyspace keyspace;
  private final Term term;
  private final Executor worker;
  private final Executor callbacks;
  private final Timers timers;
  private final WriterSettings settings;
  private final DepositionListener listener;

  private final int maxBytes;
  private final Write leaderPut;
  private final RetryDelays retries;
  private final Queue<Group> incoming = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicInteger queued = new AtomicInteger();

  private final LongAdder transactions = new LongAdder();
  private final LongAdder mutations = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private volatile long lastLatency;
  private volatile boolean over;

  // What follows belongs to the worker.
  private final Deque<Group> waiting = new ArrayDeque<>();
  private Optional<Flight> flight = Optional.empty();
  private Optional<Cancellable> lingering = Optional.empty();
  private Optional<Long> lastComplaint = Optional.empty();
  private long version = 1;

  /**
   * @param worker encodes and sends; runs one task at a time, in order
   * @param callbacks runs what is to be called on commit and on deposition, in order; the same
   *     executor may do both
   */
  public FencedWriter(
      KeyValueStore store,
      Keyspace keyspace,
      Term term,
      Executor worker,
      Executor callbacks,
      Timers timers,
      WriterSettings settings,
      DepositionListener listener) {
    this.store = store;
    this.keyspace = keyspace;
    this.term = term;
    this.worker = worker;
    this.callbacks = callbacks;
    this.timers = timers;
    this.settings = settings;
    this.listener = listener;
    this.leaderPut = new Write.Put(term.leaderKey(), term.record().toByteString(), term.lease());
    this.maxBytes = KeyValueStore.MAX_BYTES - TxnRules.bytes(leaderPut);
    this.retries = new RetryDelays(settings.retryFirst(), settings.retryLongest());
  }

  @Override
  public void write(List<Mutation> mutations, Runnable onCommitted) {
    if (over) {
      return;
    }
    Group group = new Group(mutations, onCommitted);
    queued.addAndGet(group.size());
    incoming.add(group);
    wake();
  }

  /**
   * How many mutations are handed in and not known to be committed: what a producer looks at before
   * it makes more.
   */
  public int queued() {
    return queued.get();
  }

  /** Whether the term is over for this writer; what is handed in from then on is dropped. */
  public boolean isOver() {
    return over;
  }

  public WriterStats stats() {
    return new WriterStats(
        transactions.sum(),
        mutations.sum(),
        writes.sum(),
        bytes.sum(),
        repeats.sum(),
        queued.get(),
        Duration.ofNanos(lastLatency));
  }

  /** Ends the writer without a word to anyone; a transaction under way may still be made. */
  @Override
  public void close() {
    over = true;
    onWorker(this::drop);
  }

  // ---- putting transactions together

  private void wake() {
    if (woken.compareAndSet(false, true)) {
      onWorker(
          () -> {
            woken.set(false);
            pump();
          });
    }
  }

  private void pump() {
    Group arrived;
    while ((arrived = incoming.poll()) != null) {
      waiting.add(arrived);
    }
    if (over) {
      drop();
      return;
    }
    if (flight.isPresent() || waiting.isEmpty()) {
      return;
    }
    if (!settings.linger().isZero() && queued.get() < KeyValueStore.MAX_OPERATIONS - 1) {
      linger();
    } else {
      depart();
    }
  }

  private void linger() {
    if (lingering.isEmpty()) {
      lingering = Optional.of(timers.schedule(settings.linger(), () -> onWorker(this::depart)));
    }
  }

  private void depart() {
    lingering.ifPresent(Cancellable::cancel);
    lingering = Optional.empty();
    if (over || flight.isPresent() || waiting.isEmpty()) {
      return;
    }
    Batch batch = new Batch(KeyValueStore.MAX_OPERATIONS - 1, maxBytes);
    List<Group> completed = new ArrayList<>();
    int carried = fill(batch, completed);
    if (batch.isEmpty() && !waiting.isEmpty()) {
      Write tooLarge = waiting.getFirst().remaining(keyspace).getFirst();
      depose(
          "a record is too large to be written",
          Optional.of(
              new IllegalArgumentException(
                  "a write of "
                      + TxnRules.bytes(tooLarge)
                      + " bytes is over the limit of "
                      + maxBytes
                      + ": "
                      + key(tooLarge))));
      return;
    }
    if (batch.isEmpty()) {
      // Groups without mutations only want to know that what came before them is durable.
      notifyCommitted(completed);
      return;
    }
    List<Write> all = batch.writes();
    int count = all.size();
    all.add(leaderPut);
    Txn txn =
        new Txn(
            List.of(
                new Guard.CreateRevision(term.leaderKey(), term.createRevision()),
                new Guard.Version(term.leaderKey(), version)),
            all);
    flight =
        Optional.of(new Flight(txn, completed, carried, count, batch.bytes(), timers.nanoTime()));
    retries.reset();
    send(flight.get());
  }

  /** Takes whole groups while they fit, or the beginning of one that fits in no transaction. */
  private int fill(Batch batch, List<Group> completed) {
    int carried = 0;
    while (!waiting.isEmpty()) {
      Group group = waiting.getFirst();
      Deque<Write> remaining = group.remaining(keyspace);
      int before = remaining.size();
      if (batch.addAll(remaining)) {
        remaining.clear();
      } else if (batch.isEmpty()) {
        while (!remaining.isEmpty() && batch.add(remaining.getFirst())) {
          remaining.removeFirst();
        }
      }
      carried += before - remaining.size();
      if (!remaining.isEmpty()) {
        return carried;
      }
      waiting.removeFirst();
      completed.add(group);
    }
    return carried;
  }

  // ---- sending, until the outcome is known

  private void send(Flight sent) {
    try {
      store
          .commit(sent.txn())
          .whenComplete((result, failure) -> onWorker(sent, () -> answered(sent, result, failure)));
    } catch (IllegalArgumentException refused) {
      depose("the store refuses a transaction", Optional.of(refused));
    }
  }

  private void answered(Flight sent, TxnResult result, Throwable failure) {
    if (failure == null && result.committed()) {
      landed(sent);
    } else if (failure != null && isDefect(failure)) {
      depose("the store refuses a transaction", Optional.of(unwrap(failure)));
    } else {
      if (failure != null) {
        LOG.debug("the outcome of a transaction is unknown", failure);
      }
      examine(sent);
    }
  }

  /** Asks the leader key what became of the transaction. */
  private void examine(Flight sent) {
    store
        .get(term.leaderKey())
        .whenComplete(
            (range, failure) ->
                onWorker(
                    sent,
                    () -> {
                      if (failure == null) {
                        examined(sent, range);
                      } else if (isDefect(failure)) {
                        depose("the store refuses to read", Optional.of(unwrap(failure)));
                      } else {
                        complain(unwrap(failure).getMessage());
                        later(sent, () -> examine(sent));
                      }
                    }));
  }

  private void examined(Flight sent, Range range) {
    if (range.entries().isEmpty()) {
      depose("the leader key is gone", Optional.empty());
      return;
    }
    KeyValue leader = range.entries().get(0);
    if (leader.createRevision() != term.createRevision()) {
      depose("another leader has been elected", Optional.empty());
    } else if (leader.version() == version + 1) {
      landed(sent);
    } else if (leader.version() == version) {
      repeats.increment();
      complain("it was not made, and is sent again");
      later(sent, () -> send(sent));
    } else {
      depose(
          "someone else wrote the leader key in this term: its version is "
              + leader.version()
              + " and should be "
              + version,
          Optional.empty());
    }
  }

  private void complain(String state) {
    long now = timers.nanoTime();
    if (lastComplaint.isEmpty() || now - lastComplaint.get() >= QUIET.toNanos()) {
      lastComplaint = Optional.of(now);
      LOG.warn("a transaction failed, and {} writes wait for its outcome: {}", queued.get(), state);
    }
  }

  private void later(Flight sent, Runnable task) {
    timers.schedule(retries.next(), () -> onWorker(sent, task));
  }

  private void landed(Flight sent) {
    flight = Optional.empty();
    version++;
    transactions.increment();
    mutations.add(sent.mutations());
    writes.add(sent.writes());
    bytes.add(sent.bytes());
    lastLatency = timers.nanoTime() - sent.sentAt();
    queued.addAndGet(-sent.mutations());
    notifyCommitted(sent.completed());
    // Whatever gathered meanwhile has waited long enough.
    Group arrived;
    while ((arrived = incoming.poll()) != null) {
      waiting.add(arrived);
    }
    depart();
  }

  private void notifyCommitted(List<Group> completed) {
    onCallbacks(() -> completed.forEach(FencedWriter::notifyCommitted));
  }

  private static void notifyCommitted(Group group) {
    try {
      group.onCommitted().run();
    } catch (RuntimeException failure) {
      LOG.error("what was to follow a commit failed", failure);
    }
  }

  // ---- the end

  private void depose(String why, Optional<Throwable> cause) {
    if (over) {
      return;
    }
    over = true;
    LOG.warn("term {} is over for its writer: {}", term.createRevision(), why);
    drop();
    onCallbacks(() -> listener.onDeposed(why, cause));
  }

  private void drop() {
    flight = Optional.empty();
    lingering.ifPresent(Cancellable::cancel);
    lingering = Optional.empty();
    waiting.clear();
    incoming.clear();
    queued.set(0);
  }

  private void onWorker(Flight sent, Runnable task) {
    onWorker(
        () -> {
          if (flight.isPresent() && flight.get() == sent) {
            task.run();
          }
        });
  }

  private void onWorker(Runnable task) {
    execute(worker, task);
  }

  private void onCallbacks(Runnable task) {
    execute(callbacks, task);
  }

  private static void execute(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException ending) {
      LOG.debug("an executor of the writer has ended", ending);
    }
  }

  private static String key(Write write) {
    if (write instanceof Write.Put put) {
      return put.key();
    }
    return write instanceof Write.Delete delete
        ? delete.key()
        : ((Write.DeletePrefix) write).prefix();
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Whether repeating cannot help: everything but a store that is away or full. */
  private static boolean isDefect(Throwable failure) {
    if (unwrap(failure) instanceof StoreException refused) {
      // NOT_FOUND: the lease is gone, and the leader key with it or soon.
      return refused.code() == StoreException.Code.INVALID;
    }
    return true;
  }
}
