package peloton.mesos.local.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An {@link EventLoop} on a daemon thread of its own. */
public final class ThreadEventLoop implements EventLoop, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ThreadEventLoop.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final TimerQueue timers = new TimerQueue();
  private final Thread thread;
  private ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private ArrayDeque<Runnable> batch = new ArrayDeque<>();
  private boolean closed;

  public ThreadEventLoop(String name) {
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void execute(Runnable task) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      queue.add(task);
      if (queue.size() == 1) {
        wake.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException("schedule() belongs to the thread of the loop");
    }
    return timers.add(nanoTime(), delay, task);
  }

  /** Runs what is queued already, then ends the thread; what comes later is dropped. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (takeBatch()) {
      for (var task = batch.poll(); task != null; task = batch.poll()) {
        runSafely(task);
      }
      long now = nanoTime();
      for (var due = timers.pollDue(now); due != null; due = timers.pollDue(now)) {
        runSafely(due);
      }
    }
  }

  /** Waits for work or for the next timer; false when the loop has ended. */
  private boolean takeBatch() {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        long wait = timers.nanosToNext(nanoTime());
        if (wait == 0) {
          return true;
        }
        wake.awaitNanos(Math.min(wait, TimeUnit.HOURS.toNanos(1)));
      }
      if (queue.isEmpty()) {
        return false;
      }
      var full = queue;
      queue = batch;
      batch = full;
      return true;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private static void runSafely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error("The local Mesos failed in one step and goes on with the next", e);
    }
  }
}
