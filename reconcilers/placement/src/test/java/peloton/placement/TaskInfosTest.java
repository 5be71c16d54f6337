package peloton.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.CheckInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.RLimitInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;
import peloton.api.ids.PodId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec.HealthCheckType;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;

class TaskInfosTest {
  private static final PodId ID = new PodId("11111111-2222-3333-4444-555555555555", 2, 3);

  @Test
  void saysThePodInMesosWords() {
    AgentOffers offers = new AgentOffers(offer("o1", 1.5, 31000, 31001), 0);
    offers.add(offer("o2", 1.5, 32000, 32000), 0);
    TaskInfos.Launch launch =
        TaskInfos.of(ID, job(), pod(2), "agent-1", "framework", offers.open());
    TaskInfo task = launch.tasks().get(0);

    assertThat(task.getTaskId().getValue()).isEqualTo(ID.toString());
    assertThat(task.getName()).isEqualTo(ID.job());
    assertThat(total(task, "cpus")).isEqualTo(2.0);
    assertThat(task.getResourcesList())
        .filteredOn(r -> r.getName().equals("cpus"))
        .extracting(r -> r.getAllocationInfo().getRole())
        .containsExactly("peloton", "peloton");
    assertThat(launch.ports()).containsEntry("http", 31000).containsEntry("admin", 8080);
    assertThat(task.getCommand().getEnvironment().getVariablesList())
        .extracting(Environment.Variable::getName, Environment.Variable::getValue)
        .contains(
            org.assertj.core.groups.Tuple.tuple("MINE", "1"),
            org.assertj.core.groups.Tuple.tuple("PELOTON_TASK_ID", ID.name().toString()),
            org.assertj.core.groups.Tuple.tuple("PELOTON_INSTANCE_ID", "2"),
            org.assertj.core.groups.Tuple.tuple("HTTP_PORT", "31000"),
            org.assertj.core.groups.Tuple.tuple("ADMIN_PORT", "8080"));
    assertThat(task.getKillPolicy().getGracePeriod().getNanoseconds()).isEqualTo(30_000_000_000L);
    assertThat(task.getLabels().getLabelsList())
        .extracting(org.apache.mesos.v1.Protos.Label::getKey)
        .contains("team", "peloton.job_name")
        .doesNotContain("peloton.fake");
    assertThat(task.hasHealthCheck()).isFalse();
  }

  @Test
  void checksAsTheReferenceSaysAndLeavesTheRestToMesos() {
    PodSpec.Builder pod = pod(1).toBuilder();
    pod.getContainersBuilder(0)
        .getLivenessCheckBuilder()
        .setEnabled(true)
        .setType(HealthCheckType.HEALTH_CHECK_TYPE_GRPC)
        .setMaxConsecutiveFailures(5)
        .getCommandCheckBuilder()
        .setCommand("grpc_health_probe");
    pod.getContainersBuilder(0)
        .getReadinessCheckBuilder()
        .setEnabled(true)
        .setType(HealthCheckType.HEALTH_CHECK_TYPE_HTTP)
        .setIntervalSecs(2)
        .getHttpCheckBuilder()
        .setPort(8080)
        .setPath("/ready");
    TaskInfo task = launch(pod.build());

    HealthCheck health = task.getHealthCheck();
    assertThat(health.getType()).isEqualTo(HealthCheck.Type.COMMAND);
    assertThat(health.getCommand().getValue()).isEqualTo("grpc_health_probe");
    assertThat(health.getConsecutiveFailures()).isEqualTo(5);
    assertThat(health.hasDelaySeconds()).isFalse();
    assertThat(health.hasIntervalSeconds()).isFalse();
    assertThat(health.getCommand().getEnvironment()).isEqualTo(task.getCommand().getEnvironment());
    assertThat(task.getCheck().getType()).isEqualTo(CheckInfo.Type.HTTP);
    assertThat(task.getCheck().getHttp().getPort()).isEqualTo(8080);
    assertThat(task.getCheck().getHttp().getPath()).isEqualTo("/ready");
    assertThat(task.getCheck().getIntervalSeconds()).isEqualTo(2);
    assertThat(task.getCheck().hasDelaySeconds()).isFalse();

    pod.getContainersBuilder(0)
        .getLivenessCheckBuilder()
        .getCommandCheckBuilder()
        .setUnshareEnvironments(true);
    assertThat(launch(pod.build()).getHealthCheck().getCommand().hasEnvironment()).isFalse();
    pod.getContainersBuilder(0).getLivenessCheckBuilder().setEnabled(false);
    assertThat(launch(pod.build()).hasHealthCheck()).isFalse();
  }

