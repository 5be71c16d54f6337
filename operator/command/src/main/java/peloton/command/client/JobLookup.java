package peloton.command.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobIDFromJobNameRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.command.CommandException;

/** Finds the job that a person means by an id or by a name. */
public final class JobLookup {
  private final ApiClient client;

  /** Looks jobs up through {@code client}. */
  public JobLookup(ApiClient client) {
    this.client = client;
  }

  /**
   * The id of a job that is given by id, or by the name that one job has. An id is taken at its
   * word: whether such a job exists is the next call's answer.
   *
   * @throws CommandException if no job or more than one has that name
   */
  public String id(String idOrName) {
    if (JobId.isValid(idOrName)) {
      return idOrName;
    }
    return named(idOrName)
        .orElseThrow(
            () ->
                CommandException.refused(
                    "NOT_FOUND: no job has the id or the name \"" + idOrName + "\""));
  }

  /**
   * The id of the one job that has a name, if there is one.
   *
   * @throws CommandException if several have it
   */
  public Optional<String> named(String name) {
    List<JobSummary> jobs = byName(name);
    if (jobs.isEmpty()) {
      return Optional.empty();
    }
    if (jobs.size() > 1) {
      StringBuilder message =
          new StringBuilder("several jobs are named \"" + name + "\"; name one by its id:");
      for (JobSummary job : jobs) {
        message
            .append(System.lineSeparator())
            .append("  ")
            .append(job.getJobId().getValue())
            .append("  ")
            .append(job.getStatus().getState())
            .append("  created ")
            .append(job.getStatus().getCreationTime());
      }
      throw CommandException.refused(message.toString());
    }
    return Optional.of(jobs.get(0).getJobId().getValue());
  }

  /** The job's summary as it is now, if the job exists. */
  public Optional<JobSummary> summary(String id) {
    try {
      return Optional.of(
          client
              .jobs()
              .getJob(
                  GetJobRequest.newBuilder()
                      .setJobId(JobId.toProto(id))
                      .setSummaryOnly(true)
                      .build())
              .getSummary());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The job's entity version as it is now.
   *
   * @throws CommandException if there is no such job
   */
  public EntityVersion version(String id) {
    JobSummary job =
        summary(id)
            .orElseThrow(() -> CommandException.refused("NOT_FOUND: no job has the id " + id));
    return EntityVersion.parse(job.getStatus().getVersion().getValue());
  }

  /** The server may remember names of jobs that are long gone; those are left out. */
  private List<JobSummary> byName(String name) {
    Set<String> ids = new LinkedHashSet<>();
    try {
      client
          .jobs()
          .getJobIDFromJobName(GetJobIDFromJobNameRequest.newBuilder().setJobName(name).build())
          .getJobIdList()
          .stream()
          .map(JobID::getValue)
          .forEach(ids::add);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
        throw e;
      }
    }
    List<JobSummary> jobs = new ArrayList<>();
    for (String id : ids) {
      summary(id).ifPresent(jobs::add);
    }
    return jobs;
  }
}
