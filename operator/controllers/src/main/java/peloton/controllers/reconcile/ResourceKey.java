package peloton.controllers.reconcile;

import io.fabric8.kubernetes.client.CustomResource;

/**
 * The place of a resource. One that is deleted and created again has the same.
 *
 * @param namespace empty if it is in none
 */
public record ResourceKey(String kind, String namespace, String name) {

  public static ResourceKey of(CustomResource<?, ?> resource) {
    String namespace = resource.getMetadata().getNamespace();
    return new ResourceKey(
        resource.getKind(), namespace == null ? "" : namespace, resource.getMetadata().getName());
  }
}
