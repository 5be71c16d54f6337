package peloton.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Timers that stand still until a test moves them. Tasks run on the thread that does. */
public final class ManualTimers implements Timers {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private record Task(long due, long order, Runnable task) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::order));
  private long now;
  private long scheduled;

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    Task entry = new Task(now + Math.max(0, delay.toNanos()), scheduled++, task);
    tasks.add(entry);
    return () -> tasks.remove(entry);
  }

  /** Moves time on and runs everything that falls due on the way, each at its own time. */
  public void advance(Duration by) {
    long end = now + by.toNanos();
    while (!tasks.isEmpty() && tasks.peek().due() <= end) {
      Task next = tasks.poll();
      now = Math.max(now, next.due());
      next.task().run();
    }
    now = end;
  }

  /** Moves time without running anything, as for a process that is stopped and goes on later. */
  public void pause(Duration by) {
    now += by.toNanos();
  }

  /** The time of day that goes with these timers. */
  public InstantSource clock() {
    return () -> START.plusNanos(now);
  }

  /** How many tasks wait. */
  public int pending() {
    return tasks.size();
  }
}
