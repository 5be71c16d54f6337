package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.host.Host.HostInfo;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.api.v1alpha.host.svc.HostServiceGrpc;
import peloton.api.v1alpha.host.svc.HostServiceGrpc.HostServiceBlockingStub;
import peloton.api.v1alpha.host.svc.HostSvc.CreateHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.ListHostPoolsRequest;
import peloton.api.v1alpha.host.svc.HostSvc.QueryHostsRequest;
import peloton.api.v1alpha.host.svc.HostSvc.StartMaintenanceRequest;
import peloton.operator.TestCluster;
import peloton.records.HostRecord;
import peloton.store.view.RecordKey;

class HostServiceTest {
  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final HostServiceBlockingStub stub = HostServiceGrpc.newBlockingStub(api.channel());

  @BeforeEach
  void hosts() {
    put("a", true, HostState.HOST_STATE_UP);
    put("b", false, HostState.HOST_STATE_DOWN);
    put("gone", false, HostState.HOST_STATE_UP);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void hostsAreShownWithStateGoalAndLabels() {
    List<HostInfo> hosts = query();

    assertThat(hosts).extracting(HostInfo::getHostname).containsExactly("a", "b");
    HostInfo a = hosts.get(0);
    assertThat(a.getIp()).isEqualTo("10.0.0.1");
    assertThat(a.getState()).isEqualTo(HostState.HOST_STATE_UP);
    assertThat(a.getGoalState()).isEqualTo(HostState.HOST_STATE_UP);
    assertThat(a.getLabelsList())
        .containsExactly(TestCluster.label("hostname", "a"), TestCluster.label("rack", "r1"));
  }

  @Test
  void onlyHostsInTheStatesThatAreAskedForMatch() {
    assertThat(query(HostState.HOST_STATE_DOWN)).extracting(HostInfo::getHostname).contains("b");
    assertThat(query(HostState.HOST_STATE_DRAINING)).isEmpty();
    assertThat(query(HostState.HOST_STATE_UNKNOWN)).isEmpty();
  }

  @Test
  void theGoalIsSeenAtOnce() {
    stub.startMaintenance(StartMaintenanceRequest.newBuilder().setHostname("a").build());

    assertThat(query().get(0).getGoalState()).isEqualTo(HostState.HOST_STATE_DOWN);
    assertThat(query().get(0).getState()).isEqualTo(HostState.HOST_STATE_UP);
  }

  @Test
  void poolsAreListedAndShownAsLabels() {
    stub.createHostPool(CreateHostPoolRequest.newBuilder().setName("gpu").build());

    assertThat(stub.listHostPools(ListHostPoolsRequest.getDefaultInstance()).getPoolsList())
        .extracting(pool -> pool.getName() + pool.getHostsList())
        .containsExactly("default[a, b, gone]", "gpu[]");
    assertThat(query().get(0).getLabelsList()).contains(TestCluster.label("host_pool", "default"));
  }

  private List<HostInfo> query(HostState... states) {
    return stub.queryHosts(QueryHostsRequest.newBuilder().addAllHostStates(List.of(states)).build())
        .getHostInfosList();
  }

  private void put(String name, boolean registered, HostState state) {
    cluster.write(
        new RecordKey.Host(name),
        HostRecord.newBuilder()
            .setIp("10.0.0.1")
            .setRegistered(registered)
            .setState(state)
            .addAttributes(TestCluster.label("rack", "r1"))
            .build());
  }
}
