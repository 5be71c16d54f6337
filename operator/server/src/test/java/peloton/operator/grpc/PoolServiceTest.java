package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.POOL;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;
import static peloton.operator.grpc.Statuses.assertFails;

import io.grpc.Status;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc.ResourcePoolServiceBlockingStub;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.api.v1alpha.respool.Respool.ResourcePoolPath;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.Respool.ResourceUsage;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.GetResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.GetResourcePoolResponse;
import peloton.api.v1alpha.respool.RespoolSvc.LookupResourcePoolIDRequest;
import peloton.api.v1alpha.respool.RespoolSvc.QueryResourcePoolsRequest;
import peloton.operator.TestCluster;
import peloton.store.view.RecordKey;

class PoolServiceTest {
  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final ResourcePoolServiceBlockingStub stub =
      ResourcePoolServiceGrpc.newBlockingStub(api.channel());

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void aPoolIsCreatedFoundListedAndDeleted() {
    ResourcePoolID id =
        stub.createResourcePool(
                CreateResourcePoolRequest.newBuilder()
                    .setSpec(ResourcePoolSpec.newBuilder().setName("compute").setParent(id(POOL)))
                    .build())
            .getRespoolId();

    assertThat(lookup("/infrastructure/compute")).isEqualTo(id.getValue());
    assertThat(lookup("/infrastructure/compute/")).isEqualTo(id.getValue());
    ResourcePoolInfo info = get(id.getValue()).getRespool();
    assertThat(info.getPath().getValue()).isEqualTo("/infrastructure/compute");
    assertThat(info.getParent()).isEqualTo(id(POOL));
    assertThat(info.getSpec().getResourcesList()).hasSize(4);
    assertThat(get(POOL).getRespool().getChildrenList()).containsExactly(id);
    assertThat(
            stub.queryResourcePools(QueryResourcePoolsRequest.getDefaultInstance())
                .getRespoolsList())
        .extracting(pool -> pool.getPath().getValue())
        .containsExactlyInAnyOrder("/", "/infrastructure", "/infrastructure/compute");

    stub.deleteResourcePool(DeleteResourcePoolRequest.newBuilder().setRespoolId(id).build());
    assertFails(() -> get(id.getValue()), Status.Code.NOT_FOUND, "respool_id", id.getValue());
  }

  @Test
  void theRootIsThereWithoutBeingWritten() {
    GetResourcePoolResponse response =
        stub.getResourcePool(
            GetResourcePoolRequest.newBuilder().setIncludeChildPools(true).build());

    assertThat(response.getRespool().getRespoolId().getValue()).isEqualTo("root");
    assertThat(response.getRespool().getPath().getValue()).isEqualTo("/");
    assertThat(response.getRespool().hasParent()).isFalse();
    assertThat(response.getChildRespoolsList())
        .extracting(pool -> pool.getSpec().getName())
        .containsExactly("infrastructure");
    assertThat(lookup("/")).isEqualTo("root");
  }

  @Test
  void pathsThatAreNoneOrLeadNowhereAreRefused() {
    assertFails(() -> lookup(""), Status.Code.INVALID_ARGUMENT, "path");
    assertFails(() -> lookup("infrastructure"), Status.Code.INVALID_ARGUMENT, "slash");
    assertFails(() -> lookup("/nowhere"), Status.Code.NOT_FOUND, "/nowhere");
  }

  @Test
  void usageAddsUpWhatPodsHoldUpToTheRoot() {
    cluster.createJob(
        JOB,
        spec(5)
            .putInstanceSpec(
                1,
                PodSpec.newBuilder()
                    .addContainers(
                        ContainerSpec.newBuilder()
                            .setResource(
                                peloton.api.v1alpha.pod.Pod.ResourceSpec.newBuilder()
                                    .setCpuLimit(4)))
                    .build())
            .build());
    cluster.createJob(
        OTHER,
        spec(1).setSla(SlaSpec.newBuilder().setRevocable(true).setPreemptible(true)).build());
    cluster.write(new RecordKey.Pod(JOB, 0), pod(1, PodState.POD_STATE_RUNNING).build());
    cluster.write(new RecordKey.Pod(JOB, 1), pod(1, PodState.POD_STATE_LAUNCHED).build());
    cluster.write(new RecordKey.Pod(JOB, 2), pod(1, PodState.POD_STATE_KILLED).build());
    cluster.write(new RecordKey.Pod(JOB, 3), pod(1, PodState.POD_STATE_PENDING).build());
    cluster.write(new RecordKey.Pod(OTHER, 0), pod(1, PodState.POD_STATE_KILLING).build());

    for (String pool : new String[] {POOL, "root"}) {
      Map<String, ResourceUsage> usages =
          get(pool).getRespool().getUsagesList().stream()
              .collect(Collectors.toMap(ResourceUsage::getKind, usage -> usage));
      assertThat(usages).containsOnlyKeys("cpu", "gpu", "memory", "disk");
      assertThat(usages.get("cpu").getAllocation()).isCloseTo(4.5, within(1e-9));
      assertThat(usages.get("cpu").getSlack()).isCloseTo(0.5, within(1e-9));
      assertThat(usages.get("memory").getAllocation()).isCloseTo(64, within(1e-9));
      assertThat(usages.get("memory").getSlack()).isCloseTo(64, within(1e-9));
      assertThat(usages.get("disk").getAllocation()).isZero();
    }
  }

  private GetResourcePoolResponse get(String id) {
    return stub.getResourcePool(GetResourcePoolRequest.newBuilder().setRespoolId(id(id)).build());
  }

  private String lookup(String path) {
    return stub.lookupResourcePoolID(
            LookupResourcePoolIDRequest.newBuilder()
                .setPath(ResourcePoolPath.newBuilder().setValue(path))
                .build())
        .getRespoolId()
        .getValue();
  }

  private static ResourcePoolID id(String id) {
    return ResourcePoolID.newBuilder().setValue(id).build();
  }
}
