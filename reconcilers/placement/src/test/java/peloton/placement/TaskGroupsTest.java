package peloton.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;
import peloton.api.ids.PodId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;

class TaskGroupsTest {
  private static final PodId ID = new PodId("11111111-2222-3333-4444-555555555555", 2, 3);

  @Test
  void eachContainerPaysForItselfAndTheExecutorForWhatItNeeds() {
    PodSpec pod = pod(List.of(), List.of(container("web", 1, 64), container("log", 0.5, 32)));
    AgentOffers.Purse purse = purse();
    TaskInfos.Launch launch = launch(pod, purse);

    ExecutorInfo executor = launch.executor().orElseThrow();
    assertThat(executor.getType()).isEqualTo(ExecutorInfo.Type.DEFAULT);
    assertThat(executor.getExecutorId().getValue()).isEqualTo(ID.toString());
    assertThat(executor.getFrameworkId().getValue()).isEqualTo("framework");
    assertThat(amounts(executor.getResourcesList()))
        .isEqualTo(Map.of("cpus", 0.1, "mem", 32.0, "disk", 10.0));
    assertThat(launch.tasks())
        .extracting(task -> task.getTaskId().getValue())
        .containsExactly(ID + ".main-0", ID + ".main-1");
    assertThat(amounts(launch.tasks().get(1).getResourcesList()))
        .isEqualTo(Map.of("cpus", 0.5, "mem", 32.0, "ports", 1.0));
    assertThat(Need.of(pod)).isEqualTo(new Need(1_600, 128_000, 10_000, 0, 2));
    assertThat(purse.available("cpus", false)).isEqualTo(4_000 - 1_600);
    assertThat(purse.ports()).isEqualTo(8);
  }

  @Test
  void aContainerThatAsksForNothingHasATokenSinceMesosInsistsOnSome() {
    PodSpec pod = pod(List.of(), List.of(container("web", 1, 64), bare("log")));
    assertThat(amounts(launch(pod, purse()).tasks().get(1).getResourcesList()))
        .isEqualTo(Map.of("cpus", 0.01));
  }

  @Test
  void withInitContainersTheExecutorHasWhatThePodNeedsAtItsWorstMoment() {
    PodSpec pod =
        pod(
            List.of(container("small", 0.5, 16), container("hungry", 0.5, 512)),
            List.of(container("web", 1, 64), container("log", 0.5, 32)));
    TaskInfos.Launch launch = launch(pod, purse());

    assertThat(amounts(launch.executor().orElseThrow().getResourcesList()))
        .isEqualTo(Map.of("cpus", 1.6, "mem", 544.0, "disk", 10.0, "ports", 2.0));
    assertThat(launch.tasks())
        .extracting(task -> task.getTaskId().getValue())
        .containsExactly(ID + ".holder", ID + ".init-0");
    assertThat(amounts(launch.tasks().get(0).getResourcesList())).isEqualTo(Map.of("cpus", 0.01));
    // As much as the containers that follow it, so that they fit into what it gives back.
    assertThat(amounts(launch.tasks().get(1).getResourcesList())).isEqualTo(Map.of("cpus", 0.02));
    assertThat(Need.of(pod)).isEqualTo(new Need(1_630, 544_000, 10_000, 0, 2));
    assertThat(Need.ofLaterStage(pod)).isEqualTo(new Need(20, 0, 0, 0, 0));
  }

  @Test
  void aLaterStageNamesTheSameExecutorAndTakesNoMoreThanTheOneBeforeIt() {
    PodSpec pod =
        pod(
            List.of(container("one", 0.5, 16), container("two", 0.5, 16)),
            List.of(container("web", 1, 64), container("log", 0.5, 32)));
    TaskInfos.Launch first = launch(pod, purse());
    ExecutorInfo executor = first.executor().orElseThrow();
    AgentOffers.Purse freed = new AgentOffers(offer(0.02), 0).open();
    TaskInfos.Launch second =
        TaskInfos.later(ID, job(), pod, "agent-1", 1, executor, first.ports(), freed);
    assertThat(second.executor()).contains(executor);
    assertThat(second.tasks())
        .extracting(task -> task.getTaskId().getValue())
        .containsExactly(ID + ".init-1");

    freed = new AgentOffers(offer(0.02), 0).open();
    TaskInfos.Launch last =
        TaskInfos.later(ID, job(), pod, "agent-1", 2, executor, first.ports(), freed);
    assertThat(last.tasks())
        .extracting(task -> task.getTaskId().getValue())
        .containsExactly(ID + ".main-0", ID + ".main-1");
    assertThat(freed.available("cpus", false)).isZero();
  }

