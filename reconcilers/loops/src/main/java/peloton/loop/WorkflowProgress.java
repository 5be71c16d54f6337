package peloton.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import peloton.pod.WorkflowStep;
import peloton.records.PodRecord;
import peloton.records.WorkflowMark;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.workflow.InstanceRanges;
import peloton.workflow.WorkflowPlan;

/**
 * How far a rolling workflow is, worked out from its stored plan and the pods' marks, and then kept
 * up. Instances come in order: added, updated, removed, each ascending.
 */
final class WorkflowProgress {
  private final WorkflowRequestRecord request;
  private final WorkflowStep step;
  private final Deque<Integer> waiting = new ArrayDeque<>();
  private final Set<Integer> current = new HashSet<>();
  private final Set<Integer> admitted = new HashSet<>();
  private int completed;
  private int failed;

  private WorkflowProgress(WorkflowRequestRecord request, Duration settleTime) {
    this.request = request;
    this.step =
        new WorkflowStep(
            request.getNumber(),
            request.getVersion(),
            request.getUpdateSpec().getMaxInstanceRetries(),
            settleTime.toNanos());
  }

  static WorkflowProgress of(
      WorkflowRequestRecord request,
      WorkflowStatusRecord status,
      JobEntry job,
      Duration settleTime,
      long now) {
    WorkflowProgress progress = new WorkflowProgress(request, settleTime);
    InstanceRanges.forEach(status.getAddedList(), i -> progress.enlist(job, i, false, now));
    InstanceRanges.forEach(status.getUpdatedList(), i -> progress.enlist(job, i, false, now));
    InstanceRanges.forEach(status.getRemovedList(), i -> progress.enlist(job, i, true, now));
    return progress;
  }

  private void enlist(JobEntry job, int instance, boolean removal, long now) {
    PodRecord pod = job.pods().get(instance);
    if (removal && pod == null) {
      completed++;
      return;
    }
    switch (WorkflowPlan.markOf(pod, request.getNumber())) {
      case WORKFLOW_MARK_CURRENT -> current.add(instance);
      case WORKFLOW_MARK_DONE -> {
        if (now < step.settlesAt(pod)) {
          current.add(instance);
        } else {
          completed++;
        }
      }
      case WORKFLOW_MARK_FAILED -> failed++;
      case WORKFLOW_MARK_NONE, UNRECOGNIZED -> waiting.add(instance);
    }
  }

  WorkflowRequestRecord request() {
    return request;
  }

  WorkflowStep step() {
    return step;
  }

  int waiting() {
    return waiting.size();
  }

  int current() {
    return current.size();
  }

  int completed() {
    return completed;
  }

  int failed() {
    return failed;
  }

  /** Whether an instance without a record may be launched: the workflow has reached it. */
  boolean admits(int instance) {
    return admitted.contains(instance);
  }

  /** The next instance, now in hand. */
  int take() {
    int instance = waiting.remove();
    current.add(instance);
    return instance;
  }

  void admit(int instance) {
    admitted.add(instance);
  }

  /** An instance came to its end without a mark on its record, for it has none (any more). */
  void completeUnrecorded(int instance) {
    if (current.remove(instance)) {
      completed++;
    }
    admitted.remove(instance);
  }

  /**
   * A pod's record, as it is now.
   *
   * @return when to be told again, Unix nanoseconds, if the pod is done but has not settled; else 0
   */
  long follow(int instance, PodRecord pod, long now) {
    if (pod == null || pod.getWorkflow() != request.getNumber()) {
      return 0;
    }
    admitted.remove(instance);
    if (!current.contains(instance)) {
      return 0;
    }
    if (pod.getMark() == WorkflowMark.WORKFLOW_MARK_DONE) {
      long settlesAt = step.settlesAt(pod);
      if (now < settlesAt) {
        return settlesAt;
      }
      current.remove(instance);
      completed++;
    } else if (pod.getMark() == WorkflowMark.WORKFLOW_MARK_FAILED) {
      current.remove(instance);
      failed++;
    }
    return 0;
  }
}
