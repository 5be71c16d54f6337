package peloton.store.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import peloton.store.KeyValueStore.Change;
import peloton.store.KeyValueStore.WatchListener;
import peloton.store.StoreException;

/** Keeps what a watch tells, and lets a test wait for it. */
public class Recorder implements WatchListener {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final List<List<Change>> calls = new ArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private Optional<StoreException> lost = Optional.empty();
  private int interruptions;
  private long progress;
  private boolean overlapped;

  @Override
  public void onChanges(List<Change> changes) {
    told(() -> calls.add(changes));
  }

  @Override
  public void onProgress(long revision) {
    told(() -> progress = revision);
  }

  @Override
  public void onInterrupted(StoreException cause) {
    told(() -> interruptions++);
  }

  @Override
  public void onLost(StoreException cause) {
    told(() -> lost = Optional.of(cause));
  }

  /** Every change so far. */
  public synchronized List<Change> changes() {
    return calls.stream().flatMap(List::stream).toList();
  }

  /** Every call so far, with its changes. */
  public synchronized List<List<Change>> calls() {
    return List.copyOf(calls);
  }

  public synchronized Optional<StoreException> lost() {
    return lost;
  }

  public synchronized int interruptions() {
    return interruptions;
  }

  public synchronized long progress() {
    return progress;
  }

  /** Whether two calls came at once. */
  public synchronized boolean overlapped() {
    return overlapped;
  }

  /** Waits until so many changes have come; all of them. */
  public List<Change> await(int count) {
    awaitThat(count + " changes", () -> changes().size() >= count);
    return changes();
  }

  /** Waits until the watch has ended; why. */
  public StoreException awaitLost() {
    awaitThat("the end of the watch", () -> lost().isPresent());
    return lost().orElseThrow();
  }

  /** Waits until this holds; it is asked again whenever the watch tells something. */
  public synchronized void awaitThat(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            "waited in vain for "
                + what
                + "; "
                + changes().size()
                + " changes came, lost: "
                + lost);
      }
      try {
        wait(Math.min(left, 100));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for " + what, e);
      }
    }
  }

  private void told(Runnable note) {
    boolean alone = inside.incrementAndGet() == 1;
    synchronized (this) {
      overlapped |= !alone;
      note.run();
      notifyAll();
    }
    inside.decrementAndGet();
  }
}
