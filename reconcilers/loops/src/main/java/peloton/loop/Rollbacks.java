package peloton.loop;

import java.util.concurrent.CompletableFuture;

/**
 * The way back of an update that failed begins with a new version of the old specification, and
 * specifications are written by the API's writers alone. This is how the loops ask for one.
 */
public interface Rollbacks {

  /**
   * Asks for a copy of the specification that the job had before the workflow, as the version that
   * the job should be on, and for its number in the workflow's request as {@code rollback_version}.
   * Asking twice is asking once. What was written reaches the loops with the view, so the future
   * only says that the request was dealt with: written, or refused for the workflow is no longer
   * the job's.
   *
   * @param workflow the workflow's number in the job's sequence
   */
  CompletableFuture<?> rollBack(String job, long workflow);
}
