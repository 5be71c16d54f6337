package peloton.controllers.status;

import java.util.Map;
import java.util.Optional;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;

/**
 * What is known of a ResourcePool and of the pool that it stands for.
 *
 * @param generation of the resource that was looked at
 * @param deleting whether the resource is being deleted
 * @param hindrance what keeps the specification from being written, or the pool from being deleted;
 *     empty if nothing does
 * @param pool as the API shows it; empty if there is none
 * @param jobs how many jobs are in the pool
 * @param entitlement what the pool may use at the moment, by kind of resource in the API's units;
 *     empty while the scheduler has not said so
 */
public record PoolFacts(
    long generation,
    boolean deleting,
    Optional<Verdict> hindrance,
    Optional<ResourcePoolInfo> pool,
    int jobs,
    Map<String, Double> entitlement) {
  public PoolFacts {
    entitlement = Map.copyOf(entitlement);
  }
}
