package peloton.command.job;

import com.google.protobuf.Message;
import java.util.Optional;
import java.util.function.Function;
import peloton.api.ids.EntityVersion;
import peloton.command.client.EntityVersionConverter;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import peloton.command.client.VersionedCall;
import picocli.CommandLine.Parameters;

/** What start, stop and delete share: a job, and the version of it that the caller has seen. */
final class JobChange {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ENTITY-VERSION",
      converter = EntityVersionConverter.class,
      description = {
        "Change the job only if this is its version, e.g. 1-1-1;",
        "without it, whatever its version is now."
      })
  private EntityVersion version;

  /** Makes the change; returns the job's id and the answer. */
  <T extends Message> T run(Session session, Request<T> request) {
    JobLookup lookup = new JobLookup(session.client());
    String id = lookup.id(job);
    Function<EntityVersion, T> call = current -> request.send(id, current);
    return VersionedCall.run(lookup, id, Optional.ofNullable(version), call);
  }

  /** One call that changes a job. */
  interface Request<T> {
    T send(String job, EntityVersion version);
  }
}
