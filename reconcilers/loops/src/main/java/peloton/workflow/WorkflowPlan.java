package peloton.workflow;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.pod.WorkflowStep;
import peloton.records.InstanceRange;
import peloton.records.PodRecord;
import peloton.records.WorkflowMark;
import peloton.store.view.PodTable;

/**
 * Which instances a workflow adds, updates and removes: worked out when it begins to roll, from the
 * pods as they are then.
 */
public record WorkflowPlan(
    List<InstanceRange> added, List<InstanceRange> updated, List<InstanceRange> removed) {

  public WorkflowPlan {
    added = List.copyOf(added);
    updated = List.copyOf(updated);
    removed = List.copyOf(removed);
  }

  /**
   * The plan of an update or creation.
   *
   * @param pods the job's pods
   * @param count the wanted number of instances
   * @param differs whether what an instance with a record should be differs from what it is on or
   *     on its way to
   */
  public static WorkflowPlan forUpdate(PodTable pods, int count, IntPredicate differs) {
    List<Integer> added = new ArrayList<>();
    List<Integer> updated = new ArrayList<>();
    List<Integer> removed = new ArrayList<>();
    for (int instance = 0; instance < Math.max(count, pods.bound()); instance++) {
      boolean exists = pods.get(instance) != null;
      if (instance >= count) {
        if (exists) {
          removed.add(instance);
        }
      } else if (!exists) {
        added.add(instance);
      } else if (differs.test(instance)) {
        updated.add(instance);
      }
    }
    return new WorkflowPlan(
        InstanceRanges.of(added), InstanceRanges.of(updated), InstanceRanges.of(removed));
  }

  /**
   * The plan of a restart: it neither adds nor removes.
   *
   * @param count the wanted number of instances
   * @param ranges half open; none for all instances
   */
  public static WorkflowPlan forRestart(int count, List<InstanceIDRange> ranges) {
    BitSet chosen = new BitSet();
    if (ranges.isEmpty()) {
      chosen.set(0, count);
    }
    for (InstanceIDRange range : ranges) {
      long from = Integer.toUnsignedLong(range.getFrom());
      long to = Math.min(count, Integer.toUnsignedLong(range.getTo()));
      if (from < to) {
        chosen.set((int) from, (int) to);
      }
    }
    return new WorkflowPlan(
        List.of(), InstanceRanges.of(chosen.stream().boxed().toList()), List.of());
  }

  /** How far a workflow got with one instance, from the instance's record alone. */
  public static WorkflowMark markOf(PodRecord pod, WorkflowStep step) {
    return pod == null || !step.concerns(pod) ? WorkflowMark.WORKFLOW_MARK_NONE : pod.getMark();
  }
}
