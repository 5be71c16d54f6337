package peloton.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import peloton.api.ids.PodName;
import peloton.store.Timers;

/** Pods that are to be looked at again at a time; one timer for all. */
final class Wakeups {
  private final Timers timers;
  private final LongSupplier now;
  private final Consumer<Runnable> later;
  private final Consumer<PodName> wake;
  private final TreeMap<Long, List<PodName>> due = new TreeMap<>();
  private Timers.Cancellable timer = Timers.Cancellable.none();
  private long armedFor = Long.MAX_VALUE;

  /**
   * Pods to wake.
   *
   * @param now Unix nanoseconds, the clock that the times are in
   * @param later runs a task on the control thread
   * @param wake called on the control thread
   */
  Wakeups(Timers timers, LongSupplier now, Consumer<Runnable> later, Consumer<PodName> wake) {
    this.timers = timers;
    this.now = now;
    this.later = later;
    this.wake = wake;
  }

  /** Wakes a pod at a time, Unix nanoseconds. */
  void at(PodName pod, long when) {
    due.computeIfAbsent(when, w -> new ArrayList<>()).add(pod);
    arm();
  }

  private void arm() {
    if (due.isEmpty() || due.firstKey() >= armedFor) {
      return;
    }
    timer.cancel();
    armedFor = due.firstKey();
    Duration delay = Duration.ofNanos(Math.max(0, armedFor - now.getAsLong()));
    timer = timers.schedule(delay, () -> later.accept(this::fire));
  }

  private void fire() {
    armedFor = Long.MAX_VALUE;
    while (!due.isEmpty() && due.firstKey() <= now.getAsLong()) {
      for (PodName pod : due.pollFirstEntry().getValue()) {
        wake.accept(pod);
      }
    }
    arm();
  }

  void close() {
    timer.cancel();
    due.clear();
  }
}
