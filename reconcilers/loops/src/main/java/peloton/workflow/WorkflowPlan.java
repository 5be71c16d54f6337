package peloton.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
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

  /** How far a workflow got with one instance, from the instance's record alone. */
  public static WorkflowMark markOf(PodRecord pod, long workflow) {
    return pod == null || pod.getWorkflow() != workflow
        ? WorkflowMark.WORKFLOW_MARK_NONE
        : pod.getMark();
  }
}
