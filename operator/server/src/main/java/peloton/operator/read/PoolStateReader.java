package peloton.operator.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peloton.api.v1alpha.respool.Respool.ReservationType;
import peloton.api.v1alpha.respool.Respool.ResourceSpec;
import peloton.desired.pool.PoolTree;
import peloton.entitlement.ResourceKind;
import peloton.operator.v1.PoolStates.KindState;
import peloton.operator.v1.PoolStates.PoolState;
import peloton.records.PoolUsageRecord;
import peloton.records.ResourcePoolRecord;
import peloton.store.view.Records;

/** How resource pools stand, as the leader last wrote it down. */
public final class PoolStateReader {
  private PoolStateReader() {}

  /** Every pool that the root leads to, each before those below it, in the order of names. */
  public static List<PoolState> all(Records records) {
    List<PoolState> states = new ArrayList<>();
    collect(records, PoolTree.of(records), PoolTree.ROOT, states);
    return states;
  }

  private static void collect(Records records, PoolTree tree, String id, List<PoolState> states) {
    states.add(state(records, tree, id));
    tree.children(id).forEach(child -> collect(records, tree, child, states));
  }

  private static PoolState state(Records records, PoolTree tree, String id) {
    Optional<ResourcePoolRecord> pool = tree.pool(id);
    PoolUsageRecord usage =
        records.poolUsages().getOrDefault(id, PoolUsageRecord.getDefaultInstance());
    PoolState.Builder state =
        PoolState.newBuilder()
            .setId(id)
            .setPath(tree.path(id).orElse(""))
            .setUpdatedAt(usage.getUpdatedAt());
    for (ResourceKind kind : ResourceKind.values()) {
      KindState.Builder row = state.addKindsBuilder().setKind(kind.label());
      int index = kind.ordinal();
      if (index < usage.getEntitlementCount()) {
        row.setEntitlement(units(usage.getEntitlement(index)))
            .setAllocation(units(usage.getAllocation(index)))
            .setSlack(units(usage.getSlack(index)))
            .setDemand(units(usage.getDemand(index)));
      }
      if (pool.isPresent()) {
        specified(pool.get(), kind).ifPresent(resource -> describe(row, resource));
      } else {
        row.setReservation(row.getEntitlement()).setLimit(row.getEntitlement());
      }
    }
    return state.build();
  }

  private static Optional<ResourceSpec> specified(ResourcePoolRecord pool, ResourceKind kind) {
    return pool.getSpec().getResourcesList().stream()
        .filter(resource -> resource.getKind().equals(kind.label()))
        .findFirst();
  }

  private static void describe(KindState.Builder row, ResourceSpec resource) {
    row.setReservation(resource.getReservation())
        .setLimit(resource.getLimit())
        .setShare(resource.getShare())
        .setStaticReservation(resource.getType() == ReservationType.RESERVATION_TYPE_STATIC);
  }

  private static double units(long milli) {
    return milli / 1000.0;
  }
}
