package peloton.placement;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Which pod is on which agent, in a few bytes for each. */
final class PodLedger {
  private static final int NOWHERE = -1;

  /** From so many pods of a job on, counting them anew is dearer than keeping count. */
  private static final int MANY = 128;

  private final Map<String, JobPods> jobs = new HashMap<>();

  private static final class JobPods {
    private int[] slots = new int[0];
    private Shape[] shapes = new Shape[0];
    private int count;

    /** How many there are on each agent; kept up once it was asked for, if there are many pods. */
    private SlotCounts bySlot;

    void count(int slot, int by) {
      if (bySlot != null) {
        bySlot.add(slot, by);
      }
    }

    SlotCounts bySlot() {
      if (bySlot != null) {
        return bySlot;
      }
      SlotCounts counts = new SlotCounts();
      for (int slot : slots) {
        if (slot != NOWHERE) {
          counts.add(slot, 1);
        }
      }
      if (count >= MANY) {
        bySlot = counts;
      }
      return counts;
    }
  }

  /** Hears of pods. */
  interface Visitor {
    void pod(int slot, Shape shape);
  }

  PodLedger copy() {
    PodLedger copy = new PodLedger();
    jobs.forEach(
        (id, pods) -> {
          JobPods same = new JobPods();
          same.slots = pods.slots.clone();
          same.shapes = pods.shapes.clone();
          same.count = pods.count;
          same.bySlot = pods.bySlot == null ? null : pods.bySlot.copy();
          copy.jobs.put(id, same);
        });
    return copy;
  }

  /** The agent of a pod, or -1. */
  int slot(String job, int instance) {
    JobPods pods = jobs.get(job);
    return pods == null || instance >= pods.slots.length ? NOWHERE : pods.slots[instance];
  }

  /** What the pod is; null if it is nowhere. */
  Shape shape(String job, int instance) {
    JobPods pods = jobs.get(job);
    return pods == null || instance >= pods.shapes.length ? null : pods.shapes[instance];
  }

  void put(String job, int instance, int slot, Shape shape) {
    JobPods pods = jobs.computeIfAbsent(job, id -> new JobPods());
    if (instance >= pods.slots.length) {
      int before = pods.slots.length;
      int length = Math.max(instance + 1, before + (before >> 1));
      pods.slots = Arrays.copyOf(pods.slots, length);
      Arrays.fill(pods.slots, before, length, NOWHERE);
      pods.shapes = Arrays.copyOf(pods.shapes, length);
    }
    if (pods.slots[instance] == NOWHERE) {
      pods.count++;
    } else {
      pods.count(pods.slots[instance], -1);
    }
    pods.count(slot, 1);
    pods.slots[instance] = slot;
    pods.shapes[instance] = shape;
  }

  void remove(String job, int instance) {
    JobPods pods = jobs.get(job);
    if (pods == null || instance >= pods.slots.length || pods.slots[instance] == NOWHERE) {
      return;
    }
    pods.count(pods.slots[instance], -1);
    pods.slots[instance] = NOWHERE;
    pods.shapes[instance] = null;
    if (--pods.count == 0) {
      jobs.remove(job);
    }
  }

  void forEach(Visitor visitor) {
    for (JobPods pods : jobs.values()) {
      for (int i = 0; i < pods.slots.length; i++) {
        if (pods.slots[i] != NOWHERE) {
          visitor.pod(pods.slots[i], pods.shapes[i]);
        }
      }
    }
  }

  /**
   * How many pods of a job are on each agent; the caller's own. For a large job this costs what its
   * agents do, and not its pods: during an update it is asked for with every few of them.
   */
  SlotCounts bySlot(String job) {
    JobPods pods = jobs.get(job);
    return pods == null ? new SlotCounts() : pods.bySlot().copy();
  }
}
