package peloton.desired.pod;

import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.JobGoalRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.store.view.JobEntry;

/**
 * Whether an instance should run. Three may say so: who starts or stops the job, who starts or
 * stops the one pod, and a workflow that starts what it touches. The latest of them counts.
 *
 * <p>Order is kept without clocks: a pod's goal names the desired-state version of the job at its
 * time, which every start and stop of the job raises; job and pod both name the workflow in force
 * at their time, and a workflow with a larger number came later.
 */
public final class WantedPods {
  private WantedPods() {}

  /** Whether an instance should run, by its record if it has one. */
  public static boolean run(JobEntry job, int instance) {
    PodRecord pod = job.pods().get(instance);
    return run(job, instance, pod == null ? 0 : pod.getStartedBy());
  }

  /**
   * Whether an instance should run.
   *
   * @param startedBy the last workflow that touched the instance and {@link #starts}; 0 for none
   */
  public static boolean run(JobEntry job, int instance, long startedBy) {
    JobGoalRecord goal = job.goal();
    if (goal == null || goal.getGoal() == JobState.JOB_STATE_DELETED) {
      return false;
    }
    PodGoalRecord own = job.podGoals().get(instance);
    if (own != null && holds(own, goal)) {
      return startedBy > own.getWorkflow() || own.getGoal() == PodState.POD_STATE_RUNNING;
    }
    if (startedBy > goal.getGoalWorkflow()) {
      return true;
    }
    return goal.getGoal() == JobState.JOB_STATE_RUNNING
        && instance >= Integer.toUnsignedLong(goal.getStoppedBelow());
  }

  /** Whether a workflow starts the stopped instances that it touches. */
  public static boolean starts(WorkflowRequestRecord workflow) {
    return workflow.getType() == WorkflowType.WORKFLOW_TYPE_RESTART
        || workflow.getUpdateSpec().getStartPods();
  }

  /** Whether what was asked of a pod was asked after the last start or stop of its job. */
  static boolean holds(PodGoalRecord own, JobGoalRecord job) {
    return own.getDesiredStateVersion() >= job.getDesiredStateVersion();
  }
}
