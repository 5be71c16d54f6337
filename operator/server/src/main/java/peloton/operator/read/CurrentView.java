package peloton.operator.read;

import java.time.Duration;
import java.util.Optional;
import peloton.desired.ApiException;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;
import peloton.store.view.View;

/** The view as reads may use it: refused once it is too old to be believed. */
public final class CurrentView {
  private final View view;
  private final Duration limit;

  /**
   * @param limit how long the store may have been silent
   */
  public CurrentView(View view, Duration limit) {
    this.view = view;
    this.limit = limit;
  }

  /**
   * The records.
   *
   * @throws ApiException UNAVAILABLE if the store was never read, or not heard of for longer than
   *     the limit
   */
  public Records records() {
    Optional<String> problem = problem();
    if (problem.isPresent()) {
      throw new ApiException(
          ApiException.Code.UNAVAILABLE, problem.get() + "; try again, or ask another replica");
    }
    return view.records();
  }

  /**
   * Makes sure that what is decided by the records is decided by fresh ones.
   *
   * @throws ApiException UNAVAILABLE as {@link #records}
   */
  public void check() {
    records();
  }

  /** The records however old they are: for those who follow the view on its own thread. */
  public Records latest() {
    return view.records();
  }

  /** Whether {@link #records} answers. */
  public boolean live() {
    return problem().isEmpty();
  }

  /** Why {@link #records} does not answer; empty if it does. */
  public Optional<String> problem() {
    if (view.revision() == 0) {
      return Optional.of("this replica has not read etcd yet");
    }
    Duration age = view.staleness();
    return age.compareTo(limit) <= 0
        ? Optional.empty()
        : Optional.of(
            "etcd was last heard of "
                + age.toMillis() / 1000.0
                + " s ago, and this replica answers from what is at most "
                + limit.toMillis() / 1000.0
                + " s old");
  }

  /**
   * A job that exists; it may be deleted while it is read.
   *
   * @throws ApiException NOT_FOUND if there is none, UNAVAILABLE as {@link #records}
   */
  public JobEntry job(String id) {
    JobEntry job = records().job(id);
    if (job == null || CurrentJob.find(job).isEmpty()) {
      throw new ApiException(
          ApiException.Code.NOT_FOUND,
          "job_id: there is no job \"" + id + "\"; ListJobs lists those that there are");
    }
    return job;
  }
}
