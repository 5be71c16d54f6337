package peloton.store.memory;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import peloton.store.KeyRange;
import peloton.store.KeyValueStore.Change;
import peloton.store.KeyValueStore.WatchListener;
import peloton.store.StoreException;

/**
 * One watch of one client. The server fills it under its lock; {@link #deliver} hands on what came
 * in, in order, one callback at a time, on the client's executor.
 */
final class MemoryWatch {
  private final KeyRange keys;
  private final WatchListener listener;
  private final Executor executor;
  private final Queue<Consumer<WatchListener>> waiting = new ArrayDeque<>();
  private boolean delivering;
  private boolean closed;

  /**
   * The next revision to ask for; 0 stands for the first after the watch has reached the server.
   */
  private long next;

  MemoryWatch(KeyRange keys, long from, WatchListener listener, Executor executor) {
    this.keys = keys;
    this.next = from;
    this.listener = listener;
    this.executor = executor;
  }

  /** Takes what it has missed, and notes that it is current; false if the watch is over. */
  synchronized boolean start(History history) {
    if (closed) {
      return false;
    }
    if (next == 0) {
      next = history.revision() + 1;
    }
    try {
      accept(history.since(keys, next));
      long current = history.revision();
      if (next <= current + 1) {
        next = current + 1;
        waiting.add(to -> to.onProgress(current));
      }
      return true;
    } catch (StoreException e) {
      waiting.add(to -> to.onLost(e));
      return false;
    }
  }

  /** Takes the changes of one revision, or of several in order. */
  synchronized void accept(List<Change> changes) {
    List<Change> wanted =
        changes.stream()
            .filter(change -> change.revision() >= next && KeyOrder.within(keys, change.key()))
            .toList();
    if (!wanted.isEmpty()) {
      next = wanted.get(wanted.size() - 1).revision() + 1;
      waiting.add(to -> to.onChanges(wanted));
    }
  }

  synchronized void interrupt(StoreException cause) {
    waiting.add(to -> to.onInterrupted(cause));
  }

  synchronized void close() {
    closed = true;
    waiting.clear();
  }

  /** Calls the listener for everything that waits, unless another call does so already. */
  void deliver() {
    synchronized (this) {
      if (delivering || waiting.isEmpty()) {
        return;
      }
      delivering = true;
    }
    executor.execute(this::drain);
  }

  private void drain() {
    for (; ; ) {
      Consumer<WatchListener> call;
      synchronized (this) {
        call = waiting.poll();
        if (call == null) {
          delivering = false;
          return;
        }
      }
      try {
        call.accept(listener);
      } catch (RuntimeException | Error e) {
        synchronized (this) {
          delivering = false;
        }
        throw e;
      }
    }
  }
}
