package peloton.desired.job;

import java.util.List;
import org.apache.mesos.v1.Protos.CommandInfo;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.Environment;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.VolumeMount;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;

/**
 * Lays an instance's own specification over the default, field by field: a field that is given
 * replaces the default's whole field, so labels are not merged and a resource that names only disk
 * has no CPU. The flags {@code controller} and {@code revocable} always come from the instance.
 *
 * <p>Where the replaced field alone would leave nothing to run, the rest of the default stays:
 * environment variables without a command keep the default's command, volume mounts without an
 * image keep the default's image.
 */
final class Overlay {
  private Overlay() {}

  /**
   * @param base the default as it was given
   * @param filled the default with both forms filled
   * @param own what the instance says for itself
   * @return the pod, with the Mesos forms valid and their parts not yet brought in line
   */
  static PodSpec lay(PodSpec base, PodSpec filled, PodSpec own) {
    PodSpec.Builder pod = filled.toBuilder();
    if (own.getLabelsCount() > 0) {
      pod.clearLabels().addAllLabels(own.getLabelsList());
    }
    if (own.getInitContainersCount() > 0) {
      pod.clearInitContainers().addAllInitContainers(own.getInitContainersList());
    }
    if (own.hasConstraint()) {
      pod.setConstraint(own.getConstraint());
    }
    if (own.hasRestartPolicy()) {
      pod.setRestartPolicy(own.getRestartPolicy());
    }
    if (own.hasVolume()) {
      pod.setVolume(own.getVolume());
    }
    if (own.hasPreemptionPolicy()) {
      pod.setPreemptionPolicy(own.getPreemptionPolicy());
    }
    if (own.getKillGracePeriodSeconds() != 0) {
      pod.setKillGracePeriodSeconds(own.getKillGracePeriodSeconds());
    }
    if (own.getHostPortsCount() > 0) {
      pod.clearHostPorts().addAllHostPorts(own.getHostPortsList());
    }
    if (own.hasMesosSpec()) {
      pod.setMesosSpec(own.getMesosSpec());
    }
    pod.setController(own.getController()).setRevocable(own.getRevocable());
    layContainers(base, pod, own);
    return pod.build();
  }

  private static void layContainers(PodSpec base, PodSpec.Builder pod, PodSpec own) {
    Apachemesos.PodSpec mesos = own.hasMesosSpec() ? own.getMesosSpec() : base.getMesosSpec();
    List<VolumeSpec> volumes =
        own.getVolumesCount() > 0 ? own.getVolumesList() : base.getVolumesList();
    for (int i = 0; i < own.getContainersCount(); i++) {
      ContainerSpec.Builder container =
          i < pod.getContainersCount() ? pod.getContainersBuilder(i) : pod.addContainersBuilder();
      layContainer(container, own.getContainers(i), volumes, mesos);
    }
    if (own.getMesosSpec().hasExecutorSpec() && pod.getContainersCount() > 0) {
      boolean given = own.getContainersCount() > 0 && own.getContainers(0).hasExecutor();
      if (!given) {
        ExecutorForm.fromParts(mesos).ifPresent(pod.getContainersBuilder(0)::setExecutor);
      }
    }
  }

  private static void layContainer(
      ContainerSpec.Builder container,
      ContainerSpec own,
      List<VolumeSpec> volumes,
      Apachemesos.PodSpec mesos) {
    if (!own.getName().isEmpty()) {
      container.setName(own.getName());
    }
    if (own.hasResource()) {
      container.setResource(own.getResource());
    }
    if (own.hasLivenessCheck()) {
      container.setLivenessCheck(own.getLivenessCheck());
    }
    if (own.hasReadinessCheck()) {
      container.setReadinessCheck(own.getReadinessCheck());
    }
    if (own.getPortsCount() > 0) {
      container.clearPorts().addAllPorts(own.getPortsList());
    }
    if (own.hasExecutor()) {
      container.setExecutor(own.getExecutor());
    }
    layCommand(container, own, mesos);
    layImage(container, own, volumes, mesos);
  }

  private static void layCommand(
      ContainerSpec.Builder container, ContainerSpec own, Apachemesos.PodSpec mesos) {
    List<Environment> environment = own.getEnvironmentList();
    if (own.hasCommand()) {
      container.setCommand(own.getCommand());
    } else if (own.hasEntrypoint()) {
      container.setCommand(CommandForm.fromParts(own.getEntrypoint(), environment, mesos));
    } else if (!environment.isEmpty()) {
      CommandInfo command =
          container.hasCommand()
              ? container.getCommand()
              : CommandForm.fromParts(own.getEntrypoint(), List.of(), mesos);
      container.setCommand(CommandForm.withEnvironment(command, environment));
    }
  }

  private static void layImage(
      ContainerSpec.Builder container,
      ContainerSpec own,
      List<VolumeSpec> volumes,
      Apachemesos.PodSpec mesos) {
    List<VolumeMount> mounts = own.getVolumeMountsList();
    if (own.hasContainer()) {
      container.setContainer(own.getContainer());
    } else if (!own.getImage().isEmpty() || !mounts.isEmpty()) {
      String image = own.getImage().isEmpty() ? container.getImage() : own.getImage();
      ContainerForm.fromParts(image, mounts, volumes, mesos)
          .ifPresentOrElse(container::setContainer, () -> container.setImage(image));
    }
  }
}
