package peloton.controllers.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.crds.Names;
import peloton.crds.job.StatelessJobStatus;
import peloton.crds.status.Condition;

/** The status of a StatelessJob. */
public final class JobStatusMapper {
  private JobStatusMapper() {}

  /**
   * The status that follows from the facts; equal to the one so far if nothing changed.
   *
   * @param before the status so far; empty if there is none
   */
  public static StatelessJobStatus map(
      Optional<StatelessJobStatus> before, JobFacts facts, Instant now) {
    List<Condition> conditions =
        Conditions.next(
            before.map(StatelessJobStatus::conditions).orElse(List.of()),
            JobVerdicts.of(facts),
            facts.generation(),
            now);
    String restart = facts.handledRestart().orElse(null);
    String abort = facts.handledAbort().orElse(null);
    return facts
        .job()
        .map(job -> withJob(conditions, facts, job))
        .orElseGet(
            () ->
                new StatelessJobStatus(
                    facts.generation(),
                    conditions,
                    before.map(StatelessJobStatus::jobId).orElse(null),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    Map.of(),
                    null,
                    null,
                    restart,
                    abort));
  }

  private static StatelessJobStatus withJob(
      List<Condition> conditions, JobFacts facts, JobInfo job) {
    JobStatus status = job.getStatus();
    int wanted =
        status.getDesiredState() == JobState.JOB_STATE_RUNNING
            ? job.getSpec().getInstanceCount()
            : 0;
    return new StatelessJobStatus(
        facts.generation(),
        conditions,
        job.getJobId().getValue(),
        Words.orNull(job.getSpec().getRespoolId().getValue()),
        Words.orNull(status.getVersion().getValue()),
        state(status.getState()),
        state(status.getDesiredState()),
        status.getPodStatsMap().values().stream().mapToInt(Integer::intValue).sum(),
        facts.readyPods(),
        facts.updatedPods(),
        Math.max(0, wanted - facts.readyPods()),
        facts.readyPods() + "/" + wanted,
        podStates(status),
        Names.JOB_LABEL + "=" + job.getJobId().getValue(),
        status.hasWorkflowStatus() ? WorkflowMapper.map(status.getWorkflowStatus()) : null,
        facts.handledRestart().orElse(null),
        facts.handledAbort().orElse(null));
  }

  private static Map<String, Integer> podStates(JobStatus status) {
    Map<String, Integer> states = new TreeMap<>();
    status
        .getPodStatsMap()
        .forEach(
            (state, count) -> {
              if (count > 0) {
                states.put(Words.camel("POD_STATE_", state), count);
              }
            });
    return states;
  }

  private static String state(JobState state) {
    return Words.camel("JOB_STATE_", state.name());
  }
}
