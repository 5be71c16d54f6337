package peloton.controllers.kubernetes;

import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import peloton.controllers.reconcile.Passes;
import peloton.crds.StatelessJob;

/** Passes over StatelessJobs. */
@ControllerConfiguration(
    name = "statelessjobs",
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
final class JobReconciler extends PassReconciler<StatelessJob> {
  JobReconciler(Passes<StatelessJob> passes) {
    super(StatelessJob.class, passes);
  }
}
