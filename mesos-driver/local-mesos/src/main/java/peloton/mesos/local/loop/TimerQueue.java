package peloton.mesos.local.loop;

import java.time.Duration;
import java.util.PriorityQueue;

/**
 * Timers by due time, those of one instant in the order in which they were set. A cancelled timer
 * lets go of its task at once and leaves the queue when its time comes, or in a sweep when the dead
 * outnumber the living.
 */
public final class TimerQueue {

  private static final int SWEEP_FROM = 1024;

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long sequence;
  private int cancelled;

  /** Adds a timer that is due {@code delay} after {@code now} (monotonic nanoseconds). */
  public EventLoop.Timer add(long now, Duration delay, Runnable task) {
    var entry = new Entry(now + Math.max(0, delay.toNanos()), sequence++, task);
    entries.add(entry);
    return entry;
  }

  /** Takes the next task that is due at {@code now}, or returns null when there is none. */
  public Runnable pollDue(long now) {
    for (var head = entries.peek(); head != null; head = entries.peek()) {
      if (head.task != null && head.due - now > 0) {
        return null;
      }
      entries.poll();
      var task = head.task;
      head.task = null;
      if (task != null) {
        return task;
      }
      cancelled--;
    }
    return null;
  }

  /** Nanoseconds from {@code now} to the next timer, or {@link Long#MAX_VALUE} without one. */
  public long nanosToNext(long now) {
    var head = entries.peek();
    return head == null ? Long.MAX_VALUE : Math.max(0, head.due - now);
  }

  /** How many timers it holds, cancelled ones that have not left yet too. */
  int size() {
    return entries.size();
  }

  private final class Entry implements EventLoop.Timer, Comparable<Entry> {
    private final long due;
    private final long order;
    private Runnable task;

    private Entry(long due, long order, Runnable task) {
      this.due = due;
      this.order = order;
      this.task = task;
    }

    @Override
    public void cancel() {
      if (task == null) {
        return;
      }
      task = null;
      cancelled++;
      if (cancelled > SWEEP_FROM && cancelled > entries.size() / 2) {
        entries.removeIf(entry -> entry.task == null);
        cancelled = 0;
      }
    }

    @Override
    public int compareTo(Entry other) {
      int byTime = Long.signum(due - other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }
}
