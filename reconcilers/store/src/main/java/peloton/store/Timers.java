package peloton.store;

import java.time.Duration;

/**
 * A monotonic clock and the timers that follow it. Real ones are {@link ScheduledTimers}; tests and
 * simulations move time by hand.
 */
public interface Timers {

  /** Nanoseconds since an arbitrary origin; never goes back, unlike the wall clock. */
  long nanoTime();

  /**
   * Runs a task once.
   *
   * @param delay how long from now; zero or less runs it as soon as possible, but never inside this
   *     call
   * @param task must not block; it runs on the timers' thread, so most tasks hand over to another
   */
  Cancellable schedule(Duration delay, Runnable task);

  /** A task that has not run yet, or has. */
  @FunctionalInterface
  interface Cancellable {
    /** Keeps the task from starting; does nothing if it has started or was cancelled before. */
    void cancel();

    /** Nothing to cancel. */
    static Cancellable none() {
      return () -> {};
    }
  }
}
