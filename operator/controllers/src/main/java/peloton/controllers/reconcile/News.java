package peloton.controllers.reconcile;

import io.fabric8.kubernetes.client.CustomResource;
import java.util.Objects;

/** What of a change of a resource a controller has to look at. */
final class News {
  private News() {}

  /** Whether more changed than status, labels and the like. */
  static boolean is(CustomResource<?, ?> before, CustomResource<?, ?> now) {
    return !Objects.equals(before.getMetadata().getUid(), now.getMetadata().getUid())
        || !Objects.equals(before.getMetadata().getGeneration(), now.getMetadata().getGeneration())
        || Finalizer.isDeleting(before) != Finalizer.isDeleting(now)
        || Finalizer.isOn(before) && !Finalizer.isOn(now);
  }
}
