package peloton.store.memory;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import peloton.store.KeyRange;
import peloton.store.KeyValueStore;
import peloton.store.Range;
import peloton.store.StoreException;
import peloton.store.Txn;
import peloton.store.TxnResult;
import peloton.store.TxnRules;

/**
 * A client of a {@link MemoryData}, with switches for every fault that the port allows. A call
 * takes effect when it is made; its answer, and what watches hear, comes through the executor. So a
 * queue that is run by hand decides when answers arrive, and {@code Runnable::run} makes them
 * immediate.
 */
public final class MemoryStore implements KeyValueStore {
  private final MemoryData data;
  private final Executor executor;
  private final Set<MemoryWatch> watches = new LinkedHashSet<>();

  private Consumer<Txn> beforeCommit = txn -> {};
  private Consumer<Txn> afterCommit = txn -> {};
  private Optional<Boolean> nextCommitFails = Optional.empty();
  private boolean unavailable;
  private boolean closed;
  private boolean crashed;
  private long commits;

  public MemoryStore(MemoryData data, Executor executor) {
    this.data = data;
    this.executor = executor;
  }

  /**
   * Makes the next commit fail as UNAVAILABLE, as a broken connection does.
   *
   * @param outcomeApplied whether the transaction takes effect all the same
   */
  public synchronized void failNextCommit(boolean outcomeApplied) {
    nextCommitFails = Optional.of(outcomeApplied);
  }

  /** Cuts this client off from the data, or connects it again; its watches then catch up. */
  public void unavailable(boolean cutOff) {
    List<MemoryWatch> affected;
    synchronized (this) {
      if (unavailable == cutOff) {
        return;
      }
      unavailable = cutOff;
      affected = List.copyOf(watches);
    }
    for (MemoryWatch watch : affected) {
      if (cutOff) {
        data.disconnect(watch, Optional.of(unreachable()));
      } else {
        data.connect(watch);
      }
    }
  }

  /** Interrupts every watch of this client; each goes on at once from where it was. */
  public void breakWatches() {
    unavailable(true);
    unavailable(false);
  }

  /** Calls this with each transaction before it takes effect, on the thread that commits. */
  public synchronized void beforeCommit(Consumer<Txn> hook) {
    beforeCommit = hook;
  }

  /** Calls this with each transaction once it has taken effect, before its answer is sent. */
  public synchronized void afterCommit(Consumer<Txn> hook) {
    afterCommit = hook;
  }

  /** How many transactions this client has sent, whatever became of them. */
  public synchronized long commits() {
    return commits;
  }

  /**
   * Ends this client as the death of its process does: nothing that it does from now on reaches the
   * data, no answer and no change reaches it. Its leases live on until their time is over.
   */
  public void crash() {
    synchronized (this) {
      crashed = true;
    }
    close();
  }

  @Override
  public CompletableFuture<TxnResult> commit(Txn txn) {
    TxnRules.requireValid(txn);
    Consumer<Txn> before;
    Consumer<Txn> after;
    Optional<Boolean> fails;
    synchronized (this) {
      commits++;
      before = beforeCommit;
      after = afterCommit;
      fails = nextCommitFails;
      nextCommitFails = Optional.empty();
    }
    return call(
        () -> {
          before.accept(txn);
          requireReachable();
          if (fails.isPresent() && !fails.get()) {
            throw lostAnswer();
          }
          TxnResult result = data.commit(txn);
          after.accept(txn);
          if (fails.isPresent()) {
            throw lostAnswer();
          }
          return result;
        });
  }

  @Override
  public CompletableFuture<Range> get(String key) {
    return call(() -> data.get(key));
  }

  @Override
  public CompletableFuture<Range> range(KeyRange keys, long revision) {
    return call(() -> data.range(keys, revision));
  }

  @Override
  public CompletableFuture<Long> revision() {
    return call(data::revision);
  }

  @Override
  public Watch watch(KeyRange keys, long fromRevision, WatchListener listener) {
    MemoryWatch watch = new MemoryWatch(keys, fromRevision, listener, answers());
    boolean cutOff;
    synchronized (this) {
      if (closed) {
        return () -> {};
      }
      watches.add(watch);
      cutOff = unavailable;
    }
    if (cutOff) {
      data.disconnect(watch, Optional.of(unreachable()));
    } else {
      data.connect(watch);
    }
    return () -> end(watch);
  }

  @Override
  public CompletableFuture<Long> grantLease(Duration ttl) {
    return call(() -> data.grant(ttl));
  }

  @Override
  public CompletableFuture<Duration> renewLease(long lease) {
    return call(() -> data.renew(lease));
  }

  @Override
  public CompletableFuture<Void> revokeLease(long lease) {
    return call(
        () -> {
          data.revoke(lease);
          return null;
        });
  }

  @Override
  public void close() {
    List<MemoryWatch> ended;
    synchronized (this) {
      closed = true;
      ended = List.copyOf(watches);
    }
    ended.forEach(this::end);
  }

  private void end(MemoryWatch watch) {
    synchronized (this) {
      watches.remove(watch);
    }
    watch.close();
    data.disconnect(watch, Optional.empty());
  }

  /** Does the work now; the answer comes through the executor. */
  private <T> CompletableFuture<T> call(Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable reply;
    try {
      requireReachable();
      T result = work.get();
      reply = () -> answer.complete(result);
    } catch (StoreException e) {
      reply = () -> answer.completeExceptionally(e);
    }
    answers().execute(reply);
    return answer;
  }

  /** The executor, deaf once the process is dead. */
  private Executor answers() {
    return task ->
        executor.execute(
            () -> {
              if (!isCrashed()) {
                task.run();
              }
            });
  }

  private synchronized boolean isCrashed() {
    return crashed;
  }

  private synchronized void requireReachable() {
    if (closed) {
      throw new StoreException(StoreException.Code.UNAVAILABLE, "the store is closed");
    }
    if (unavailable) {
      throw unreachable();
    }
  }

  private static StoreException unreachable() {
    return new StoreException(StoreException.Code.UNAVAILABLE, "the store cannot be reached");
  }

  private static StoreException lostAnswer() {
    return new StoreException(
        StoreException.Code.UNAVAILABLE,
        "the connection broke before the answer; the transaction may or may not be done");
  }
}
