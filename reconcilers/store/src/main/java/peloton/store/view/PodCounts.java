package peloton.store.view;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.PodRecord;
import peloton.records.WorkflowMark;

/**
 * How the pod records of one job spread over versions, states and workflow marks, kept up with each
 * record: what a job's status needs without a walk over its pods. One thread writes, any thread
 * reads; numbers that are read one after the other may be of neighbouring moments.
 */
public final class PodCounts {
  private static final int MARKS = WorkflowMark.values().length;

  private final Map<Long, AtomicIntegerArray> byVersion = new ConcurrentHashMap<>();
  private final Map<Long, AtomicIntegerArray> byWorkflow = new ConcurrentHashMap<>();
  private final NavigableMap<Integer, Long> current = new ConcurrentSkipListMap<>();

  PodCounts() {}

  /** Pod records in each state, by the configuration version that they are on; no zeros. */
  public NavigableMap<Long, Map<PodState, Integer>> byVersion() {
    NavigableMap<Long, Map<PodState, Integer>> result = new TreeMap<>();
    byVersion.forEach(
        (version, counts) -> {
          Map<PodState, Integer> states = new TreeMap<>();
          for (PodState state : PodState.values()) {
            int count = counts.get(state.ordinal());
            if (count > 0) {
              states.put(state, count);
            }
          }
          if (!states.isEmpty()) {
            result.put(version, states);
          }
        });
    return result;
  }

  /** Pod records whose last workflow is this one and that it left in this mark. */
  public int marked(long workflow, WorkflowMark mark) {
    AtomicIntegerArray counts = byWorkflow.get(workflow);
    return counts == null ? 0 : counts.get(mark.ordinal());
  }

  /** The instances that a workflow has in hand, ascending. */
  public Iterable<Integer> current(long workflow) {
    return current.entrySet().stream()
            .filter(entry -> entry.getValue() == workflow)
            .map(Map.Entry::getKey)
        ::iterator;
  }

  void replace(int instance, PodRecord before, PodRecord after) {
    if (before != null) {
      add(byVersion, before.getVersion(), ordinal(before.getState()), PodState.values().length, -1);
      if (before.getWorkflow() != 0) {
        add(byWorkflow, before.getWorkflow(), ordinal(before.getMark()), MARKS, -1);
      }
    }
    if (after != null) {
      add(byVersion, after.getVersion(), ordinal(after.getState()), PodState.values().length, 1);
      if (after.getWorkflow() != 0) {
        add(byWorkflow, after.getWorkflow(), ordinal(after.getMark()), MARKS, 1);
      }
    }
    if (after != null && after.getMark() == WorkflowMark.WORKFLOW_MARK_CURRENT) {
      current.put(instance, after.getWorkflow());
    } else if (before != null && before.getMark() == WorkflowMark.WORKFLOW_MARK_CURRENT) {
      current.remove(instance);
    }
  }

  /** Adds to one counter; the last slot holds the sum, so that an unused row can go. */
  private static void add(
      Map<Long, AtomicIntegerArray> rows, long key, int index, int width, int by) {
    AtomicIntegerArray row = rows.computeIfAbsent(key, k -> new AtomicIntegerArray(width + 1));
    row.addAndGet(index, by);
    if (row.addAndGet(width, by) == 0) {
      rows.remove(key);
    }
  }

  private static int ordinal(PodState state) {
    return state == PodState.UNRECOGNIZED ? 0 : state.ordinal();
  }

  private static int ordinal(WorkflowMark mark) {
    return mark == WorkflowMark.UNRECOGNIZED ? 0 : mark.ordinal();
  }
}
