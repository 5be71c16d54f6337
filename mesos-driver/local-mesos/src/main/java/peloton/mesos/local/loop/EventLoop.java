package peloton.mesos.local.loop;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Runs everything in order on one thread. {@link #execute} may be called from any thread; {@link
 * #schedule} only from work that the loop runs.
 */
public interface EventLoop extends Executor {

  /** Monotonic nanoseconds; only differences mean something. */
  long nanoTime();

  /**
   * Runs {@code task} once, not before {@code delay} is over.
   *
   * @param delay zero or less runs it after what is already queued
   */
  Timer schedule(Duration delay, Runnable task);

  /** A scheduled task that may still be called off. */
  interface Timer {

    /** Calls it off; without effect when it has run. */
    void cancel();
  }
}
