package peloton.controllers.status;

import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.api.v1alpha.respool.Respool.ResourceSpec;
import peloton.api.v1alpha.respool.Respool.ResourceUsage;
import peloton.controllers.spec.Amounts;
import peloton.crds.pool.PoolResourceStatus;
import peloton.crds.pool.ResourceKind;
import peloton.crds.pool.ResourcePoolStatus;
import peloton.crds.status.Condition;

/** The status of a ResourcePool. */
public final class PoolStatusMapper {
  private PoolStatusMapper() {}

  /** The status that follows from the facts; equal to the one so far if nothing changed. */
  public static ResourcePoolStatus map(
      Optional<ResourcePoolStatus> before, PoolFacts facts, Instant now) {
    List<Condition> conditions =
        Conditions.next(
            before.map(ResourcePoolStatus::conditions).orElse(List.of()),
            verdict(facts),
            facts.generation(),
            now);
    return facts
        .pool()
        .map(pool -> withPool(conditions, facts, pool))
        .orElseGet(
            () ->
                new ResourcePoolStatus(
                    facts.generation(), conditions, null, null, null, null, null, List.of()));
  }

  private static Verdict verdict(PoolFacts facts) {
    if (facts.hindrance().isPresent()) {
      return facts.hindrance().get();
    }
    if (facts.deleting()) {
      return new Verdict(Reason.Deleting, "the pool is being deleted");
    }
    return facts
        .pool()
        .map(pool -> new Verdict(Reason.PoolReady, "the pool is at " + pool.getPath().getValue()))
        .orElseGet(() -> new Verdict(Reason.Pending, "the pool is not recorded yet"));
  }

  private static ResourcePoolStatus withPool(
      List<Condition> conditions, PoolFacts facts, ResourcePoolInfo pool) {
    return new ResourcePoolStatus(
        facts.generation(),
        conditions,
        pool.getRespoolId().getValue(),
        Words.orNull(pool.getParent().getValue()),
        Long.toUnsignedString(pool.getSpec().getRevision().getVersion()),
        pool.getChildrenCount(),
        facts.jobs(),
        resources(facts, pool));
  }

  private static List<PoolResourceStatus> resources(PoolFacts facts, ResourcePoolInfo pool) {
    Map<String, ResourceUsage> usages =
        pool.getUsagesList().stream()
            .collect(Collectors.toMap(ResourceUsage::getKind, Function.identity(), (a, b) -> a));
    Map<String, ResourceSpec> specs =
        pool.getSpec().getResourcesList().stream()
            .collect(Collectors.toMap(ResourceSpec::getKind, Function.identity(), (a, b) -> a));
    return Stream.of(ResourceKind.values())
        .filter(kind -> usages.containsKey(kind.name()) || specs.containsKey(kind.name()))
        .map(
            kind ->
                resource(
                    kind,
                    usages.getOrDefault(kind.name(), ResourceUsage.getDefaultInstance()),
                    specs.getOrDefault(kind.name(), ResourceSpec.getDefaultInstance()),
                    Optional.ofNullable(facts.entitlement().get(kind.name()))))
        .toList();
  }

  private static PoolResourceStatus resource(
      ResourceKind kind, ResourceUsage usage, ResourceSpec spec, Optional<Double> entitlement) {
    Quantity allocation = amount(kind, usage.getAllocation());
    Quantity entitled = entitlement.map(value -> amount(kind, value)).orElse(null);
    return new PoolResourceStatus(
        kind.name(),
        allocation,
        amount(kind, usage.getSlack()),
        entitled,
        amount(kind, spec.getReservation()),
        amount(kind, spec.getLimit()),
        entitled == null ? allocation.toString() : allocation + "/" + entitled);
  }

  private static Quantity amount(ResourceKind kind, double value) {
    return switch (kind) {
      case cpu, gpu -> Amounts.ofCount(value);
      case memory, disk -> Amounts.ofMegabytes(value);
    };
  }
}
