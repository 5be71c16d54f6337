package peloton.controllers.reconcile;

import io.fabric8.kubernetes.client.CustomResource;
import java.time.Duration;
import java.util.Optional;

/** The passes over resources of one kind. */
public interface Passes<P extends CustomResource<?, ?>> {

  /** Takes a resource as far as it goes; when to come again even if nothing changes. */
  Optional<Duration> pass(P resource);

  /** Whether a change of a resource is worth a pass. */
  boolean isNews(P before, P now);

  /** The resource is gone. */
  void forget(P resource);
}
