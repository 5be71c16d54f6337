package peloton.controllers.reconcile;

import java.util.Map;
import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.desired.ApiException;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/** Records as the API shows them, for statuses. */
public interface Views {

  /**
   * The records, for deciding.
   *
   * @throws ApiException UNAVAILABLE if they are too old to be believed
   */
  Records records();

  /** A job; empty while it is going, or has not fully come. */
  Optional<JobView> job(JobEntry job);

  /** A pool; empty if there is none of that id. May be a little older than the records. */
  Optional<PoolView> pool(String id);

  /**
   * A job.
   *
   * @param readyPods pods that run and are healthy, or have no health check
   * @param updatedPods pods that count as being on the current specification
   */
  record JobView(JobInfo info, int readyPods, int updatedPods) {}

  /**
   * A pool.
   *
   * @param jobs how many jobs lie in it
   * @param entitlement by kind of resource, in the API's units; empty while it is not known
   */
  record PoolView(ResourcePoolInfo info, int jobs, Map<String, Double> entitlement) {
    public PoolView {
      entitlement = Map.copyOf(entitlement);
    }
  }
}
