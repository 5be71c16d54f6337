package peloton.controllers.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import peloton.api.v1alpha.respool.Respool;
import peloton.api.v1alpha.respool.Respool.ReservationType;
import peloton.crds.pool.PoolResource;
import peloton.crds.pool.Reservation;
import peloton.crds.pool.ResourceKind;
import peloton.crds.pool.ResourcePoolSpec;
import peloton.crds.pool.SchedulingPolicy;

/** What a ResourcePool asks for, in the messages of the pool API. */
public final class PoolSpecMapper {
  private PoolSpecMapper() {}

  /**
   * The pool's specification.
   *
   * @param parent the id of the pool at {@link #parentPath}
   */
  public static Mapped<Respool.ResourcePoolSpec> pool(ResourcePoolSpec given, String parent) {
    Problems problems = new Problems();
    Respool.ResourcePoolSpec.Builder pool =
        Respool.ResourcePoolSpec.newBuilder()
            .setName(name(given.path()))
            .setOwningTeam(Given.text(given.owningTeam()))
            .addAllLdapGroups(given.ldapGroups())
            .setDescription(Given.text(given.description()))
            .addAllResources(
                Paths.each(
                    "spec.resources",
                    given.resources(),
                    (path, resource) -> resource(path, resource, problems)));
    pool.getParentBuilder().setValue(parent);
    problems
        .constant(SchedulingPolicy.class, "spec.policy", given.policy())
        .ifPresent(
            policy ->
                pool.setPolicy(
                    switch (policy) {
                      case PriorityFifo -> Respool.SchedulingPolicy.SCHEDULING_POLICY_PRIORITY_FIFO;
                    }));
    if (given.controllerLimitPercent() != null) {
      pool.getControllerLimitBuilder().setMaxPercent(given.controllerLimitPercent());
    }
    if (given.slackLimitPercent() != null) {
      pool.getSlackLimitBuilder().setMaxPercent(given.slackLimitPercent());
    }
    return problems.with(pool.build());
  }

  /** The last element of a path: what the pool is called. */
  public static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The path of the pool's parent; {@code /} for one directly below the root. */
  public static String parentPath(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  private static Respool.ResourceSpec resource(String path, PoolResource given, Problems problems) {
    Respool.ResourceSpec.Builder resource =
        Respool.ResourceSpec.newBuilder()
            .setKind(Given.text(given.kind()))
            .setShare(Given.number(given.share(), 1));
    problems
        .constant(ResourceKind.class, path + ".kind", given.kind())
        .ifPresent(
            kind ->
                resource
                    .setReservation(
                        amount(kind, given.reservation(), path + ".reservation", problems))
                    .setLimit(amount(kind, given.limit(), path + ".limit", problems)));
    problems
        .constant(Reservation.class, path + ".type", given.type())
        .ifPresent(
            type ->
                resource.setType(
                    switch (type) {
                      case Elastic -> ReservationType.RESERVATION_TYPE_ELASTIC;
                      case Static -> ReservationType.RESERVATION_TYPE_STATIC;
                    }));
    return resource.build();
  }

  private static double amount(
      ResourceKind kind, Quantity quantity, String path, Problems problems) {
    return switch (kind) {
      case cpu, gpu -> Amounts.count(quantity, path, problems);
      case memory, disk -> Amounts.megabytes(quantity, path, problems);
    };
  }
}
