package peloton.controllers.job;

import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;

/**
 * Compares what a StatelessJob asks for with what there is. One step at a time: after each the job
 * has another entity version, and the next step is decided anew.
 */
public final class JobDecider {
  private JobDecider() {}

  /**
   * The next step.
   *
   * @param seen empty if there is no such job
   */
  public static JobStep decide(JobAsk ask, Optional<JobSeen> seen) {
    if (ask.deleting()) {
      return seen.map(job -> leave(ask, job)).orElse(JobStep.RELEASE);
    }
    return seen.map(job -> approach(ask, job))
        .orElse(ask.adopts() ? JobStep.MISSING : JobStep.CREATE);
  }

  private static JobStep leave(JobAsk ask, JobSeen job) {
    if (job.holder() != Holder.SELF) {
      return JobStep.RELEASE;
    }
    if (ask.orphan()) {
      return JobStep.DISOWN;
    }
    if (job.goal() != JobState.JOB_STATE_DELETED) {
      return JobStep.DELETE;
    }
    // What is written will come about when Mesos is back, with or without the resource.
    return job.overdue() ? JobStep.RELEASE : JobStep.AWAIT_DELETION;
  }

  private static JobStep approach(JobAsk ask, JobSeen job) {
    if (job.holder() == Holder.OTHER) {
      return JobStep.NOT_OWNED;
    }
    if (job.holder() != Holder.SELF && !ask.adopts()) {
      return JobStep.ADOPTION_REQUIRED;
    }
    if (job.goal() == JobState.JOB_STATE_DELETED) {
      return JobStep.AWAIT_DELETION;
    }
    if (job.holder() != Holder.SELF) {
      return JobStep.ADOPT;
    }
    // First the goal: a job that is to stand still should not begin a rollout before.
    if (ask.suspend() && (job.goal() != JobState.JOB_STATE_KILLED || job.astray())) {
      return JobStep.STOP;
    }
    if (!job.same() && !job.wentBack() && !job.restarting()) {
      return JobStep.REPLACE;
    }
    if (!ask.suspend() && (job.goal() == JobState.JOB_STATE_KILLED || job.astray())) {
      return JobStep.START;
    }
    if (ask.abort()) {
      return job.workflowActive() ? JobStep.ABORT : JobStep.NOTHING_TO_ABORT;
    }
    if (job.workflowActive() && ask.paused().isPresent()) {
      boolean pause = ask.paused().get();
      if (pause != job.workflowPaused()) {
        return pause ? JobStep.PAUSE : JobStep.RESUME;
      }
    }
    // An update in force forbids a restart, and a restart would start what is suspended.
    if (ask.restart().isPresent() && !job.workflowActive() && !ask.suspend()) {
      return JobStep.RESTART;
    }
    return JobStep.NOTHING;
  }
}
