package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static peloton.desired.job.Specs.container;
import static peloton.desired.job.Specs.environment;
import static peloton.desired.job.Specs.job;
import static peloton.desired.job.Specs.label;
import static peloton.desired.job.Specs.pod;
import static peloton.desired.job.Specs.port;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.CommandSpec;
import peloton.api.v1alpha.pod.Pod.Constraint;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PreemptionPolicy;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.api.v1alpha.pod.Pod.RestartPolicy;
import peloton.api.v1alpha.pod.Pod.VolumeMount;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ContainerType;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.NetworkSpec.NetworkType;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;

class EffectivePodSpecTest {

  // ---- forms

  @Test
  void makesACommandOfItsParts() {
    PodSpec spec =
        pod(
            pod ->
                pod.getMesosSpecBuilder()
                    .addUrisBuilder()
                    .setValue("http://a/b.tgz")
                    .setExtract(true)
                    .setOutputFile("b"));

    CommandInfo command = effective(spec).getContainers(0).getCommand();

    assertThat(command.getShell()).isTrue();
    assertThat(command.getValue()).isEqualTo("serve");
    assertThat(command.getArgumentsList()).containsExactly("-v");
    assertThat(command.getEnvironment().getVariablesList())
        .extracting(v -> v.getName() + "=" + v.getValue())
        .containsExactly("COLOR=blue");
    assertThat(command.getUris(0).getValue()).isEqualTo("http://a/b.tgz");
    assertThat(command.getUris(0).getExtract()).isTrue();
    assertThat(command.getUris(0).getOutputFile()).isEqualTo("b");
  }

  @Test
  void runsWithoutAShellUnlessAskedTo() {
    PodSpec spec = pod(PodSpec.Builder::clearMesosSpec);

    assertThat(effective(spec).getContainers(0).getCommand().getShell()).isFalse();
  }

  @Test
  void takesAGivenCommandAsItIsAndShowsItsParts() {
    CommandInfo.Builder command = CommandInfo.newBuilder().setValue("other").addArguments("x");
    command.getEnvironmentBuilder().addVariablesBuilder().setName("A").setValue("1");
    command
        .getEnvironmentBuilder()
        .addVariablesBuilder()
        .setName("HIDDEN")
        .setType(Protos.Environment.Variable.Type.SECRET);

    PodSpec pod = effective(container(c -> c.setCommand(command)));

    ContainerSpec container = pod.getContainers(0);
    assertThat(container.getCommand()).isEqualTo(command.build());
    assertThat(container.getEntrypoint().getValue()).isEqualTo("other");
    assertThat(container.getEntrypoint().getArgumentsList()).containsExactly("x");
    assertThat(container.getEnvironmentList()).containsExactly(environment("A", "1"));
    assertThat(pod.getMesosSpec().getShell()).isTrue();
  }

  @Test
  void aCommandChangedInWhatWasReadBackTakesEffect() {
    JobSpec readBack = EffectivePodSpec.readable(job("pool"));
    JobSpec.Builder edited = readBack.toBuilder();
    edited.getDefaultSpecBuilder().getContainersBuilder(0).getCommandBuilder().setValue("edited");

    PodSpec pod = EffectivePodSpec.of(edited.build(), 0);

    assertThat(pod.getContainers(0).getCommand().getValue()).isEqualTo("edited");
    assertThat(pod.getContainers(0).getEntrypoint().getValue()).isEqualTo("edited");
  }

  @Test
  void anImageNeedsToKnowWhoRunsIt() {
    PodSpec pod = effective(container(c -> c.setImage("app:1")));

    assertThat(pod.getContainers(0).hasContainer()).isFalse();
    assertThat(pod.getContainers(0).getImage()).isEqualTo("app:1");
  }

  @Test
  void makesADockerContainerOfItsParts() {
    PodSpec pod = effective(docker());

    ContainerInfo info = pod.getContainers(0).getContainer();
    assertThat(info.getType()).isEqualTo(ContainerInfo.Type.DOCKER);
    assertThat(info.getDocker().getImage()).isEqualTo("app:1");
    assertThat(info.getDocker().getNetwork()).isEqualTo(ContainerInfo.DockerInfo.Network.HOST);
    assertThat(info.getDocker().getParameters(0).getKey()).isEqualTo("memory-swap");
    assertThat(info.getVolumesList()).hasSize(1);
    assertThat(info.getVolumes(0).getHostPath()).isEqualTo("/var/data");
    assertThat(info.getVolumes(0).getContainerPath()).isEqualTo("/data");
    assertThat(info.getVolumes(0).getMode()).isEqualTo(Protos.Volume.Mode.RO);
  }

