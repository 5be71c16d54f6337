package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.mesos.v1.Protos.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ContainerType;
import peloton.api.v1alpha.volume.Volume.VolumeSpec.VolumeType;

/** Both forms of init containers, of several containers and of the volumes that they share. */
class GroupFormsTest {

  private static PodSpec.Builder pod(ContainerType type) {
    PodSpec.Builder pod = PodSpec.newBuilder();
    pod.getMesosSpecBuilder().setShell(true).setType(type);
    pod.addVolumesBuilder().setName("scratch").setType(VolumeType.VOLUME_TYPE_EMPTY_DIR);
    pod.addVolumesBuilder()
        .setName("logs")
        .setType(VolumeType.VOLUME_TYPE_HOST_PATH)
        .getHostPathBuilder()
        .setPath("/var/log");
    pod.addContainers(container("web", "scratch", "/scratch"));
    pod.addContainers(container("log", "logs", "/logs"));
    pod.addInitContainers(container("prepare", "scratch", "/out"));
    return pod;
  }

  private static ContainerSpec container(String name, String volume, String path) {
    ContainerSpec.Builder container = ContainerSpec.newBuilder().setName(name).setImage("img");
    container.getEntrypointBuilder().setValue("run " + name);
    container.addEnvironmentBuilder().setName("A").setValue(name);
    container.addVolumeMountsBuilder().setName(volume).setMountPath(path);
    return container.build();
  }

  private static PodSpec effective(PodSpec.Builder pod) {
    return EffectivePodSpec.of(
        JobSpec.newBuilder().setInstanceCount(1).setDefaultSpec(pod).build(), 0);
  }

  @Test
  void everyContainerHasItsMesosForm() {
    PodSpec pod = effective(pod(ContainerType.CONTAINER_TYPE_MESOS));
    assertThat(pod.getContainers(1).getCommand().getValue()).isEqualTo("run log");
    ContainerSpec init = pod.getInitContainers(0);
    assertThat(init.getCommand().getValue()).isEqualTo("run prepare");
    assertThat(init.getCommand().getShell()).isTrue();
    assertThat(init.getCommand().getEnvironment().getVariables(0).getValue()).isEqualTo("prepare");
    assertThat(init.getContainer().getMesos().getImage().getDocker().getName()).isEqualTo("img");
    assertThat(init.getContainer().getVolumes(0).getContainerPath()).isEqualTo("/out");
  }

  @Test
  void anEmptyFolderIsSharedByTheContainersOfAPod() {
    PodSpec pod = effective(pod(ContainerType.CONTAINER_TYPE_MESOS));
    assertThat(source(pod.getContainers(0)).getType())
        .isEqualTo(Volume.Source.SandboxPath.Type.SELF);
    PodSpec shared = PodVolumes.shared(pod);
    assertThat(source(shared.getContainers(0)).getType())
        .isEqualTo(Volume.Source.SandboxPath.Type.PARENT);
    assertThat(source(shared.getContainers(0)).getPath())
        .isEqualTo(source(shared.getInitContainers(0)).getPath());

    PodSpec single =
        effective(
            pod(ContainerType.CONTAINER_TYPE_MESOS).clearInitContainers().removeContainers(1));
    assertThat(PodVolumes.shared(single)).isEqualTo(single);
  }

  @Test
  void dockerTakesAnEmptyFolderForAPathInTheSandbox() {
    PodSpec pod =
        effective(
            pod(ContainerType.CONTAINER_TYPE_DOCKER).clearInitContainers().removeContainers(1));
    assertThat(pod.getContainers(0).getContainer().getVolumes(0).getHostPath())
        .isEqualTo("volumes/scratch");
  }

  @ParameterizedTest
  @EnumSource(
      value = ContainerType.class,
      names = {"CONTAINER_TYPE_MESOS", "CONTAINER_TYPE_DOCKER"})
  void whatIsReadMeansTheSameWhenItIsWrittenBack(ContainerType type) {
    PodSpec once = effective(pod(type));
    assertThat(once.getVolumesList())
        .extracting(volume -> volume.getName() + " " + volume.getType())
        .containsExactlyInAnyOrder(
            "scratch VOLUME_TYPE_EMPTY_DIR", "/var/log VOLUME_TYPE_HOST_PATH");
    assertThat(once.getContainers(0).getVolumeMounts(0).getName()).isEqualTo("scratch");
    assertThat(once.getInitContainers(0).getVolumeMounts(0).getMountPath()).isEqualTo("/out");
    assertThat(effective(once.toBuilder())).isEqualTo(once);

    ContainerSpec.Builder parts = once.getInitContainers(0).toBuilder();
    parts.clearContainer().clearCommand();
    assertThat(effective(once.toBuilder().setInitContainers(0, parts))).isEqualTo(once);
  }

  @Test
  void anInstancesOwnInitContainersReplaceTheDefaultsAndUseItsSettings() {
    PodSpec.Builder own = PodSpec.newBuilder();
    ContainerSpec.Builder init = own.addInitContainersBuilder().setName("own").setImage("other");
    init.getEntrypointBuilder().setValue("own");
    JobSpec job =
        JobSpec.newBuilder()
            .setInstanceCount(2)
            .setDefaultSpec(pod(ContainerType.CONTAINER_TYPE_MESOS))
            .putInstanceSpec(1, own.build())
            .build();
    PodSpec pod = EffectivePodSpec.of(job, 1);
    assertThat(pod.getInitContainersList()).hasSize(1);
    assertThat(pod.getInitContainers(0).getCommand().getValue()).isEqualTo("own");
    assertThat(pod.getInitContainers(0).getContainer().getMesos().getImage().getDocker().getName())
        .isEqualTo("other");
    assertThat(pod.getContainersList()).hasSize(2);
  }

  private static Volume.Source.SandboxPath source(ContainerSpec container) {
    return container.getContainer().getVolumes(0).getSource().getSandboxPath();
  }
}
