package peloton.controllers.job;

import java.time.Duration;
import java.time.Instant;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.desired.job.JobSnapshot;
import peloton.desired.pod.WantedPods;
import peloton.records.OwnerRecord;
import peloton.records.WorkflowCommand;

/**
 * What there is of the job that a resource stands for.
 *
 * @param version the job's entity version, which a request must name
 * @param holder whom the job belongs to
 * @param goal RUNNING, KILLED or DELETED
 * @param same whether the job's specification is the one that is asked for
 * @param wentBack whether the last update failed to bring up what is asked for, and went back
 * @param astray whether single pods were started or stopped against the job's goal
 * @param overdue whether the job has been waiting to be gone for longer than the resource waits
 * @param restarting whether a restart is at work, which no update may overwrite
 * @param workflowActive whether the workflow in force may still do something
 * @param workflowPaused whether that workflow was told to stand still
 */
public record JobSeen(
    String version,
    Holder holder,
    JobState goal,
    boolean same,
    boolean wentBack,
    boolean astray,
    boolean overdue,
    boolean restarting,
    boolean workflowActive,
    boolean workflowPaused) {

  /** How long a resource that is being deleted waits for the pods of its job to end. */
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * The job as its records say, beside the specification that is asked for.
   *
   * @param self the resource
   */
  public static JobSeen of(JobSnapshot job, OwnerRecord self, JobSpec asked, Instant now) {
    return new JobSeen(
        job.version().toString(),
        Holder.of(self, job.owner()),
        job.goal().getGoal(),
        job.says(asked),
        job.wentBackFrom(asked),
        astray(job),
        job.deleted() && !now.isBefore(updatedAt(job).plus(PATIENCE)),
        job.workflowActive() && job.workflow().getType() == WorkflowType.WORKFLOW_TYPE_RESTART,
        job.workflowActive(),
        job.workflow().getCommand() == WorkflowCommand.WORKFLOW_COMMAND_PAUSE);
  }

  private static boolean astray(JobSnapshot job) {
    boolean run = job.goal().getGoal() == JobState.JOB_STATE_RUNNING;
    return run && job.goal().getStoppedBelow() != 0
        || job.entry().podGoals().keySet().stream()
            .filter(instance -> instance < job.spec().getInstanceCount())
            .anyMatch(instance -> WantedPods.run(job.entry(), instance) != run);
  }

  private static Instant updatedAt(JobSnapshot job) {
    return Instant.EPOCH.plusNanos(job.goal().getUpdatedAt());
  }
}