  @Test
  void showsAContainersPartsWithItsVolumesNamedByTheirPaths() {
    PodSpec pod = effective(docker());

    assertThat(pod.getContainers(0).getImage()).isEqualTo("app:1");
    assertThat(pod.getContainers(0).getVolumeMounts(0).getName()).isEqualTo("/var/data");
    assertThat(pod.getVolumes(0).getName()).isEqualTo("/var/data");
    assertThat(pod.getVolumes(0).getHostPath().getPath()).isEqualTo("/var/data");
    assertThat(pod.getMesosSpec().getType()).isEqualTo(ContainerType.CONTAINER_TYPE_DOCKER);
    assertThat(pod.getMesosSpec().getNetworkSpec().getType())
        .isEqualTo(NetworkType.NETWORK_TYPE_HOST);
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        arguments(NetworkType.NETWORK_TYPE_INVALID, ContainerInfo.DockerInfo.Network.NONE),
        arguments(NetworkType.NETWORK_TYPE_NONE, ContainerInfo.DockerInfo.Network.NONE),
        arguments(NetworkType.NETWORK_TYPE_HOST, ContainerInfo.DockerInfo.Network.HOST),
        arguments(NetworkType.NETWORK_TYPE_BRIDGE, ContainerInfo.DockerInfo.Network.BRIDGE),
        arguments(NetworkType.NETWORK_TYPE_USER, ContainerInfo.DockerInfo.Network.USER));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void mapsTheNetwork(NetworkType given, ContainerInfo.DockerInfo.Network expected) {
    PodSpec.Builder spec = docker().toBuilder();
    spec.getMesosSpecBuilder().getNetworkSpecBuilder().setType(given).setName("overlay");

    ContainerInfo info = effective(spec.build()).getContainers(0).getContainer();

    assertThat(info.getDocker().getNetwork()).isEqualTo(expected);
    assertThat(info.getNetworkInfosList())
        .extracting(Protos.NetworkInfo::getName)
        .isEqualTo(given == NetworkType.NETWORK_TYPE_USER ? List.of("overlay") : List.of());
  }

  @Test
  void makesAMesosContainerOfItsParts() {
    PodSpec.Builder spec = docker().toBuilder();
    spec.getMesosSpecBuilder().setType(ContainerType.CONTAINER_TYPE_MESOS);

    ContainerInfo info = effective(spec.build()).getContainers(0).getContainer();

    assertThat(info.getType()).isEqualTo(ContainerInfo.Type.MESOS);
    assertThat(info.getMesos().getImage().getDocker().getName()).isEqualTo("app:1");
    assertThat(info.getMesos().getImage().getCached()).isTrue();
    assertThat(info.getVolumesList()).hasSize(1);
  }

  @Test
  void makesAnExecutorOfItsPartsAndBack() {
    PodSpec.Builder spec = pod().toBuilder();
    spec.getMesosSpecBuilder()
        .getExecutorSpecBuilder()
        .setType(Apachemesos.PodSpec.ExecutorSpec.ExecutorType.EXECUTOR_TYPE_CUSTOM)
        .setExecutorId("e")
        .setData(ByteString.copyFromUtf8("data"))
        .getResourcesBuilder()
        .setCpu(0.5)
        .setMemMb(32);

    PodSpec pod = effective(spec.build());

    Protos.ExecutorInfo executor = pod.getContainers(0).getExecutor();
    assertThat(executor.getType()).isEqualTo(Protos.ExecutorInfo.Type.CUSTOM);
    assertThat(executor.getExecutorId().getValue()).isEqualTo("e");
    assertThat(executor.getData().toStringUtf8()).isEqualTo("data");
    assertThat(executor.getResourcesList())
        .extracting(r -> r.getName() + "=" + r.getScalar().getValue())
        .containsExactly("cpus=0.5", "mem=32.0");
    assertThat(pod.getMesosSpec().getExecutorSpec())
        .isEqualTo(spec.getMesosSpec().getExecutorSpec());
  }

  static Stream<PodSpec> podsInManyForms() {
    return Stream.of(
        pod(),
        pod(PodSpec.Builder::clearMesosSpec),
        container(c -> c.setCommand(CommandInfo.newBuilder().setValue("x"))),
        container(c -> c.clearEntrypoint()),
        container(c -> c.clearEntrypoint().clearEnvironment()),
        container(c -> c.setImage("app:1")),
        docker(),
        docker().toBuilder().setMesosSpec(mesos(ContainerType.CONTAINER_TYPE_MESOS)).build(),
        PodSpec.getDefaultInstance());
  }