  @Test
  void everyContainerIsToldThePortsOfAllAndAnnouncesItsOwn() {
    PodSpec pod =
        pod(List.of(bare("prepare")), List.of(container("web", 1, 64), container("log", 1, 64)));
    TaskInfos.Launch first = launch(pod, purse());
    TaskInfo init = first.tasks().get(1);
    assertThat(init.getCommand().getEnvironment().getVariablesList())
        .extracting(Environment.Variable::getName)
        .containsExactly(
            "PELOTON_JOB_ID", "PELOTON_INSTANCE_ID", "PELOTON_TASK_ID", "WEB_PORT", "LOG_PORT");
    assertThat(init.getDiscovery().hasPorts()).isFalse();
    TaskInfo log =
        TaskInfos.later(
                ID,
                job(),
                pod,
                "agent-1",
                1,
                first.executor().orElseThrow(),
                first.ports(),
                purse())
            .tasks()
            .get(1);
    assertThat(log.getDiscovery().getPorts().getPortsList())
        .extracting(port -> port.getName() + " " + port.getNumber())
        .containsExactly("log 31001");
  }

  private static TaskInfos.Launch launch(PodSpec pod, AgentOffers.Purse purse) {
    return TaskInfos.of(ID, job(), pod, "agent-1", "framework", purse);
  }

  private static JobSpec job() {
    return JobSpec.newBuilder().setName("web").build();
  }

  private static PodSpec pod(List<ContainerSpec> init, List<ContainerSpec> main) {
    PodSpec.Builder pod = PodSpec.newBuilder().addAllContainers(main);
    init.forEach(container -> pod.addInitContainers(container.toBuilder().clearPorts()));
    return pod.build();
  }

  private static ContainerSpec container(String name, double cpus, double memory) {
    ContainerSpec.Builder container = bare(name).toBuilder();
    container.getResourceBuilder().setCpuLimit(cpus).setMemLimitMb(memory);
    return container
        .addPorts(PortSpec.newBuilder().setName(name).setEnvName(name.toUpperCase() + "_PORT"))
        .build();
  }

  private static ContainerSpec bare(String name) {
    ContainerSpec.Builder container = ContainerSpec.newBuilder().setName(name);
    container.getCommandBuilder().setValue(name);
    return container.build();
  }

  private static Map<String, Double> amounts(List<Resource> resources) {
    return resources.stream()
        .collect(
            java.util.stream.Collectors.groupingBy(
                Resource::getName,
                java.util.stream.Collectors.summingDouble(
                    r ->
                        r.hasRanges() ? r.getRanges().getRangeCount() : r.getScalar().getValue())));
  }

  private static AgentOffers.Purse purse() {
    return new AgentOffers(
            offer(4).toBuilder()
                .addResources(scalar("mem", 2048))
                .addResources(scalar("disk", 1024))
                .addResources(
                    Resource.newBuilder()
                        .setName("ports")
                        .setType(Value.Type.RANGES)
                        .setRanges(
                            Value.Ranges.newBuilder()
                                .addRange(Value.Range.newBuilder().setBegin(31000).setEnd(31009))))
                .build(),
            0)
        .open();
  }

  private static Offer offer(double cpus) {
    return Offer.newBuilder()
        .setId(OfferID.newBuilder().setValue("o"))
        .setFrameworkId(FrameworkID.newBuilder().setValue("framework"))
        .setAgentId(AgentID.newBuilder().setValue("agent-1"))
        .setHostname("host-1")
        .addResources(scalar("cpus", cpus))
        .build();
  }

  private static Resource scalar(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount))
        .build();
  }
}
