package peloton.loop;

import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Kills that are on their way. Only so many are with Mesos unanswered at a time: when a job of a
 * hundred thousand goes, all kills at once, and the updates that follow them, would run over the
 * queue of calls and end the subscription, only to begin anew with the next one.
 */
final class KillQueue {
  /** Some tenths of a second's work for a master; far below what the driver lets wait. */
  static final int WINDOW = 2_000;

  private final int window;
  private final BooleanSupplier allowed;
  private final Consumer<Mesos.Task> send;
  private final Map<String, Mesos.Task> waiting = new LinkedHashMap<>();
  private final Set<String> sent = new HashSet<>();

  /**
   * Begins empty.
   *
   * @param window how many may be unanswered, at least 1
   * @param allowed asked before each sending; what may not be sent waits
   */
  KillQueue(int window, BooleanSupplier allowed, Consumer<Mesos.Task> send) {
    this.window = window;
    this.allowed = allowed;
    this.send = send;
  }

  /** Kills a task in its turn, unless that is under way already. */
  void add(Mesos.Task task) {
    if (!sent.contains(task.id())) {
      waiting.put(task.id(), task);
      pump();
    }
  }

  /** Mesos said that a task is being killed, has ended or is not known: the next may be killed. */
  void answered(String taskId) {
    waiting.remove(taskId);
    if (sent.remove(taskId)) {
      pump();
    }
  }

  /**
   * Kills once more what still lives, since kills are best-effort. What has not had its turn goes
   * first, so that tasks whose agents are silent hold nobody up for longer than one repetition.
   */
  void repeat(Collection<Mesos.Task> living) {
    sent.clear();
    living.forEach(task -> waiting.putIfAbsent(task.id(), task));
    pump();
  }

  /** The subscription is over, and with it all that was sent; the next one asks anew. */
  void clear() {
    waiting.clear();
    sent.clear();
  }

  private void pump() {
    Iterator<Mesos.Task> next = waiting.values().iterator();
    while (next.hasNext() && sent.size() < window && allowed.getAsBoolean()) {
      Mesos.Task task = next.next();
      next.remove();
      sent.add(task.id());
      send.accept(task);
    }
  }
}
