package peloton.command.respool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import peloton.operator.v1.PoolStates.KindState;
import peloton.operator.v1.PoolStates.PoolState;

class PoolTreeViewTest {
  private static final List<PoolState> POOLS =
      List.of(
          pool("/", 10, 10, 10, 7, 9),
          pool("/team", 4, 8, 6, 4, 4),
          pool("/team/web", 4, 8, 6, 4, 4),
          pool("/tests", 0, 10, 2, 3, 5));

  @Test
  void showsTheTreeWithABarForEachPool() {
    PoolTreeView view = new PoolTreeView(POOLS, List.of());

    assertThat(view.lines(POOLS.get(0)))
        .containsExactly(
            "Pool      | Kind | Reserved | Limit | Entitled | Used | Wanted |",
            "/         | cpu  |       10 |    10 |       10 |    7 |      9 | [##############------]",
            "|- team   | cpu  |        4 |     8 |        6 |    4 |      4 | [########----        ]",
            "|  `- web | cpu  |        4 |     8 |        6 |    4 |      4 | [########----        ]",
            "`- tests  | cpu  |        0 |    10 |        2 |    3 |      5 | [####!!              ]");
  }

  @Test
  void showsAPartOfTheTreeAndOneKind() {
    PoolTreeView view = new PoolTreeView(POOLS, List.of("memory"));

    assertThat(view.find("/nowhere")).isEmpty();
    assertThat(view.lines(view.find("/team/").orElseThrow()))
        .containsExactly(
            "Pool   | Kind   | Reserved | Limit | Entitled | Used | Wanted |",
            "team   | memory |        0 |     0 |        0 |    0 |      0 | [                    ]",
            "`- web | memory |        0 |     0 |        0 |    0 |      0 | [                    ]");
  }

  private static PoolState pool(
      String path,
      double reservation,
      double limit,
      double entitlement,
      double used,
      double demand) {
    return PoolState.newBuilder()
        .setPath(path)
        .addKinds(
            KindState.newBuilder()
                .setKind("cpu")
                .setReservation(reservation)
                .setLimit(limit)
                .setEntitlement(entitlement)
                .setAllocation(used)
                .setDemand(demand))
        .addKinds(KindState.newBuilder().setKind("memory"))
        .build();
  }
}
