package peloton.loop;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import peloton.pod.Availabilities;
import peloton.pod.WorkflowStep;
import peloton.records.PodRecord;
import peloton.records.WorkflowMark;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.workflow.InstanceRanges;
import peloton.workflow.WaitingInstances;
import peloton.workflow.WaitingInstances.Part;
import peloton.workflow.WorkflowPlan;

/**
 * How far a rolling workflow is, worked out from its stored plan and the pods' marks, and then kept
 * up. A workflow that begins to roll back gets a new one.
 */
final class WorkflowProgress {
  private final WorkflowRequestRecord request;
  private final WorkflowStep step;
  private final WaitingInstances waiting = new WaitingInstances();
  private final Set<Integer> current = new HashSet<>();
  private final Set<Integer> admitted = new HashSet<>();
  private int completed;
  private int failed;
  private boolean rollbackAsked;

  private WorkflowProgress(WorkflowRequestRecord request, WorkflowStep step) {
    this.request = request;
    this.step = step;
  }

  static WorkflowProgress of(
      WorkflowRequestRecord request,
      WorkflowStep step,
      WorkflowStatusRecord status,
      JobEntry job,
      long now) {
    WorkflowProgress progress = new WorkflowProgress(request, step);
    InstanceRanges.forEach(status.getAddedList(), i -> progress.enlist(job, i, Part.ADDED, now));
    InstanceRanges.forEach(
        status.getUpdatedList(), i -> progress.enlist(job, i, Part.UPDATED, now));
    InstanceRanges.forEach(
        status.getRemovedList(), i -> progress.enlist(job, i, Part.REMOVED, now));
    return progress;
  }

  private void enlist(JobEntry job, int instance, Part part, long now) {
    PodRecord pod = job.pods().get(instance);
    if (part == Part.REMOVED && pod == null) {
      completed++;
      return;
    }
    switch (WorkflowPlan.markOf(pod, step)) {
      case WORKFLOW_MARK_CURRENT -> current.add(instance);
      case WORKFLOW_MARK_DONE -> {
        if (now < step.settlesAt(pod)) {
          current.add(instance);
        } else {
          completed++;
        }
      }
      case WORKFLOW_MARK_FAILED -> failed++;
      case WORKFLOW_MARK_NONE, UNRECOGNIZED -> waiting.add(instance, part);
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

  /** The instances that may be taken now, see {@link WaitingInstances#next}. */
  BitSet takeable(Availabilities availabilities, int budget) {
    return waiting.next(availabilities, budget);
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

  /** Takes an instance in hand that waited. */
  void take(int instance) {
    waiting.remove(instance);
    current.add(instance);
  }

  void admit(int instance) {
    admitted.add(instance);
  }

  /** Whether the way back was asked for, and the answer has not come. */
  boolean rollbackAsked() {
    return rollbackAsked;
  }

  void rollbackAsked(boolean asked) {
    rollbackAsked = asked;
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
    if (pod == null || !step.concerns(pod)) {
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
