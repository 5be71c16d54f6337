package peloton.controllers.kubernetes;

import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import peloton.controllers.reconcile.Passes;
import peloton.crds.HostMaintenance;

/** Passes over HostMaintenances. */
@ControllerConfiguration(
    name = "hostmaintenances",
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
final class HostReconciler extends PassReconciler<HostMaintenance> {
  HostReconciler(Passes<HostMaintenance> passes) {
    super(HostMaintenance.class, passes);
  }
}
