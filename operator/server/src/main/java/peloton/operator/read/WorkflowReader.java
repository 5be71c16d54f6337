package peloton.operator.read;

import java.util.List;
import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowEvent;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowInfo;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.peloton.Peloton.OpaqueData;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.records.InstanceRange;
import peloton.records.JobGoalRecord;
import peloton.records.WorkflowEventRecord;
import peloton.records.WorkflowMark;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.PodCounts;

/** The workflow in force of a job, as the API shows it. */
public final class WorkflowReader {

  /** The status; empty while the request is not here yet. */
  public Optional<WorkflowStatus> status(JobEntry job, JobGoalRecord goal) {
    WorkflowRequestRecord request = job.workflowRequests().get(goal.getWorkflow());
    if (request == null) {
      return Optional.empty();
    }
    return Optional.of(status(job, goal, request, statusRecord(job, request)));
  }

  /** The whole story; empty while the request is not here yet. */
  public Optional<WorkflowInfo> info(JobEntry job, JobGoalRecord goal) {
    WorkflowRequestRecord request = job.workflowRequests().get(goal.getWorkflow());
    if (request == null) {
      return Optional.empty();
    }
    WorkflowStatusRecord record = statusRecord(job, request);
    WorkflowInfo.Builder info =
        WorkflowInfo.newBuilder().setStatus(status(job, goal, request, record));
    if (request.getType() == WorkflowType.WORKFLOW_TYPE_RESTART) {
      info.setRestartSpec(request.getRestartSpec());
    } else {
      info.setUpdateSpec(request.getUpdateSpec());
    }
    if (!request.getOpaqueData().isEmpty()) {
      info.setOpaqueData(OpaqueData.newBuilder().setData(request.getOpaqueData()));
    }
    List<WorkflowEventRecord> events = record.getEventsList();
    for (int i = events.size() - 1; i >= 0; i--) {
      info.addEvents(
          WorkflowEvent.newBuilder()
              .setType(request.getType())
              .setTimestamp(Times.seconds(events.get(i).getAt()))
              .setState(events.get(i).getState()));
    }
    record.getAddedList().forEach(range -> info.addInstancesAdded(range(range)));
    record.getUpdatedList().forEach(range -> info.addInstancesUpdated(range(range)));
    record.getRemovedList().forEach(range -> info.addInstancesRemoved(range(range)));
    return Optional.of(info.build());
  }

  private static WorkflowStatus status(
      JobEntry job,
      JobGoalRecord goal,
      WorkflowRequestRecord request,
      WorkflowStatusRecord record) {
    WorkflowState state = record.getState();
    WorkflowStatus.Builder status =
        WorkflowStatus.newBuilder()
            .setType(request.getType())
            .setState(
                state == WorkflowState.WORKFLOW_STATE_INVALID
                    ? WorkflowState.WORKFLOW_STATE_INITIALIZED
                    : state)
            .setPrevState(record.getPreviousState())
            .setVersion(version(request.getVersion(), goal))
            .setPrevVersion(version(request.getPreviousVersion(), goal))
            .setCreationTime(Times.precise(request.getCreatedAt()))
            .setUpdateTime(Times.precise(Math.max(record.getUpdatedAt(), request.getCreatedAt())))
            .setCompletionTime(Times.precise(record.getCompletedAt()));
    if (isTerminal(state)) {
      return status
          .setNumInstancesCompleted(record.getCompleted())
          .setNumInstancesFailed(record.getFailed())
          .setNumInstancesRemaining(record.getRemaining())
          .build();
    }
    PodCounts counts = job.podCounts();
    long number = request.getNumber();
    int completed =
        counts.marked(number, WorkflowMark.WORKFLOW_MARK_DONE) + record.getRemovedDone();
    int failed = counts.marked(number, WorkflowMark.WORKFLOW_MARK_FAILED);
    return status
        .setNumInstancesCompleted(completed)
        .setNumInstancesFailed(failed)
        .setNumInstancesRemaining(Math.max(0, total(job, request, record) - completed - failed))
        .addAllInstancesCurrent(counts.current(number))
        .build();
  }

  /** How many instances a workflow touches. Until it has looked, a creation is known to add all. */
  private static int total(
      JobEntry job, WorkflowRequestRecord request, WorkflowStatusRecord record) {
    int listed =
        size(record.getAddedList()) + size(record.getUpdatedList()) + size(record.getRemovedList());
    JobSpec spec = job.spec(request.getVersion());
    return listed == 0 && request.getPreviousVersion() == 0 && spec != null
        ? spec.getInstanceCount()
        : listed;
  }

  private static int size(List<InstanceRange> ranges) {
    int size = 0;
    for (InstanceRange range : ranges) {
      size += range.getTo() - range.getFrom();
    }
    return size;
  }

  private static boolean isTerminal(WorkflowState state) {
    return switch (state) {
      case WORKFLOW_STATE_SUCCEEDED,
          WORKFLOW_STATE_ABORTED,
          WORKFLOW_STATE_FAILED,
          WORKFLOW_STATE_ROLLED_BACK ->
          true;
      default -> false;
    };
  }

  private static WorkflowStatusRecord statusRecord(JobEntry job, WorkflowRequestRecord request) {
    return job.workflowStatuses()
        .getOrDefault(request.getNumber(), WorkflowStatusRecord.getDefaultInstance());
  }

  private static peloton.api.v1alpha.peloton.Peloton.EntityVersion version(
      long configuration, JobGoalRecord goal) {
    return new EntityVersion(
            configuration, goal.getDesiredStateVersion(), goal.getWorkflowVersion())
        .toProto();
  }

  private static InstanceIDRange range(InstanceRange range) {
    return InstanceIDRange.newBuilder().setFrom(range.getFrom()).setTo(range.getTo()).build();
  }
}
