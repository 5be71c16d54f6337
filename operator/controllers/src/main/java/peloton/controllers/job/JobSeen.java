package peloton.controllers.job;

import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.desired.job.JobSnapshot;
import peloton.records.WorkflowCommand;

/**
 * What there is of the job that a resource stands for.
 *
 * @param version the job's entity version, which a request must name
 * @param goal RUNNING, KILLED or DELETED
 * @param same whether the job's specification is the one that is asked for
 * @param wentBack whether the last update failed to bring up what is asked for, and went back
 * @param workflowActive whether the workflow in force may still do something
 * @param workflowPaused whether that workflow was told to stand still
 */
public record JobSeen(
    String version,
    JobState goal,
    boolean same,
    boolean wentBack,
    boolean workflowActive,
    boolean workflowPaused) {

  /** The job as its records say, beside the specification that is asked for. */
  public static JobSeen of(JobSnapshot job, JobSpec asked) {
    return new JobSeen(
        job.version().toString(),
        job.goal().getGoal(),
        job.says(asked),
        job.wentBackFrom(asked),
        job.workflowActive(),
        job.workflow().getCommand() == WorkflowCommand.WORKFLOW_COMMAND_PAUSE);
  }
}
