package peloton.command.client;

import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.function.Function;
import peloton.api.ids.EntityVersion;

/** A change of a job that the server takes only together with the job's current entity version. */
public final class VersionedCall {
  private static final int TRIES = 5;

  private VersionedCall() {}

  /**
   * Makes the call with the given version, or else with the current one, read again whenever the
   * job has changed in between, up to five times.
   *
   * @throws StatusRuntimeException as the server answers in the end
   */
  public static <T> T run(
      JobLookup lookup,
      String job,
      Optional<EntityVersion> given,
      Function<EntityVersion, T> call) {
    if (given.isPresent()) {
      return call.apply(given.get());
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return call.apply(lookup.version(job));
      } catch (StatusRuntimeException e) {
        if (attempt == TRIES || !Failures.isStaleVersion(e)) {
          throw e;
        }
      }
    }
  }
}
