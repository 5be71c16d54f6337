package peloton.controllers.reconcile;

import io.fabric8.kubernetes.client.CustomResource;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import peloton.api.ids.JobId;
import peloton.records.OwnerRecord;

/** What resources, and what they stand for, are called in the records. */
final class Identity {
  private Identity() {}

  /** A resource as the owner of something, without tokens. */
  static OwnerRecord owner(String cluster, CustomResource<?, ?> resource) {
    ResourceKey key = ResourceKey.of(resource);
    return OwnerRecord.newBuilder()
        .setCluster(cluster)
        .setKind(key.kind())
        .setNamespace(key.namespace())
        .setName(key.name())
        .setUid(resource.getMetadata().getUid())
        .build();
  }

  /**
   * The id of what a resource creates: its own, so that a resource which is deleted and created
   * again stands for something new.
   */
  static String id(CustomResource<?, ?> resource) {
    String uid = resource.getMetadata().getUid().toLowerCase(Locale.ROOT);
    return JobId.isValid(uid)
        ? uid
        : UUID.nameUUIDFromBytes(uid.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
