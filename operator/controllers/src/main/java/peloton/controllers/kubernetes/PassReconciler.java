package peloton.controllers.kubernetes;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.controllers.reconcile.Passes;
import peloton.controllers.reconcile.ResourceKey;

/**
 * Runs passes in the queue of the Java Operator SDK. Writes of resources are the passes' own; the
 * SDK is told of none.
 */
abstract class PassReconciler<P extends CustomResource<?, ?>> implements Reconciler<P> {
  private static final Logger log = LoggerFactory.getLogger(PassReconciler.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private final Class<P> type;
  private final Passes<P> passes;
  private final Map<ResourceKey, Seen> seen = new ConcurrentHashMap<>();
  private volatile RecordEvents<P> events;

  /** What of a resource the last pass over it looked at. */
  private record Seen(String uid, Long generation, boolean deleting) {
    static Seen of(CustomResource<?, ?> resource) {
      return new Seen(
          resource.getMetadata().getUid(),
          resource.getMetadata().getGeneration(),
          resource.getMetadata().getDeletionTimestamp() != null);
    }
  }

  PassReconciler(Class<P> type, Passes<P> passes) {
    this.type = type;
    this.passes = passes;
  }

  Class<P> type() {
    return type;
  }

  boolean isNews(P now, P before) {
    return passes.isNews(before, now);
  }

  @Override
  public List<EventSource<?, P>> prepareEventSources(EventSourceContext<P> context) {
    events = new RecordEvents<>(type, context.getPrimaryCache());
    return List.of(events);
  }

  @Override
  public UpdateControl<P> reconcile(P resource, Context<P> context) {
    Optional<P> there =
        context.isPrimaryResourceDeleted() ? current(resource) : Optional.of(resource);
    if (there.isEmpty()) {
      seen.remove(ResourceKey.of(resource));
      passes.forget(resource);
      return UpdateControl.noUpdate();
    }
    seen.put(ResourceKey.of(resource), Seen.of(there.get()));
    try {
      UpdateControl<P> control = UpdateControl.noUpdate();
      passes.pass(there.get()).ifPresent(control::rescheduleAfter);
      return control;
    } catch (CancellationException stopping) {
      return UpdateControl.noUpdate();
    } catch (KubernetesClientException away) {
      log.warn(
          "{}: Kubernetes did not take a write: {}",
          ResourceKey.of(there.get()),
          away.getMessage());
      return UpdateControl.<P>noUpdate().rescheduleAfter(AFTER_FAILURE);
    }
  }

  /** Another resource of the same name may be there already. */
  private Optional<P> current(P deleted) {
    return events
        .resources()
        .filter(resource -> ResourceKey.of(resource).equals(ResourceKey.of(deleted)))
        .findFirst();
  }

  /** Has a resource passed over. */
  void call(ResourceKey key) {
    RecordEvents<P> started = events;
    if (started != null) {
      started.call(key);
    }
  }

  /** The resources that no pass has seen as they are now. */
  List<ResourceKey> unseen() {
    RecordEvents<P> started = events;
    return started == null
        ? List.of()
        : started
            .resources()
            .filter(
                resource -> !Objects.equals(seen.get(ResourceKey.of(resource)), Seen.of(resource)))
            .map(ResourceKey::of)
            .toList();
  }
}
