package peloton.operator.read;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.records.InstanceRange;
import peloton.records.PodRecord;
import peloton.records.WorkflowEventRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.workflow.VersionMarkers;

/**
 * {@link VersionMarkers} for a walk over many pods of one job: what it needs of the job's workflows
 * is taken out of their records once.
 */
final class VersionIndex {
  private final List<Begun> begun = new ArrayList<>();
  private final long newest;

  /**
   * A workflow that began to roll.
   *
   * @param target the version that it leads to
   * @param instances how many there are in that version
   * @param planned those that the workflow is to touch
   */
  private record Begun(long number, long target, int instances, BitSet planned) {
    boolean leavesAlone(int instance) {
      return instance < instances && !planned.get(instance);
    }
  }

  VersionIndex(JobEntry job) {
    long largest = 0;
    for (Map.Entry<Long, WorkflowStatusRecord> each :
        job.workflowStatuses().descendingMap().entrySet()) {
      WorkflowRequestRecord request = job.workflowRequests().get(each.getKey());
      WorkflowStatusRecord status = each.getValue();
      if (request != null && began(status)) {
        long target = VersionMarkers.target(request, status);
        largest = Math.max(largest, target);
        JobSpec spec = job.spec(target);
        int instances = spec == null ? 0 : spec.getInstanceCount();
        begun.add(new Begun(each.getKey(), target, instances, planned(status)));
      }
    }
    this.newest = largest;
  }

  /** The largest version that any workflow has begun to lead to; 0 if none has begun. */
  long newest() {
    return newest;
  }

  /** The version that an instance counts as running, see {@link VersionMarkers#current}. */
  long current(int instance, PodRecord pod) {
    if (pod.getVersion() != pod.getDesiredVersion()) {
      return pod.getVersion();
    }
    for (Begun workflow : begun) {
      if (workflow.number() < pod.getWorkflow()) {
        break;
      }
      if (workflow.target() > pod.getDesiredVersion() && workflow.leavesAlone(instance)) {
        return workflow.target();
      }
    }
    return pod.getVersion();
  }

  private static boolean began(WorkflowStatusRecord status) {
    for (WorkflowEventRecord event : status.getEventsList()) {
      if (event.getState() == WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD
          || event.getState() == WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD) {
        return true;
      }
    }
    return false;
  }

  private static BitSet planned(WorkflowStatusRecord status) {
    BitSet planned = new BitSet();
    for (List<InstanceRange> ranges :
        List.of(status.getUpdatedList(), status.getAddedList(), status.getRemovedList())) {
      ranges.forEach(range -> planned.set(range.getFrom(), range.getTo()));
    }
    return planned;
  }
}
