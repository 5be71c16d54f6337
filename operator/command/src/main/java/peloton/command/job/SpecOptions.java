package peloton.command.job;

import java.util.List;
import java.util.Optional;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.command.CommandException;
import peloton.command.client.PoolLookup;
import peloton.command.client.Session;
import peloton.command.spec.JobSpecFile;

/** Turns spec files into the specs that the API takes. */
final class SpecOptions {
  private SpecOptions() {}

  /** The one job of a file. */
  static JobSpecFile single(Session session, String file) {
    List<JobSpecFile> jobs = JobSpecFile.readAll(file, session.console().in());
    if (jobs.size() != 1) {
      throw CommandException.usage(
          file + ": holds " + jobs.size() + " documents; this command takes one job");
    }
    return jobs.get(0);
  }

  /**
   * The spec with its pool's id: that of {@code respool} if given, else of the path in the file,
   * else the id in the file, else {@code fallback}'s.
   */
  static JobSpec withPool(
      Session session, JobSpecFile file, Optional<String> respool, Optional<JobSpec> fallback) {
    Optional<String> path = respool.or(file::respool);
    if (path.isPresent()) {
      return file.spec().toBuilder()
          .setRespoolId(new PoolLookup(session.client()).id(path.get()))
          .build();
    }
    if (file.spec().hasRespoolId() || fallback.isEmpty()) {
      return file.spec();
    }
    return file.spec().toBuilder().setRespoolId(fallback.get().getRespoolId()).build();
  }

  /**
   * As {@link #withPool}, with the pool that the job is in if neither names one: a job cannot
   * change its pool.
   */
  static JobSpec withPoolOfJob(
      Session session, JobSpecFile file, Optional<String> respool, String job) {
    boolean named = respool.or(file::respool).isPresent() || file.spec().hasRespoolId();
    Optional<JobSpec> current =
        named
            ? Optional.empty()
            : Optional.of(
                session
                    .client()
                    .jobs()
                    .getJob(GetJobRequest.newBuilder().setJobId(JobId.toProto(job)).build())
                    .getJobInfo()
                    .getSpec());
    return withPool(session, file, respool, current);
  }
}
