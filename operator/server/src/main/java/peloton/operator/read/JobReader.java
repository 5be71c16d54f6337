package peloton.operator.read;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowEvent;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowInfo;
import peloton.api.v1alpha.peloton.Peloton.Revision;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.api.v1alpha.peloton.Peloton.SecretID;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.JobGoalRecord;
import peloton.records.JobStatusRecord;
import peloton.store.view.JobEntry;

/**
 * Jobs as the API shows them. A job that is being deleted while it is read fails as NOT_FOUND,
 * unless a method says otherwise.
 */
public final class JobReader {
  private final SpecReader specs;
  private final WorkflowReader workflows;
  private final PodStats stats = new PodStats();

  public JobReader(SpecReader specs, WorkflowReader workflows) {
    this.specs = specs;
    this.workflows = workflows;
  }

  /** Spec and status as they are now. */
  public JobInfo info(JobEntry job) {
    CurrentJob current = CurrentJob.of(job);
    return JobInfo.newBuilder()
        .setJobId(JobId.toProto(job.id()))
        .setSpec(specs.job(current.specRecord()))
        .setStatus(status(job, current))
        .build();
  }

  /** The job's spec at a configuration version; empty if that version is not kept. */
  public Optional<JobInfo> specAt(JobEntry job, long version) {
    return Optional.ofNullable(job.specs().get(version))
        .map(
            record ->
                JobInfo.newBuilder()
                    .setJobId(JobId.toProto(job.id()))
                    .setSpec(specs.job(record))
                    .build());
  }

  /** The workflow in force. */
  public Optional<WorkflowInfo> workflow(JobEntry job) {
    return workflows.info(job, CurrentJob.of(job).goal());
  }

  /**
   * The job's workflows, newest first.
   *
   * @param limit most workflows, 0 for all that are kept
   * @param eventsLimit most events of each instance, 0 for all; empty to leave them out
   */
  public List<WorkflowInfo> workflows(JobEntry job, int limit, OptionalInt eventsLimit) {
    return workflows.all(job, CurrentJob.of(job).goal(), limit, eventsLimit);
  }

  /**
   * What the workflow in force did to one instance, newest first.
   *
   * @param limit most events to look at, 0 for all
   */
  public List<WorkflowEvent> workflowEvents(JobEntry job, int instance, int limit) {
    return workflows.events(job, CurrentJob.of(job).goal(), instance, limit);
  }

  /** The secrets of a job, without their contents. */
  public List<Secret> secrets(JobEntry job) {
    return job.secrets().values().stream()
        .map(
            secret ->
                Secret.newBuilder()
                    .setSecretId(SecretID.newBuilder().setValue(secret.getId()))
                    .setPath(secret.getPath())
                    .build())
        .toList();
  }

  public JobSummary summary(JobEntry job) {
    return summary(job, CurrentJob.of(job));
  }

  /** The summary, or nothing if the job is being deleted or has not fully come. */
  public Optional<JobSummary> findSummary(JobEntry job) {
    return CurrentJob.find(job).map(current -> summary(job, current));
  }

  /** What is left to say of a job that is gone. */
  public JobSummary deleted(String id, JobSpec lastSpec, long revision) {
    return summary(id, lastSpec)
        .setStatus(
            JobStatus.newBuilder()
                .setRevision(Revision.newBuilder().setVersion(revision))
                .setState(JobState.JOB_STATE_DELETED)
                .setDesiredState(JobState.JOB_STATE_DELETED))
        .build();
  }

  public JobStatus status(JobEntry job) {
    return status(job, CurrentJob.of(job));
  }

  /** The state that a job is in; INITIALIZED before the loops said anything. */
  public static JobState state(JobStatusRecord record) {
    return record.getState() == JobState.JOB_STATE_INVALID
        ? JobState.JOB_STATE_INITIALIZED
        : record.getState();
  }

  private JobSummary summary(JobEntry job, CurrentJob current) {
    return summary(job.id(), current.spec()).setStatus(status(job, current)).build();
  }

  private JobStatus status(JobEntry job, CurrentJob current) {
    JobGoalRecord goal = current.goal();
    JobStatusRecord record = job.status();
    JobStatus.Builder status =
        JobStatus.newBuilder()
            .setRevision(
                Revision.newBuilder()
                    .setVersion(job.writtenRevision())
                    .setCreatedAt(goal.getCreatedAt())
                    .setUpdatedAt(Math.max(goal.getUpdatedAt(), record.getUpdatedAt())))
            .setState(state(record))
            .setCreationTime(Times.precise(goal.getCreatedAt()))
            .setDesiredState(goal.getGoal())
            .setVersion(
                new EntityVersion(
                        goal.getConfigurationVersion(),
                        goal.getDesiredStateVersion(),
                        goal.getWorkflowVersion())
                    .toProto());
    workflows.status(job, goal).ifPresent(status::setWorkflowStatus);
    addCounts(job, current, status);
    return status.build();
  }

  private void addCounts(JobEntry job, CurrentJob current, JobStatus.Builder status) {
    stats
        .of(job, current)
        .forEach(
            (number, states) -> {
              String version = EntityVersion.ofConfiguration(number).toString();
              JobStatus.PodStateStats.Builder byState = JobStatus.PodStateStats.newBuilder();
              int sum = 0;
              for (Map.Entry<PodState, Integer> entry : states.entrySet()) {
                String state = entry.getKey().name();
                byState.putStateStats(state, entry.getValue());
                status.putPodStats(state, status.getPodStatsOrDefault(state, 0) + entry.getValue());
                sum += entry.getValue();
              }
              status.putPodConfigurationVersionStats(version, sum);
              status.putPodStatsByConfigurationVersion(version, byState.build());
            });
  }

  private static JobSummary.Builder summary(String id, JobSpec spec) {
    JobSummary.Builder summary =
        JobSummary.newBuilder()
            .setJobId(JobId.toProto(id))
            .setName(spec.getName())
            .setOwner(spec.getOwner())
            .setOwningTeam(spec.getOwningTeam())
            .addAllLabels(spec.getLabelsList())
            .setInstanceCount(spec.getInstanceCount());
    if (spec.hasRespoolId()) {
      summary.setRespoolId(spec.getRespoolId());
    }
    if (spec.hasSla()) {
      summary.setSla(spec.getSla());
    }
    return summary;
  }
}
