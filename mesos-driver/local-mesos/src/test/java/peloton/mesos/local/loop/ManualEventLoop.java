package peloton.mesos.local.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;

/** An event loop whose time the test moves. */
public final class ManualEventLoop implements EventLoop {

  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final TimerQueue timers = new TimerQueue();
  private long now;

  @Override
  public void execute(Runnable task) {
    queue.add(task);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return timers.add(now, delay, task);
  }

  /** A clock that shows this loop's time. */
  public InstantSource clock() {
    return () -> START.plusNanos(now);
  }

  /** Does what is due now. */
  public void settle() {
    advance(Duration.ZERO);
  }

  /** Moves time on, doing everything in its order at its time. */
  public void advance(Duration by) {
    long end = now + by.toNanos();
    while (true) {
      for (var task = queue.poll(); task != null; task = queue.poll()) {
        task.run();
      }
      long next = timers.nanosToNext(now);
      if (next == Long.MAX_VALUE || now + next - end > 0) {
        now = end;
        return;
      }
      now += next;
      for (var due = timers.pollDue(now); due != null; due = timers.pollDue(now)) {
        due.run();
      }
    }
  }
}
