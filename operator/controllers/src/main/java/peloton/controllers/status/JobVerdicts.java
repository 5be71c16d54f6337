package peloton.controllers.status;

import java.util.Map;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;

/** How a job is, seen from its resource. */
final class JobVerdicts {
  private JobVerdicts() {}

  static Verdict of(JobFacts facts) {
    if (facts.deleting()) {
      return new Verdict(Reason.Deleting, deleting(facts));
    }
    if (facts.hindrance().isPresent()) {
      return facts.hindrance().get();
    }
    return facts
        .job()
        .map(job -> of(facts, job))
        .orElseGet(() -> new Verdict(Reason.Pending, "the job is not recorded yet"));
  }

  private static Verdict of(JobFacts facts, JobInfo job) {
    JobStatus status = job.getStatus();
    if (status.getDesiredState() == JobState.JOB_STATE_DELETED) {
      return new Verdict(Reason.Deleting, deleting(facts));
    }
    if (status.getDesiredState() == JobState.JOB_STATE_KILLED) {
      int alive = alive(status);
      return alive == 0
          ? new Verdict(Reason.Suspended, "the job is stopped, and no pod runs")
          : new Verdict(Reason.Stopping, "waiting for " + pods(alive) + " to end");
    }
    return ofWorkflow(facts, job, status.getWorkflowStatus());
  }

  private static Verdict ofWorkflow(JobFacts facts, JobInfo job, WorkflowStatus workflow) {
    String summary = WorkflowMapper.summary(workflow);
    return switch (workflow.getState()) {
      case WORKFLOW_STATE_INITIALIZED, WORKFLOW_STATE_ROLLING_FORWARD ->
          new Verdict(atWork(workflow), summary + ": " + podsReady(facts, job));
      case WORKFLOW_STATE_PAUSED -> new Verdict(Reason.WorkflowPaused, summary);
      case WORKFLOW_STATE_ROLLING_BACKWARD -> new Verdict(Reason.RollingBack, summary);
      case WORKFLOW_STATE_ROLLED_BACK ->
          new Verdict(
              Reason.RolledBack,
              summary
                  + ": the update failed and was taken back; change the specification to try again");
      case WORKFLOW_STATE_FAILED -> ofGivenUp(Reason.WorkflowFailed, facts, job, workflow);
      case WORKFLOW_STATE_ABORTED -> ofGivenUp(Reason.WorkflowAborted, facts, job, workflow);
      case WORKFLOW_STATE_SUCCEEDED, WORKFLOW_STATE_INVALID, UNRECOGNIZED ->
          facts.readyPods() >= job.getSpec().getInstanceCount()
              ? new Verdict(Reason.PodsReady, podsReady(facts, job))
              : new Verdict(Reason.PodsNotReady, podsReady(facts, job));
    };
  }

  /** A workflow that was given up matters no longer once all pods got there nevertheless. */
  private static Verdict ofGivenUp(
      Reason reason, JobFacts facts, JobInfo job, WorkflowStatus workflow) {
    int wanted = job.getSpec().getInstanceCount();
    return facts.readyPods() >= wanted && facts.updatedPods() >= wanted
        ? new Verdict(Reason.PodsReady, podsReady(facts, job))
        : new Verdict(
            reason,
            WorkflowMapper.summary(workflow)
                + ": "
                + podsReady(facts, job)
                + ", "
                + facts.updatedPods()
                + " on the current specification");
  }

  private static Reason atWork(WorkflowStatus workflow) {
    if (workflow.getType() == WorkflowType.WORKFLOW_TYPE_RESTART) {
      return Reason.Restarting;
    }
    return isCreation(workflow) ? Reason.Creating : Reason.Updating;
  }

  /** A creation comes from no version, which is written as version 0. */
  private static boolean isCreation(WorkflowStatus workflow) {
    String from = workflow.getPrevVersion().getValue();
    return from.isEmpty() || from.startsWith("0-");
  }

  private static String deleting(JobFacts facts) {
    int alive = facts.job().map(job -> alive(job.getStatus())).orElse(0);
    return alive == 0 ? "the job is being deleted" : "waiting for " + pods(alive) + " to end";
  }

  private static String podsReady(JobFacts facts, JobInfo job) {
    return facts.readyPods() + " of " + pods(job.getSpec().getInstanceCount()) + " ready";
  }

  private static String pods(int count) {
    return count == 1 ? "1 pod" : count + " pods";
  }

  /** Pods that Mesos may still run. */
  static int alive(JobStatus status) {
    return status.getPodStatsMap().entrySet().stream()
        .filter(entry -> mayRun(entry.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static boolean mayRun(String state) {
    return switch (state) {
      case "POD_STATE_LAUNCHING",
          "POD_STATE_LAUNCHED",
          "POD_STATE_STARTING",
          "POD_STATE_RUNNING",
          "POD_STATE_KILLING",
          "POD_STATE_PREEMPTING" ->
          true;
      default -> false;
    };
  }
}
