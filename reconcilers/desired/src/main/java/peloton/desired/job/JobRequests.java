package peloton.desired.job;

import static peloton.desired.ApiException.Code.ABORTED;
import static peloton.desired.ApiException.Code.NOT_FOUND;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import peloton.desired.Decision;
import peloton.desired.Violation;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/** What every request that concerns an existing job asks first. */
public final class JobRequests {
  private JobRequests() {}

  /**
   * Decides about a job that exists and stays. Refuses with NOT_FOUND, or with ABORTED if the job
   * is being deleted.
   */
  public static <T> Decision<T> onJob(
      Records records, String id, Function<JobSnapshot, Decision<T>> change) {
    return onAnyJob(
        records,
        id,
        job ->
            job.deleted()
                ? Decision.refuse(
                    ABORTED, "job " + id + " is being deleted and cannot be changed any more")
                : change.apply(job));
  }

  /** Decides about a job that exists, also one that is being deleted. */
  public static <T> Decision<T> onAnyJob(
      Records records, String id, Function<JobSnapshot, Decision<T>> change) {
    JobEntry entry = records.job(id);
    if (entry == null) {
      return notFound(id);
    }
    Optional<JobSnapshot> snapshot = JobSnapshot.of(entry);
    if (snapshot.isEmpty()) {
      return entry.goal() == null ? notFound(id) : JobSnapshot.incomplete(entry);
    }
    return change.apply(snapshot.get());
  }

  /** Decides if the writer has seen the job as it is; refuses with ABORTED otherwise. */
  static <T> Decision<T> onVersion(JobSnapshot job, String given, Supplier<Decision<T>> change) {
    String current = job.version().toString();
    if (!given.equals(current)) {
      return Decision.refuse(
          ABORTED,
          "unexpected entity version: version is "
              + Violation.quote(given)
              + ", but job "
              + job.id()
              + " is at "
              + Violation.quote(current)
              + "; read the job, and try again with the version that it has");
    }
    return change.get();
  }

  private static <T> Decision<T> notFound(String id) {
    return Decision.refuse(NOT_FOUND, "job " + Violation.quote(id) + " not found");
  }
}
