package peloton.operator.read;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
import peloton.records.PodRecord;
import peloton.records.WorkflowEventRecord;
import peloton.records.WorkflowMark;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.PodCounts;
import peloton.workflow.VersionMarkers;

/** The workflows of a job, as the API shows them. */
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
    return Optional.of(info(job, goal, request).build());
  }

  /**
   * The stories of all workflows that are kept, newest first.
   *
   * @param limit most workflows, 0 for all; unsigned
   * @param eventsLimit most events of each instance, 0 for all; empty to leave them out
   */
  List<WorkflowInfo> all(JobEntry job, JobGoalRecord goal, int limit, OptionalInt eventsLimit) {
    List<WorkflowInfo> all = new ArrayList<>();
    for (WorkflowRequestRecord request : job.workflowRequests().descendingMap().values()) {
      if (limit != 0 && Integer.compareUnsigned(all.size(), limit) >= 0) {
        break;
      }
      WorkflowInfo.Builder info = info(job, goal, request);
      eventsLimit.ifPresent(most -> addInstanceEvents(job, request, most, info));
      all.add(info.build());
    }
    return all;
  }

  /** What the workflow in force did to an instance, newest first. */
  List<WorkflowEvent> events(JobEntry job, JobGoalRecord goal, int instance, int limit) {
    WorkflowRequestRecord request = job.workflowRequests().get(goal.getWorkflow());
    return request == null ? List.of() : events(job, request, instance, limit);
  }

  private static void addInstanceEvents(
      JobEntry job, WorkflowRequestRecord request, int limit, WorkflowInfo.Builder info) {
    WorkflowStatusRecord record = statusRecord(job, request);
    BitSet touched = new BitSet();
    for (List<InstanceRange> ranges :
        List.of(record.getAddedList(), record.getUpdatedList(), record.getRemovedList())) {
      ranges.forEach(range -> touched.set(range.getFrom(), range.getTo()));
    }
    for (int i = touched.nextSetBit(0); i >= 0; i = touched.nextSetBit(i + 1)) {
      List<WorkflowEvent> events = events(job, request, i, limit);
      if (!events.isEmpty()) {
        info.addInstanceEvents(
            WorkflowInfo.instance_workflow_events
                .newBuilder()
                .setInstanceId(i)
                .addAllEvents(events));
      }
    }
  }

  /** The limit counts events as they were recorded; of equal ones in a row the newest is shown. */
  private static List<WorkflowEvent> events(
      JobEntry job, WorkflowRequestRecord request, int instance, int limit) {
    PodRecord pod = instance < 0 ? null : job.pods().get(instance);
    if (pod == null) {
      return List.of();
    }
    List<WorkflowEvent> events = new ArrayList<>();
    WorkflowState newer = null;
    int seen = 0;
    for (int i = pod.getWorkflowEventsCount() - 1; i >= 0; i--) {
      WorkflowEventRecord event = pod.getWorkflowEvents(i);
      if (event.getWorkflow() != request.getNumber()) {
        continue;
      }
      if (limit != 0 && Integer.compareUnsigned(seen, limit) >= 0) {
        break;
      }
      seen++;
      if (event.getState() != newer) {
        events.add(event(request, event));
        newer = event.getState();
      }
    }
    return events;
  }

  private static WorkflowEvent event(WorkflowRequestRecord request, WorkflowEventRecord event) {
    return WorkflowEvent.newBuilder()
        .setType(request.getType())
        .setTimestamp(Times.seconds(event.getAt()))
        .setState(event.getState())
        .build();
  }

  private static WorkflowInfo.Builder info(
      JobEntry job, JobGoalRecord goal, WorkflowRequestRecord request) {
    WorkflowStatusRecord record = statusRecord(job, request);
    WorkflowInfo.Builder info =
        WorkflowInfo.newBuilder().setStatus(status(job, goal, request, record));
    if (request.getType() == WorkflowType.WORKFLOW_TYPE_RESTART) {
      info.setRestartSpec(request.getRestartSpec())
          .setRestartBatchSize(request.getRestartSpec().getBatchSize())
          .addAllRestartRanges(request.getRestartSpec().getRangesList());
    } else {
      info.setUpdateSpec(request.getUpdateSpec());
    }
    if (!request.getOpaqueData().isEmpty()) {
      info.setOpaqueData(OpaqueData.newBuilder().setData(request.getOpaqueData()));
    }
    List<WorkflowEventRecord> events = record.getEventsList();
    for (int i = events.size() - 1; i >= 0; i--) {
      info.addEvents(event(request, events.get(i)));
    }
    record.getAddedList().forEach(range -> info.addInstancesAdded(range(range)));
    record.getUpdatedList().forEach(range -> info.addInstancesUpdated(range(range)));
    record.getRemovedList().forEach(range -> info.addInstancesRemoved(range(range)));
    return info;
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
            .setVersion(version(VersionMarkers.target(request, record), goal))
            .setPrevVersion(version(VersionMarkers.source(request, record), goal))
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
