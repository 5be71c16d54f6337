package peloton.operator.read;

import java.util.Map;
import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowInfo;
import peloton.api.v1alpha.peloton.Peloton.Revision;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.store.view.JobEntry;

/**
 * Jobs as the API shows them. A job that is being deleted while it is read fails as NOT_FOUND,
 * unless a method says otherwise.
 */
public final class JobReader {
  private final SpecReader specs;
  private final WorkflowReader workflows;

  public JobReader(SpecReader specs, WorkflowReader workflows) {
    this.specs = specs;
    this.workflows = workflows;
  }

  /** Spec and status as they are now. */
  public JobInfo info(JobEntry job) {
    CurrentJob current = CurrentJob.of(job);
    return JobInfo.newBuilder()
        .setJobId(JobId.toProto(job.id()))
        .setSpec(shown(current.specRecord()))
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
                    .setSpec(shown(record))
                    .build());
  }

  public Optional<WorkflowInfo> workflow(JobEntry job) {
    return workflows.info(job, CurrentJob.of(job).goal());
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
                    .setVersion(job.revision())
                    .setCreatedAt(goal.getCreatedAt())
                    .setUpdatedAt(Math.max(goal.getUpdatedAt(), record.getUpdatedAt())))
            .setState(
                record.getState() == JobState.JOB_STATE_INVALID
                    ? JobState.JOB_STATE_INITIALIZED
                    : record.getState())
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

  private static void addCounts(JobEntry job, CurrentJob current, JobStatus.Builder status) {
    Map<Long, Map<PodState, Integer>> counts = job.podCounts().byVersion();
    int waiting = neverLaunched(job, current.spec().getInstanceCount());
    if (waiting > 0) {
      counts
          .computeIfAbsent(current.goal().getConfigurationVersion(), v -> new java.util.TreeMap<>())
          .merge(PodState.POD_STATE_INITIALIZED, waiting, Integer::sum);
    }
    counts.forEach(
        (number, states) -> {
          String version = EntityVersion.ofConfiguration(number).toString();
          JobStatus.PodStateStats.Builder stats = JobStatus.PodStateStats.newBuilder();
          int sum = 0;
          for (Map.Entry<PodState, Integer> entry : states.entrySet()) {
            String state = entry.getKey().name();
            stats.putStateStats(state, entry.getValue());
            status.putPodStats(state, status.getPodStatsOrDefault(state, 0) + entry.getValue());
            sum += entry.getValue();
          }
          status.putPodConfigurationVersionStats(version, sum);
          status.putPodStatsByConfigurationVersion(version, stats.build());
        });
  }

  /** Instances that the job should have and that have no record yet. */
  private static int neverLaunched(JobEntry job, int wanted) {
    int beyond = 0;
    for (int instance = wanted; instance < job.pods().bound(); instance++) {
      if (job.pods().get(instance) != null) {
        beyond++;
      }
    }
    return Math.max(0, wanted - (job.pods().size() - beyond));
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

  private JobSpec shown(JobSpecRecord record) {
    return specs.job(record.getSpec()).toBuilder()
        .setRevision(
            Revision.newBuilder()
                .setVersion(record.getVersion())
                .setCreatedAt(record.getCreatedAt())
                .setUpdatedAt(record.getCreatedAt()))
        .build();
  }
}
