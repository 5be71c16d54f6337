package peloton.controllers.kubernetes;

import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.util.stream.Stream;
import peloton.controllers.reconcile.ResourceKey;

/**
 * Says that a resource should be passed over since records have changed. It does so in the form of
 * a change of the resource itself: events of another form are dropped if the queue has forgotten
 * the resource, as it does when one is deleted and created again at the same time.
 */
final class RecordEvents<P extends CustomResource<?, ?>> extends AbstractEventSource<P, P> {
  private final IndexerResourceCache<P> cache;

  RecordEvents(Class<P> type, IndexerResourceCache<P> cache) {
    super(type, "records");
    this.cache = cache;
  }

  /** The resources that are there. */
  Stream<P> resources() {
    return cache.list();
  }

  void call(ResourceKey key) {
    ResourceID id = new ResourceID(key.name(), key.namespace().isEmpty() ? null : key.namespace());
    if (isRunning()) {
      cache
          .get(id)
          .ifPresent(
              resource ->
                  getEventHandler()
                      .handleEvent(new ResourceEvent(ResourceAction.UPDATED, id, resource)));
    }
  }

  @Override
  public java.util.Set<P> getSecondaryResources(P primary) {
    return java.util.Set.of();
  }
}
