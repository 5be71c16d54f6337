package peloton.loop;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.mesos.v1.Protos.TaskState;

/**
 * What the loops have done since the process began, over all of its terms, and what they hold just
 * now. The control thread writes, any thread reads; numbers that are read one after the other may
 * be of neighbouring moments.
 */
public final class LoopMeter {

  /** What is counted; the numbers only grow. */
  public enum Count {
    /** Turns of the control thread: an event and everything that followed from it. */
    TURNS,
    /** Nanoseconds that the control thread spent in turns. */
    BUSY_NANOS,
    /** Jobs that were reconciled, one for each time. */
    RECONCILIATIONS,
    /** Jobs that could not be reconciled: more than 0 is a defect. */
    FAILURES,
    /** Offers that came. */
    OFFERS_RECEIVED,
    /** Offers that Mesos took back. */
    OFFERS_RESCINDED,
    /** Offers that were declined. */
    OFFERS_DECLINED,
    /** Tasks in ACCEPT calls. */
    LAUNCHES,
    /** Launches whose intent was stored and that came to nothing before Mesos heard of them. */
    LAUNCHES_LOST,
    /** KILL calls, repeated ones included. */
    KILLS,
    /** Statuses that were acknowledged. */
    ACKNOWLEDGEMENTS,
    /** Tasks that Mesos runs and no pod owns; they are killed. */
    ORPHANS,
    /** Subscriptions that Mesos took in. */
    SUBSCRIPTIONS
  }

  /** What there is now; 0 while this process does not lead. */
  public enum Level {
    /** 1 while a subscription stands. */
    SUBSCRIBED,
    /** Pods that wait for their resource pool or for a place. */
    WAITING_PODS,
    /** Agents whose offers are held. */
    HELD_AGENTS,
    /** Turns that wait for the control thread. */
    QUEUED_TURNS
  }

  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
  private final Map<TaskState, LongAdder> updates = new EnumMap<>(TaskState.class);
  private final Map<Level, AtomicLong> levels = new EnumMap<>(Level.class);

  public LoopMeter() {
    for (Count count : Count.values()) {
      counts.put(count, new LongAdder());
    }
    for (TaskState state : TaskState.values()) {
      updates.put(state, new LongAdder());
    }
    for (Level level : Level.values()) {
      levels.put(level, new AtomicLong());
    }
  }

  /** How much of something there was. */
  public long count(Count what) {
    return counts.get(what).sum();
  }

  /** How many status updates of a state came, repeated ones included. */
  public long updates(TaskState state) {
    return updates.get(state).sum();
  }

  /** How much of something there is. */
  public long level(Level what) {
    return Math.max(0, levels.get(what).get());
  }

  void add(Count what) {
    counts.get(what).increment();
  }

  void add(Count what, long amount) {
    counts.get(what).add(amount);
  }

  void updated(TaskState state) {
    updates.get(state).increment();
  }

  void set(Level what, long value) {
    levels.get(what).set(value);
  }

  void change(Level what, int by) {
    levels.get(what).addAndGet(by);
  }

  /** The term is over: its offers and pods in line are nobody's. */
  void termEnded() {
    set(Level.SUBSCRIBED, 0);
    set(Level.WAITING_PODS, 0);
    set(Level.HELD_AGENTS, 0);
  }
}
