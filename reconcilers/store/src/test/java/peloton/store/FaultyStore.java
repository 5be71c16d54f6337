package peloton.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A store with the faults that no store should have and etcd's clients had: changes that a watch
 * loses or repeats, watches that die silently, answers of a transaction that are odd.
 */
public final class FaultyStore implements KeyValueStore {
  private final KeyValueStore store;
  private Predicate<Change> lost = change -> false;
  private boolean repeating;
  private boolean silent;
  private UnaryOperator<CompletableFuture<TxnResult>> answers = UnaryOperator.identity();
  private Optional<StoreException> unreadable = Optional.empty();
  private final List<Txn> sent = new ArrayList<>();
  private final List<WatchListener> listeners = new ArrayList<>();

  public FaultyStore(KeyValueStore store) {
    this.store = store;
  }

  /** Loses these changes on their way to the watches. */
  public void lose(Predicate<Change> changes) {
    lost = changes;
  }

  /** Delivers every change twice. */
  public void repeat(boolean twice) {
    repeating = twice;
  }

  /** Delivers nothing at all while true. */
  public void silence(boolean nothing) {
    silent = nothing;
  }

  /** Puts something else in the place of the answers to transactions. */
  public void answer(UnaryOperator<CompletableFuture<TxnResult>> instead) {
    answers = instead;
  }

  /** Fails reads of ranges. */
  public void failRanges(Optional<StoreException> cause) {
    unreadable = cause;
  }

  /** Every transaction that was sent, in order. */
  public List<Txn> sent() {
    return sent;
  }

  /** Everyone who ever watched, oldest first. */
  public List<WatchListener> listeners() {
    return listeners;
  }

  @Override
  public CompletableFuture<TxnResult> commit(Txn txn) {
    sent.add(txn);
    return answers.apply(store.commit(txn));
  }

  @Override
  public CompletableFuture<Range> get(String key) {
    return store.get(key);
  }

  @Override
  public CompletableFuture<Range> range(KeyRange keys, long revision) {
    return unreadable.isPresent()
        ? CompletableFuture.failedFuture(unreadable.get())
        : store.range(keys, revision);
  }

  @Override
  public CompletableFuture<Long> revision() {
    return store.revision();
  }

  @Override
  public Watch watch(KeyRange keys, long fromRevision, WatchListener listener) {
    listeners.add(listener);
    return store.watch(
        keys,
        fromRevision,
        new WatchListener() {
          @Override
          public void onChanges(List<Change> changes) {
            List<Change> kept = changes.stream().filter(lost.negate()).toList();
            if (silent || kept.isEmpty()) {
              return;
            }
            listener.onChanges(kept);
            if (repeating) {
              listener.onChanges(kept);
            }
          }

          @Override
          public void onProgress(long revision) {
            if (!silent) {
              listener.onProgress(revision);
            }
          }

          @Override
          public void onInterrupted(StoreException cause) {
            listener.onInterrupted(cause);
          }

          @Override
          public void onLost(StoreException cause) {
            listener.onLost(cause);
          }
        });
  }

  @Override
  public CompletableFuture<Long> grantLease(Duration ttl) {
    return store.grantLease(ttl);
  }

  @Override
  public CompletableFuture<Duration> renewLease(long lease) {
    return store.renewLease(lease);
  }

  @Override
  public CompletableFuture<Void> revokeLease(long lease) {
    return store.revokeLease(lease);
  }

  @Override
  public void close() {
    store.close();
  }
}