  @Test
  void aCustomExecutorIsToldTheCommandAndTheTaskHasNone() {
    PodSpec.Builder pod = pod(1).toBuilder();
    ExecutorInfo.Builder executor = pod.getContainersBuilder(0).getExecutorBuilder();
    executor.setType(ExecutorInfo.Type.CUSTOM).setData(ByteString.copyFromUtf8("thermos.json"));
    executor.getExecutorIdBuilder().setValue("any");
    executor.addResources(scalar("cpus", 1));
    pod.getContainersBuilder(0)
        .getContainerBuilder()
        .setType(ContainerInfo.Type.MESOS)
        .setHostname("inside");
    TaskInfo task = launch(pod.build());

    assertThat(task.hasCommand()).isFalse();
    assertThat(task.hasContainer()).isFalse();
    assertThat(task.getData().toStringUtf8()).isEqualTo("thermos.json");
    assertThat(task.getExecutor().getExecutorId().getValue()).isEqualTo("thermos-" + ID);
    assertThat(TaskInfos.executorId(ID, pod.build())).isEqualTo("thermos-" + ID);
    assertThat(task.getExecutor().getName()).isEqualTo("AuroraExecutor");
    assertThat(task.getExecutor().getResourcesList()).isEmpty();
    assertThat(task.getExecutor().getContainer().getHostname()).isEqualTo("inside");
    assertThat(task.getExecutor().getCommand().getValue()).isEqualTo("serve");
    assertThat(task.getExecutor().getCommand().getEnvironment().getVariablesList())
        .extracting(Environment.Variable::getName)
        .contains("PELOTON_JOB_ID", "HTTP_PORT");
  }

  @Test
  void boundsTheFilesThatAContainerMayHaveOpen() {
    PodSpec.Builder pod = pod(1).toBuilder();
    pod.getContainersBuilder(0).getResourceBuilder().setFdLimit(1024);
    ContainerInfo mesos = launch(pod.build()).getContainer();
    assertThat(mesos.getType()).isEqualTo(ContainerInfo.Type.MESOS);
    assertThat(mesos.getRlimitInfo().getRlimits(0).getType())
        .isEqualTo(RLimitInfo.RLimit.Type.RLMT_NOFILE);
    assertThat(mesos.getRlimitInfo().getRlimits(0).getSoft()).isEqualTo(1024);
    assertThat(mesos.getRlimitInfo().getRlimits(0).getHard()).isEqualTo(1024);

    pod.getContainersBuilder(0)
        .getContainerBuilder()
        .setType(ContainerInfo.Type.DOCKER)
        .getDockerBuilder()
        .setImage("web");
    ContainerInfo docker = launch(pod.build()).getContainer();
    assertThat(docker.hasRlimitInfo()).isFalse();
    assertThat(docker.getDocker().getParameters(0).getKey()).isEqualTo("ulimit");
    assertThat(docker.getDocker().getParameters(0).getValue()).isEqualTo("nofile=1024:1024");
  }

  private static TaskInfo launch(PodSpec pod) {
    AgentOffers.Purse purse = new AgentOffers(offer("o1", 4, 31000, 31001), 0).open();
    return TaskInfos.of(ID, job(), pod, "agent-1", "framework", purse).tasks().get(0);
  }

  @Test
  void paysFromWhatIsLeft() {
    AgentOffers.Purse purse = new AgentOffers(offer("o1", 4, 31000, 31001), 0).open();
    TaskInfos.of(ID, job(), pod(1), "agent-1", "framework", purse);
    TaskInfos.Launch second = TaskInfos.of(ID, job(), pod(1), "agent-1", "framework", purse);
    assertThat(second.ports()).containsEntry("http", 31001);
    assertThat(purse.available("cpus", false)).isEqualTo(2_000);
    assertThat(purse.ports()).isZero();
  }

  @Test
  void leavesSpecialResourcesAlone() {
    Offer offer =
        offer("o1", 4, 31000, 31001).toBuilder()
            .addResources(
                scalar("cpus", 8).setRevocable(Resource.RevocableInfo.getDefaultInstance()))
            .build();
    assertThat(new AgentOffers(offer, 0).open().available("cpus", false)).isEqualTo(4_000);
  }

  @Test
  void revocablePodsTakeRevocableCpusAndNothingElseOfTheKind() {
    Offer offer =
        offer("o1", 4, 31000, 31001).toBuilder()
            .addResources(
                scalar("cpus", 8).setRevocable(Resource.RevocableInfo.getDefaultInstance()))
            .addResources(
                scalar("mem", 4096).setRevocable(Resource.RevocableInfo.getDefaultInstance()))
            .build();
    AgentOffers offers = new AgentOffers(offer, 0);
    assertThat(offers.capacity()).isEqualTo(new Capacity(4_000, 512_000, 0, 0, 2, 8_000));
    TaskInfo task =
        TaskInfos.of(
                ID,
                job(),
                pod(5).toBuilder().setRevocable(true).build(),
                "agent-1",
                "framework",
                offers.open())
            .tasks()
            .get(0);
    assertThat(task.getResourcesList())
        .filteredOn(resource -> resource.getName().equals("cpus"))
        .allMatch(Resource::hasRevocable);
    assertThat(task.getResourcesList())
        .filteredOn(resource -> resource.getName().equals("mem"))
        .noneMatch(Resource::hasRevocable);
    assertThat(total(task, "cpus")).isEqualTo(5.0);
  }

