package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.POOL;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc;
import peloton.api.v1alpha.respool.RespoolSvc.GetResourcePoolRequest;
import peloton.operator.TestCluster;
import peloton.operator.v1.PoolStateServiceGrpc;
import peloton.operator.v1.PoolStates.KindState;
import peloton.operator.v1.PoolStates.ListPoolStatesRequest;
import peloton.operator.v1.PoolStates.PoolState;
import peloton.records.PoolUsageRecord;
import peloton.store.view.RecordKey;

class PoolStateServiceTest {
  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void showsWhatTheLeaderWroteDown() {
    cluster.write(new RecordKey.PoolUsage("root"), usage(0, 16_000));
    cluster.write(new RecordKey.PoolUsage(POOL), usage(1_500, 4_000));

    List<PoolState> states = states();

    assertThat(states).extracting(PoolState::getPath).containsExactly("/", "/infrastructure");
    assertThat(states.get(0).getKinds(0).getLimit()).isEqualTo(16);
    KindState cpu = states.get(1).getKinds(0);
    assertThat(cpu.getKind()).isEqualTo("cpu");
    assertThat(cpu.getAllocation()).isEqualTo(1.5);
    assertThat(cpu.getDemand()).isEqualTo(1.5);
    assertThat(cpu.getEntitlement()).isEqualTo(4);
    assertThat(states.get(1).getUpdatedAt()).isEqualTo(7);
  }

  @Test
  void showsPoolsThatNoLeaderHasLookedAt() {
    assertThat(states())
        .extracting(PoolState::getUpdatedAt, state -> state.getKinds(0).getEntitlement())
        .containsOnly(org.assertj.core.groups.Tuple.tuple(0L, 0.0));
  }

  @Test
  void theRootReservesWhatTheClusterHas() {
    cluster.write(new RecordKey.PoolUsage("root"), usage(0, 16_000));

    assertThat(
            ResourcePoolServiceGrpc.newBlockingStub(api.channel())
                .getResourcePool(GetResourcePoolRequest.getDefaultInstance())
                .getRespool()
                .getSpec()
                .getResources(0)
                .getReservation())
        .isEqualTo(16);
  }

  private List<PoolState> states() {
    return PoolStateServiceGrpc.newBlockingStub(api.channel())
        .listPoolStates(ListPoolStatesRequest.getDefaultInstance())
        .getPoolsList();
  }

  /** CPU in thousandths, and nothing of the other kinds. */
  private static PoolUsageRecord usage(long allocation, long entitlement) {
    List<Long> rest = List.of(0L, 0L, 0L, 0L);
    return PoolUsageRecord.newBuilder()
        .addAllocation(allocation)
        .addAllAllocation(rest)
        .addSlack(0)
        .addAllSlack(rest)
        .addDemand(allocation)
        .addAllDemand(rest)
        .addEntitlement(entitlement)
        .addAllEntitlement(rest)
        .setUpdatedAt(7)
        .build();
  }
}
