package peloton.admission;

import static peloton.entitlement.ResourceKind.CPU;
import static peloton.entitlement.ResourceKind.REVOCABLE_CPU;

import java.util.Arrays;
import peloton.api.v1alpha.respool.Respool.ReservationType;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.Respool.ResourceSpec;
import peloton.entitlement.Amounts;
import peloton.entitlement.EntitlementTree.Amount;
import peloton.entitlement.ResourceKind;

/**
 * What a pool's specification says, in thousandths.
 *
 * @param parent the id of the pool above
 * @param amounts by kind
 * @param controllerLimit the most that controllers may use, by kind
 * @param slackLimit the most that revocable pods may use, by kind; CPU is not limited by it
 */
public record PoolDefinition(
    String id, String parent, Amount[] amounts, Amounts controllerLimit, Amounts slackLimit) {

  /** Reads a specification in which every kind is listed; a kind that is not has a limit of 0. */
  public static PoolDefinition of(String id, ResourcePoolSpec spec) {
    Amount[] amounts = new Amount[ResourceKind.COUNT];
    Arrays.fill(amounts, new Amount(0, 0, 0, false));
    for (ResourceSpec resource : spec.getResourcesList()) {
      ResourceKind.ofSpec(resource.getKind())
          .ifPresent(kind -> amounts[kind.ordinal()] = amount(resource));
    }
    amounts[REVOCABLE_CPU.ordinal()] =
        new Amount(0, Amounts.MAX, amounts[CPU.ordinal()].share(), false);
    long[] slack = percent(amounts, spec.hasSlackLimit(), spec.getSlackLimit().getMaxPercent());
    slack[REVOCABLE_CPU.ordinal()] = Amounts.MAX;
    return new PoolDefinition(
        id,
        spec.getParent().getValue(),
        amounts,
        Amounts.of(
            percent(amounts, spec.hasControllerLimit(), spec.getControllerLimit().getMaxPercent())),
        Amounts.of(slack));
  }

  private static Amount amount(ResourceSpec resource) {
    double share = resource.getShare();
    return new Amount(
        Amounts.milli(resource.getReservation()),
        Amounts.milli(resource.getLimit()),
        share > 0 && share < Double.POSITIVE_INFINITY ? share : 0,
        resource.getType() == ReservationType.RESERVATION_TYPE_STATIC);
  }

  private static long[] percent(Amount[] amounts, boolean defined, double percent) {
    long[] limits = new long[ResourceKind.COUNT];
    for (int kind = 0; kind < limits.length; kind++) {
      limits[kind] =
          defined
              ? (long) Math.floor(amounts[kind].reservation() * percent / 100 + 1e-6)
              : Amounts.MAX;
    }
    return limits;
  }

  long reservation(int kind) {
    return amounts[kind].reservation();
  }

  long limit(int kind) {
    return amounts[kind].limit();
  }
}
