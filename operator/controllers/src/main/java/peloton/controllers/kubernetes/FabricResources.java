package peloton.controllers.kubernetes;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import peloton.controllers.reconcile.CustomResources;
import peloton.controllers.reconcile.ResourceConflictException;
import peloton.crds.Names;

/**
 * Writes custom resources through the API server: patches that name what they change, so that the
 * operator owns its finalizer and the status and nothing else.
 */
final class FabricResources implements CustomResources {
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final EventRecorder events;
  private final BooleanSupplier open;

  /**
   * @param open whether writes are still to be made; false once this process leads no more
   */
  FabricResources(KubernetesClient client, EventRecorder events, BooleanSupplier open) {
    this.client = client;
    this.events = events;
    this.open = open;
  }

  @Override
  public void addFinalizer(CustomResource<?, ?> resource) {
    List<String> finalizers = finalizers(resource);
    finalizers.add(Names.FINALIZER);
    patchFinalizers(resource, finalizers);
  }

  @Override
  public void removeFinalizer(CustomResource<?, ?> resource) {
    List<String> finalizers = finalizers(resource);
    finalizers.remove(Names.FINALIZER);
    patchFinalizers(resource, finalizers);
  }

  /** A list is replaced as a whole: only if nobody else has changed it meanwhile. */
  private void patchFinalizers(CustomResource<?, ?> resource, List<String> finalizers) {
    Map<String, Object> metadata =
        Map.of(
            "uid", resource.getMetadata().getUid(),
            "resourceVersion", resource.getMetadata().getResourceVersion(),
            "finalizers", finalizers);
    String patch = json(Map.of("metadata", metadata));
    write(() -> at(resource).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
  }

  @Override
  public <T> void writeStatus(CustomResource<?, T> resource, T status) {
    String patch =
        json(
            List.of(
                Map.of(
                    "op", "test",
                    "path", "/metadata/uid",
                    "value", resource.getMetadata().getUid()),
                Map.of("op", "add", "path", "/status", "value", status)));
    write(() -> at(resource).subresource("status").patch(PatchContext.of(PatchType.JSON), patch));
  }

  @Override
  public void tell(CustomResource<?, ?> resource, Occasion occasion) {
    events.record(resource, occasion);
  }

  private void write(Supplier<?> write) {
    if (!open.getAsBoolean()) {
      throw new CancellationException("this process leads no more");
    }
    try {
      write.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          || e.getCode() == UNPROCESSABLE) {
        throw new ResourceConflictException(e.getMessage(), e);
      }
      throw e;
    }
  }

  private Resource<?> at(CustomResource<?, ?> resource) {
    MixedOperation<?, ?, ? extends Resource<?>> all = client.resources(resource.getClass());
    String namespace = resource.getMetadata().getNamespace();
    String name = resource.getMetadata().getName();
    return namespace == null ? all.withName(name) : all.inNamespace(namespace).withName(name);
  }

  private static List<String> finalizers(CustomResource<?, ?> resource) {
    List<String> finalizers = resource.getMetadata().getFinalizers();
    return finalizers == null ? new ArrayList<>() : new ArrayList<>(finalizers);
  }

  private String json(Object value) {
    return client.getKubernetesSerialization().asJson(value);
  }
}
