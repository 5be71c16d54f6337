package peloton.controllers.reconcile;

import io.fabric8.kubernetes.client.CustomResource;
import peloton.crds.Names;

/** Whether Kubernetes may forget a resource. */
final class Finalizer {
  private Finalizer() {}

  static boolean isOn(CustomResource<?, ?> resource) {
    return resource.getMetadata().getFinalizers() != null
        && resource.getMetadata().getFinalizers().contains(Names.FINALIZER);
  }

  static boolean isDeleting(CustomResource<?, ?> resource) {
    return resource.getMetadata().getDeletionTimestamp() != null;
  }
}
