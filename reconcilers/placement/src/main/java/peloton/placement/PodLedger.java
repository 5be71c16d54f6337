package peloton.placement;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/** Which pod is on which agent, in a few bytes for each. */
final class PodLedger {
  private static final int NOWHERE = -1;
  private final Map<String, JobPods> jobs = new HashMap<>();

  private static final class JobPods {
    private int[] slots = new int[0];
    private Shape[] shapes = new Shape[0];
    private int count;
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
    }
    pods.slots[instance] = slot;
    pods.shapes[instance] = shape;
  }

  void remove(String job, int instance) {
    JobPods pods = jobs.get(job);
    if (pods == null || instance >= pods.slots.length || pods.slots[instance] == NOWHERE) {
      return;
    }
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

  /** The agents of a job's pods, each as often as it has one. */
  void forEachSlot(String job, IntConsumer visitor) {
    JobPods pods = jobs.get(job);
    if (pods == null) {
      return;
    }
    for (int slot : pods.slots) {
      if (slot != NOWHERE) {
        visitor.accept(slot);
      }
    }
  }
}
