package peloton.controllers.reconcile;

import io.fabric8.kubernetes.client.CustomResource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import peloton.controllers.reconcile.CustomResources.Occasion;
import peloton.crds.status.Condition;
import peloton.crds.status.ConditionType;

/**
 * The statuses of resources of one kind. Remembers what was written: a resource as it was read may
 * be older than that.
 */
final class Statuses<T> {
  private static final Duration MAY_BE_UNSEEN = Duration.ofSeconds(5);

  private final CustomResources resources;
  private final Function<T, List<Condition>> conditions;
  private final Map<ResourceKey, Written<T>> written = new ConcurrentHashMap<>();

  private record Written<T>(String uid, T status, Instant at) {}

  Statuses(CustomResources resources, Function<T, List<Condition>> conditions) {
    this.resources = resources;
    this.conditions = conditions;
  }

  /** The status so far. */
  Optional<T> of(CustomResource<?, T> resource) {
    return remembered(resource)
        .map(Written::status)
        .or(() -> Optional.ofNullable(resource.getStatus()));
  }

  /** Whether a resource as it was read shows what was written last. */
  boolean isShownBy(CustomResource<?, T> resource) {
    return remembered(resource).filter(l -> l.status().equals(resource.getStatus())).isPresent();
  }

  /** Writes a status if it is another, and tells people if they should know. */
  void write(CustomResource<?, T> resource, T next, Instant now) {
    Optional<Written<T>> last = remembered(resource);
    if (last.isEmpty()
        ? next.equals(resource.getStatus())
        : isThere(resource, next, last.get(), now)) {
      if (last.isEmpty()) {
        remember(resource, next, now);
      }
      return;
    }
    Optional<T> before = of(resource);
    resources.writeStatus(resource, next);
    remember(resource, next, now);
    occasion(before, next).ifPresent(occasion -> resources.tell(resource, occasion));
  }

  /** What was written a moment ago may not be seen yet; if it is not seen later, it is gone. */
  private static <T> boolean isThere(
      CustomResource<?, T> resource, T next, Written<T> last, Instant now) {
    return last.status().equals(next)
        && (next.equals(resource.getStatus()) || now.isBefore(last.at().plus(MAY_BE_UNSEEN)));
  }

  private void remember(CustomResource<?, T> resource, T status, Instant now) {
    written.put(ResourceKey.of(resource), new Written<>(uid(resource), status, now));
  }

  void forget(CustomResource<?, T> resource) {
    written.remove(ResourceKey.of(resource));
  }

  private Optional<Written<T>> remembered(CustomResource<?, T> resource) {
    return Optional.ofNullable(written.get(ResourceKey.of(resource)))
        .filter(last -> last.uid().equals(uid(resource)));
  }

  /** A resource whose readiness has another reason. */
  private Optional<Occasion> occasion(Optional<T> before, T next) {
    Optional<Condition> ready = find(next, ConditionType.Ready);
    Optional<Condition> last = before.flatMap(status -> find(status, ConditionType.Ready));
    boolean same =
        last.map(Condition::reason).equals(ready.map(Condition::reason))
            && last.map(Condition::status).equals(ready.map(Condition::status));
    boolean stalled = find(next, ConditionType.Stalled).isPresent();
    return ready
        .filter(condition -> !same)
        .map(condition -> new Occasion(stalled, condition.reason(), condition.message()));
  }

  private Optional<Condition> find(T status, ConditionType type) {
    return conditions.apply(status).stream()
        .filter(condition -> type.name().equals(condition.type()))
        .findFirst();
  }

  private static String uid(CustomResource<?, ?> resource) {
    return resource.getMetadata().getUid();
  }
}
