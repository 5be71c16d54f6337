package peloton.command.respool;

import static peloton.command.output.Text.number;
import static peloton.command.output.Text.state;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.api.v1alpha.respool.Respool.ResourceSpec;
import peloton.api.v1alpha.respool.Respool.ResourceUsage;
import peloton.command.output.Table;

/** Resource pools as people read them. */
final class PoolViews {
  private PoolViews() {}

  /** One row for each pool and kind of resource; a pool without any gets one row. */
  static Table table(List<ResourcePoolInfo> pools) {
    Table table =
        new Table(
            List.of(
                "Path",
                "ID",
                "Owning Team",
                "Kind",
                "Reservation",
                "Limit",
                "Share",
                "Type",
                "Allocation",
                "Slack"));
    pools.stream()
        .sorted(Comparator.comparing(pool -> pool.getPath().getValue()))
        .forEach(pool -> rows(table, pool));
    return table;
  }

  private static void rows(Table table, ResourcePoolInfo pool) {
    Map<String, ResourceUsage> usages =
        pool.getUsagesList().stream()
            .collect(Collectors.toMap(ResourceUsage::getKind, usage -> usage, (a, b) -> a));
    String path = pool.getPath().getValue();
    String id = pool.getRespoolId().getValue();
    String team = pool.getSpec().getOwningTeam();
    if (pool.getSpec().getResourcesCount() == 0) {
      table.row(List.of(path, id, team, "", "", "", "", "", "", ""));
    }
    for (ResourceSpec resource : pool.getSpec().getResourcesList()) {
      ResourceUsage usage =
          usages.getOrDefault(resource.getKind(), ResourceUsage.getDefaultInstance());
      table.row(
          List.of(
              path,
              id,
              team,
              resource.getKind(),
              number(resource.getReservation()),
              number(resource.getLimit()),
              number(resource.getShare()),
              state(resource.getType(), "RESERVATION_TYPE_"),
              number(usage.getAllocation()),
              number(usage.getSlack())));
    }
  }
}
