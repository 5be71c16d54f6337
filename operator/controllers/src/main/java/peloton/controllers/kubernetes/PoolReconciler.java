package peloton.controllers.kubernetes;

import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import peloton.controllers.reconcile.Passes;
import peloton.crds.ResourcePool;

/** Passes over ResourcePools. */
@ControllerConfiguration(
    name = "resourcepools",
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
final class PoolReconciler extends PassReconciler<ResourcePool> {
  PoolReconciler(Passes<ResourcePool> passes) {
    super(ResourcePool.class, passes);
  }
}
