package peloton.workflow;

import java.util.Map;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.records.PodRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;

/**
 * The configuration version that a pod counts as being on. A workflow that changes nothing about a
 * pod moves the pod to its version all the same, without a write: that is worked out here.
 */
public final class VersionMarkers {
  private VersionMarkers() {}

  /**
   * The version that an instance should be on by now: that of the newest workflow that began to
   * roll and left the instance as it was, else the one in its record.
   */
  public static long desired(JobEntry job, int instance, PodRecord pod) {
    for (Map.Entry<Long, WorkflowStatusRecord> each :
        job.workflowStatuses().descendingMap().entrySet()) {
      if (each.getKey() < pod.getWorkflow()) {
        break;
      }
      WorkflowRequestRecord request = job.workflowRequests().get(each.getKey());
      if (request != null
          && began(each.getValue())
          && target(request, each.getValue()) > pod.getDesiredVersion()
          && !planned(each.getValue(), instance)
          && exists(job, target(request, each.getValue()), instance)) {
        return target(request, each.getValue());
      }
    }
    return pod.getDesiredVersion();
  }

  /** The version that an instance counts as running: moved along if it is where it should be. */
  public static long current(JobEntry job, int instance, PodRecord pod) {
    return pod.getVersion() == pod.getDesiredVersion()
        ? desired(job, instance, pod)
        : pod.getVersion();
  }

  /** The version that a workflow moves its job to: while it rolls back, the one to go back to. */
  public static long target(WorkflowRequestRecord request, WorkflowStatusRecord status) {
    return rollsBack(status) ? request.getRollbackVersion() : request.getVersion();
  }

  /** The version that a workflow moves its job from: while it rolls back, the one that failed. */
  public static long source(WorkflowRequestRecord request, WorkflowStatusRecord status) {
    return rollsBack(status) ? request.getVersion() : request.getPreviousVersion();
  }

  /** Whether a workflow is on its way back, or was. */
  public static boolean rollsBack(WorkflowStatusRecord status) {
    return status.getEventsList().stream()
        .anyMatch(event -> event.getState() == WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD);
  }

  private static boolean began(WorkflowStatusRecord status) {
    return status.getEventsList().stream()
        .anyMatch(event -> WorkflowDecider.isRolling(event.getState()));
  }

  /**
   * Whether an instance is part of a version. A restart leaves alone what an aborted update should
   * have removed, and must not bring it to the version without it.
   */
  private static boolean exists(JobEntry job, long version, int instance) {
    JobSpec spec = job.spec(version);
    return spec != null && instance < spec.getInstanceCount();
  }

  private static boolean planned(WorkflowStatusRecord status, int instance) {
    return InstanceRanges.contain(status.getUpdatedList(), instance)
        || InstanceRanges.contain(status.getAddedList(), instance)
        || InstanceRanges.contain(status.getRemovedList(), instance);
  }
}