  @ParameterizedTest
  @MethodSource("podsInManyForms")
  void whatIsReadBackReadsBackTheSame(PodSpec spec) {
    PodSpec once = effective(spec);

    assertThat(effective(once)).isEqualTo(once);
    assertThat(EffectivePodSpec.samePod(spec, once)).isTrue();
  }

  // ---- overlay

  @Test
  void anInstanceThatSaysNothingIsTheDefault() {
    JobSpec spec = job(job -> job.putInstanceSpec(1, pod(p -> p.setKillGracePeriodSeconds(9))));

    assertThat(EffectivePodSpec.of(spec, 0)).isEqualTo(effective(pod()));
    assertThat(EffectivePodSpec.of(spec, 1).getKillGracePeriodSeconds()).isEqualTo(9);
  }

  static Stream<Arguments> overlays() {
    return Stream.of(
        overlay(
            "labels are replaced, not merged",
            own -> own.addLabels(label("tier", "back")),
            pod -> pod.clearLabels().addLabels(label("tier", "back"))),
        overlay(
            "a constraint",
            own ->
                own.setConstraint(
                    Constraint.newBuilder().setType(Constraint.Type.CONSTRAINT_TYPE_AND)),
            pod ->
                pod.setConstraint(
                    Constraint.newBuilder().setType(Constraint.Type.CONSTRAINT_TYPE_AND))),
        overlay(
            "a restart policy",
            own -> own.setRestartPolicy(RestartPolicy.newBuilder().setMaxFailures(3)),
            pod -> pod.setRestartPolicy(RestartPolicy.newBuilder().setMaxFailures(3))),
        overlay(
            "a preemption policy",
            own -> own.setPreemptionPolicy(PreemptionPolicy.getDefaultInstance()),
            pod -> pod.setPreemptionPolicy(PreemptionPolicy.getDefaultInstance())),
        overlay(
            "a grace period",
            own -> own.setKillGracePeriodSeconds(5),
            pod -> pod.setKillGracePeriodSeconds(5)),
        overlay(
            "being a controller", own -> own.setController(true), pod -> pod.setController(true)),
        overlay(
            "host ports",
            own -> own.addHostPorts(port("h", "H")),
            pod -> pod.addHostPorts(port("h", "H"))),
        overlay(
            "a container's name",
            own -> own.addContainersBuilder().setName("own"),
            pod -> pod.getContainersBuilder(0).setName("own")),
        overlay(
            "a resource alone zeroes the others",
            own ->
                own.addContainersBuilder()
                    .setResource(ResourceSpec.newBuilder().setDiskLimitMb(20)),
            pod ->
                pod.getContainersBuilder(0)
                    .setResource(ResourceSpec.newBuilder().setDiskLimitMb(20))),
        overlay(
            "ports",
            own -> own.addContainersBuilder().addPorts(port("grpc", "GRPC_PORT")),
            pod -> pod.getContainersBuilder(0).clearPorts().addPorts(port("grpc", "GRPC_PORT"))),
        overlay(
            "a health check",
            own ->
                own.addContainersBuilder()
                    .setLivenessCheck(HealthCheckSpec.newBuilder().setEnabled(true)),
            pod ->
                pod.getContainersBuilder(0)
                    .setLivenessCheck(HealthCheckSpec.newBuilder().setEnabled(true))),
        overlay(
            "a command replaces the whole command",
            own ->
                own.addContainersBuilder()
                    .setCommand(CommandInfo.newBuilder().setValue("own").setShell(true)),
            pod ->
                pod.getContainersBuilder(0)
                    .setCommand(CommandInfo.newBuilder().setValue("own").setShell(true))),
        overlay(
            "an entrypoint replaces the whole command, in the default's way of running it",
            own ->
                own.addContainersBuilder().setEntrypoint(CommandSpec.newBuilder().setValue("own")),
            pod ->
                pod.getContainersBuilder(0)
                    .setCommand(CommandInfo.newBuilder().setValue("own").setShell(true))),
        overlay(
            "environment variables alone keep the command",
            own -> own.addContainersBuilder().addEnvironment(environment("COLOR", "red")),
            pod ->
                pod.getContainersBuilder(0)
                    .clearEnvironment()
                    .addEnvironment(environment("COLOR", "red"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("overlays")
  void whatAnInstanceSaysReplacesTheDefaultsField(String rule, PodSpec own, PodSpec expected) {
    JobSpec spec = job(job -> job.putInstanceSpec(2, own));

    assertThat(EffectivePodSpec.of(spec, 2)).isEqualTo(effective(expected));
  }

  @Test
  void flagsAlwaysComeFromTheInstance() {
    JobSpec spec =
        job(
            job ->
                job.setDefaultSpec(pod(p -> p.setController(true)))
                    .putInstanceSpec(1, PodSpec.getDefaultInstance()));

    assertThat(EffectivePodSpec.of(spec, 0).getController()).isTrue();
    assertThat(EffectivePodSpec.of(spec, 1).getController()).isFalse();
  }

  @Test
  void anImageReplacesTheContainerAndMountsAloneKeepTheImage() {
    PodSpec image =
        PodSpec.newBuilder().addContainers(ContainerSpec.newBuilder().setImage("app:2")).build();
    PodSpec mounts =
        PodSpec.newBuilder()
            .addContainers(
                ContainerSpec.newBuilder()
                    .addVolumeMounts(
                        VolumeMount.newBuilder().setName("data").setMountPath("/elsewhere")))
            .build();
    JobSpec spec =
        job(
            job ->
                job.setDefaultSpec(docker()).putInstanceSpec(0, image).putInstanceSpec(1, mounts));

    ContainerInfo first = EffectivePodSpec.of(spec, 0).getContainers(0).getContainer();
    assertThat(first.getDocker().getImage()).isEqualTo("app:2");
    assertThat(first.getVolumesList()).isEmpty();
    ContainerInfo second = EffectivePodSpec.of(spec, 1).getContainers(0).getContainer();
    assertThat(second.getDocker().getImage()).isEqualTo("app:1");
    assertThat(second.getVolumes(0).getContainerPath()).isEqualTo("/elsewhere");
    assertThat(second.getVolumes(0).getHostPath()).isEqualTo("/var/data");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("overlays")
  void aJobThatIsReadBackHasTheSamePods(String rule, PodSpec own, PodSpec expected) {
    JobSpec spec = job(job -> job.putInstanceSpec(2, own));

    JobSpec readBack = EffectivePodSpec.readable(spec);

    assertThat(EffectivePodSpec.of(readBack, 0)).isEqualTo(EffectivePodSpec.of(spec, 0));
    assertThat(EffectivePodSpec.of(readBack, 2)).isEqualTo(EffectivePodSpec.of(spec, 2));
    assertThat(EffectivePodSpec.readable(readBack)).isEqualTo(readBack);
  }

  @Test
  void anInstanceStandsAloneWithoutADefault() {
    JobSpec spec = job(job -> job.clearDefaultSpec().putInstanceSpec(0, pod()));

    assertThat(EffectivePodSpec.of(spec, 0)).isEqualTo(effective(pod()));
    assertThat(EffectivePodSpec.readable(spec).hasDefaultSpec()).isFalse();
  }

  @Test
  void theSlaSaysWhetherPodsAreRevocable() {
    JobSpec spec =
        job(
            job -> {
              job.getSlaBuilder().setPreemptible(true).setRevocable(true);
              job.putInstanceSpec(1, PodSpec.getDefaultInstance());
            });
    JobSpec not = job(job -> job.setDefaultSpec(pod(p -> p.setRevocable(true))));

    assertThat(EffectivePodSpec.of(spec, 0).getRevocable()).isTrue();
    assertThat(EffectivePodSpec.of(spec, 1).getRevocable()).isTrue();
    assertThat(EffectivePodSpec.of(not, 0).getRevocable()).isFalse();
  }

  // ---- comparison

  static Stream<Arguments> changes() {
    return Stream.of(
        arguments("nothing", pod(), true),
        arguments("the pod's name", pod(p -> p.getPodNameBuilder().setValue("n")), true),
        arguments("the container's name", container(c -> c.setName("other")), true),
        arguments(
            "the form of the command",
            container(
                c -> {
                  CommandInfo.Builder command =
                      CommandInfo.newBuilder().setValue("serve").addArguments("-v");
                  command
                      .getEnvironmentBuilder()
                      .addVariablesBuilder()
                      .setName("COLOR")
                      .setValue("blue")
                      .setType(Protos.Environment.Variable.Type.VALUE);
                  c.clearEntrypoint().clearEnvironment().setCommand(command);
                }),
            true),
        arguments("the command", container(c -> c.getEntrypointBuilder().setValue("other")), false),
        arguments("the shell", pod(p -> p.getMesosSpecBuilder().setShell(false)), false),
        arguments(
            "the environment", container(c -> c.addEnvironment(environment("A", "1"))), false),
        arguments("the resources", container(c -> c.getResourceBuilder().setCpuLimit(2)), false),
        arguments("a label", pod(p -> p.addLabels(label("a", "b"))), false),
        arguments("a port", container(c -> c.addPorts(port("grpc", "G"))), false),
        arguments("the grace period", pod(p -> p.setKillGracePeriodSeconds(1)), false),
        arguments("revocability", pod(p -> p.setRevocable(true)), false));
  }

  @ParameterizedTest(name = "{0}: same {2}")
  @MethodSource("changes")
  void tellsWhichChangesNeedANewPod(String what, PodSpec changed, boolean same) {
    assertThat(EffectivePodSpec.samePod(pod(), changed)).isEqualTo(same);
    assertThat(EffectivePodSpec.samePod(changed, pod())).isEqualTo(same);
  }

  @Test
  void theOrderOfLabelsAndPortsDoesNotCount() {
    PodSpec one =
        pod(
            p -> {
              p.addLabels(label("a", "1")).addLabels(label("a", "0"));
              p.getContainersBuilder(0).addPorts(port("b", "B")).addPorts(port("a", "A"));
            });
    PodSpec.Builder other = one.toBuilder().clearLabels();
    other.addLabels(one.getLabels(2)).addLabels(one.getLabels(0)).addLabels(one.getLabels(1));
    other.getContainersBuilder(0).clearPorts();
    for (int i : new int[] {1, 2, 0}) {
      other.getContainersBuilder(0).addPorts(one.getContainers(0).getPorts(i));
    }

    assertThat(EffectivePodSpec.samePod(one, other.build())).isTrue();
  }

  @Test
  void theOrderOfArgumentsCounts() {
    PodSpec ab = container(c -> c.getEntrypointBuilder().addArguments("a").addArguments("b"));
    PodSpec ba = container(c -> c.getEntrypointBuilder().addArguments("b").addArguments("a"));

    assertThat(EffectivePodSpec.samePod(ab, ba)).isFalse();
  }

  @Test
  void namesTheInstancesThatAChangeTouches() {
    JobSpec from =
        job(
            job ->
                job.setDefaultSpec(pod(p -> p.setKillGracePeriodSeconds(4)))
                    .putInstanceSpec(1, pod(p -> p.setKillGracePeriodSeconds(5)))
                    .putInstanceSpec(3, pod(p -> p.setKillGracePeriodSeconds(5))));
    JobSpec to =
        job(
            job ->
                job.setDefaultSpec(pod(p -> p.setKillGracePeriodSeconds(5)))
                    .putInstanceSpec(2, pod(p -> p.setKillGracePeriodSeconds(4))));

    IntPredicate differs = EffectivePods.difference(new EffectivePods(from), new EffectivePods(to));

    assertThat(List.of(0, 1, 2, 3, 4)).filteredOn(differs::test).containsExactly(0, 4);
  }

  @Test
  void instancesThatFollowTheDefaultShareOnePod() {
    EffectivePods pods =
        new EffectivePods(job(job -> job.putInstanceSpec(7, PodSpec.getDefaultInstance())));

    assertThat(pods.pod(0)).isSameAs(pods.pod(99_999)).isSameAs(pods.common());
    assertThat(pods.special()).containsExactly(7);
    assertThat(pods.pod(0)).isEqualTo(EffectivePodSpec.of(job("pool"), 0));
  }

  private static PodSpec effective(PodSpec spec) {
    return EffectivePodSpec.of(job(job -> job.setDefaultSpec(spec)), 0);
  }

  private static PodSpec docker() {
    return pod(
        pod -> {
          pod.setMesosSpec(mesos(ContainerType.CONTAINER_TYPE_DOCKER));
          pod.getContainersBuilder(0)
              .setImage("app:1")
              .addVolumeMountsBuilder()
              .setName("data")
              .setMountPath("/data")
              .setReadOnly(true);
          pod.addVolumesBuilder()
              .setName("data")
              .setType(VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH)
              .getHostPathBuilder()
              .setPath("/var/data");
        });
  }

  private static Apachemesos.PodSpec mesos(ContainerType type) {
    Apachemesos.PodSpec.Builder mesos = Apachemesos.PodSpec.newBuilder().setType(type);
    mesos.addDockerParametersBuilder().setKey("memory-swap").setValue("-1");
    return mesos.build();
  }

  private static Arguments overlay(
      String rule, Consumer<PodSpec.Builder> own, Consumer<PodSpec.Builder> expected) {
    PodSpec.Builder ownSpec = PodSpec.newBuilder();
    own.accept(ownSpec);
    return arguments(rule, ownSpec.build(), pod(expected));
  }
}
