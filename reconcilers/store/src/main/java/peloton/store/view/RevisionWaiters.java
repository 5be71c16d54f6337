package peloton.store.view;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import peloton.store.StoreException;

/**
 * Futures that wait for revisions. Any thread adds; the view's thread completes them. One that its
 * owner gives up (cancels, times out) is forgotten.
 */
final class RevisionWaiters {
  private record Waiter(long revision, long order, CompletableFuture<Void> future) {}

  private final NavigableSet<Waiter> waiters =
      new ConcurrentSkipListSet<>(
          Comparator.comparingLong(Waiter::revision).thenComparingLong(Waiter::order));
  private final AtomicLong order = new AtomicLong();
  private final LongSupplier applied;
  private volatile StoreException ended;

  /**
   * @param applied the newest revision that is applied
   */
  RevisionWaiters(LongSupplier applied) {
    this.applied = applied;
  }

  CompletableFuture<Void> await(long revision) {
    if (revision <= applied.getAsLong()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> future = new CompletableFuture<>();
    Waiter waiter = new Waiter(revision, order.getAndIncrement(), future);
    waiters.add(waiter);
    future.whenComplete((nothing, failure) -> waiters.remove(waiter));
    // The revision may have been applied, or the view closed, before the waiter was in the set.
    if (revision <= applied.getAsLong()) {
      future.complete(null);
    }
    StoreException closed = ended;
    if (closed != null) {
      future.completeExceptionally(closed);
    }
    return future;
  }

  /** Completes what waits for the applied revision or an older one, oldest first. */
  void release() {
    Waiter last = new Waiter(applied.getAsLong(), Long.MAX_VALUE, new CompletableFuture<>());
    // A waiter that completes leaves the set by itself.
    waiters.headSet(last, true).forEach(waiter -> waiter.future().complete(null));
  }

  /** Fails everything that waits or will wait. */
  void end(StoreException cause) {
    ended = cause;
    Waiter next;
    while ((next = waiters.pollFirst()) != null) {
      next.future().completeExceptionally(cause);
    }
  }

  int size() {
    return waiters.size();
  }
}