  @Test
  void aFixedPortThatIsOfferedGoesToNobodyElse() {
    ContainerSpec.Builder container =
        ContainerSpec.newBuilder()
            .addPorts(PortSpec.newBuilder().setName("a").setEnvName("A"))
            .addPorts(PortSpec.newBuilder().setName("fixed").setValue(31000).setEnvName("FIXED"))
            .addPorts(PortSpec.newBuilder().setName("b").setEnvName("B"));
    AgentOffers.Purse purse = new AgentOffers(offer("o1", 4, 31000, 31003), 0).open();
    TaskInfos.Launch launch =
        TaskInfos.of(
            ID,
            job(),
            PodSpec.newBuilder().addContainers(container).build(),
            "agent-1",
            "framework",
            purse);
    assertThat(launch.ports())
        .containsEntry("fixed", 31000)
        .containsEntry("a", 31001)
        .containsEntry("b", 31002);
    assertThat(launch.tasks().get(0).getResourcesList())
        .filteredOn(resource -> resource.getName().equals("ports"))
        .extracting(resource -> resource.getRanges().getRange(0).getBegin())
        .containsExactly(31000L, 31001L, 31002L);
    assertThat(purse.ports()).isEqualTo(1);
  }

  @Test
  void readsAttributesAsLabels() {
    Offer offer =
        offer("o1", 4, 31000, 31001).toBuilder()
            .addAttributes(
                attribute("zone", Value.Type.TEXT).setText(Value.Text.newBuilder().setValue("a")))
            .addAttributes(
                attribute("ghz", Value.Type.SCALAR)
                    .setScalar(Value.Scalar.newBuilder().setValue(2.5)))
            .addAttributes(
                attribute("disk", Value.Type.SET)
                    .setSet(Value.Set.newBuilder().addItem("ssd").addItem("hdd")))
            .addAttributes(
                attribute("range", Value.Type.RANGES).setRanges(Value.Ranges.getDefaultInstance()))
            .build();
    assertThat(new AgentOffers(offer, 0).labels())
        .containsExactly(
            new peloton.placement.Label("zone", "a"),
            new peloton.placement.Label("ghz", "2.500000"),
            new peloton.placement.Label("disk", "ssd"),
            new peloton.placement.Label("disk", "hdd"));
  }

  private static Attribute.Builder attribute(String name, Value.Type type) {
    return Attribute.newBuilder().setName(name).setType(type);
  }

  private static double total(TaskInfo task, String name) {
    return task.getResourcesList().stream()
        .filter(r -> r.getName().equals(name))
        .mapToDouble(r -> r.getScalar().getValue())
        .sum();
  }

  private static JobSpec job() {
    return JobSpec.newBuilder().setName("web").setOwningTeam("infra").build();
  }

  private static PodSpec pod(double cpus) {
    ContainerSpec.Builder container =
        ContainerSpec.newBuilder()
            .setResource(ResourceSpec.newBuilder().setCpuLimit(cpus).setMemLimitMb(64))
            .addPorts(PortSpec.newBuilder().setName("http").setEnvName("HTTP_PORT"))
            .addPorts(
                PortSpec.newBuilder().setName("admin").setValue(8080).setEnvName("ADMIN_PORT"));
    container
        .getCommandBuilder()
        .setValue("serve")
        .getEnvironmentBuilder()
        .addVariables(Environment.Variable.newBuilder().setName("MINE").setValue("1"));
    return PodSpec.newBuilder()
        .addContainers(container)
        .addAllLabels(
            List.of(
                Label.newBuilder().setKey("team").setValue("a").build(),
                Label.newBuilder().setKey("peloton.fake").setValue("b").build()))
        .build();
  }

  private static Offer offer(String id, double cpus, long firstPort, long lastPort) {
    return Offer.newBuilder()
        .setId(OfferID.newBuilder().setValue(id))
        .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
        .setAgentId(AgentID.newBuilder().setValue("agent-1"))
        .setHostname("host-1")
        .addResources(scalar("cpus", cpus))
        .addResources(scalar("mem", 512))
        .addResources(
            Resource.newBuilder()
                .setName("ports")
                .setType(Value.Type.RANGES)
                .setRanges(
                    Value.Ranges.newBuilder()
                        .addRange(Value.Range.newBuilder().setBegin(firstPort).setEnd(lastPort))))
        .build();
  }

  private static Resource.Builder scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("peloton"))
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }
}
