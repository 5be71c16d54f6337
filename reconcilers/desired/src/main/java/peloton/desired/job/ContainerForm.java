package peloton.desired.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ContainerInfo.DockerInfo;
import org.apache.mesos.v1.Protos.Image;
import org.apache.mesos.v1.Protos.Parameter;
import org.apache.mesos.v1.Protos.Volume;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.VolumeMount;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ContainerType;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.NetworkSpec;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;

/**
 * The two ways in which a container names its image and volumes: a Mesos container, or its parts.
 */
final class ContainerForm {
  private ContainerForm() {}

  /**
   * The Mesos container that the parts describe; none unless the pod says whether Docker or Mesos
   * is to run it, in which case an image is not used.
   */
  static Optional<ContainerInfo> fromParts(
      String image, List<VolumeMount> mounts, List<VolumeSpec> volumes, Apachemesos.PodSpec mesos) {
    ContainerInfo.Builder container = ContainerInfo.newBuilder();
    if (mesos.getType() == ContainerType.CONTAINER_TYPE_DOCKER) {
      docker(container, image, mesos);
    } else if (mesos.getType() == ContainerType.CONTAINER_TYPE_MESOS) {
      container.setType(ContainerInfo.Type.MESOS);
      if (!image.isEmpty()) {
        container
            .getMesosBuilder()
            .getImageBuilder()
            .setType(Image.Type.DOCKER)
            .setCached(true)
            .getDockerBuilder()
            .setName(image);
      }
    } else {
      return Optional.empty();
    }
    for (VolumeMount mount : mounts) {
      volume(mount.getName(), volumes, container.getType())
          .ifPresent(
              volume ->
                  container.addVolumes(
                      volume.toBuilder()
                          .setContainerPath(mount.getMountPath())
                          .setMode(mount.getReadOnly() ? Volume.Mode.RO : Volume.Mode.RW)));
    }
    return Optional.of(container.build());
  }

  /**
   * Says in parts what the Mesos container says. Of volumes, host paths have parts, each by its
   * path, and empty folders of the pod.
   */
  static void toParts(
      ContainerInfo info,
      ContainerSpec.Builder container,
      PodSpec.Builder pod,
      Apachemesos.PodSpec.Builder mesos) {
    container.setImage(image(info)).clearVolumeMounts();
    for (Volume volume : info.getVolumesList()) {
      name(volume)
          .ifPresent(
              name -> {
                container
                    .addVolumeMountsBuilder()
                    .setName(name)
                    .setMountPath(volume.getContainerPath())
                    .setReadOnly(volume.getMode() == Volume.Mode.RO);
                declare(volume, name, pod);
              });
    }
    if (info.getType() == ContainerInfo.Type.MESOS) {
      mesos.setType(ContainerType.CONTAINER_TYPE_MESOS);
    } else {
      mesos.setType(ContainerType.CONTAINER_TYPE_DOCKER).clearDockerParameters();
      for (Parameter parameter : info.getDocker().getParametersList()) {
        mesos
            .addDockerParametersBuilder()
            .setKey(parameter.getKey())
            .setValue(parameter.getValue());
      }
      mesos.setNetworkSpec(network(info));
    }
  }

  /** The image's name, empty if there is none. */
  static String image(ContainerInfo info) {
    return info.getType() == ContainerInfo.Type.DOCKER
        ? info.getDocker().getImage()
        : info.getMesos().getImage().getDocker().getName();
  }

  private static void docker(
      ContainerInfo.Builder container, String image, Apachemesos.PodSpec mesos) {
    container.setType(ContainerInfo.Type.DOCKER);
    DockerInfo.Builder docker = container.getDockerBuilder().setImage(image);
    NetworkSpec network = mesos.getNetworkSpec();
    docker.setNetwork(
        mesos.hasNetworkSpec() ? network(network.getType()) : DockerInfo.Network.HOST);
    if (network.getType() == NetworkSpec.NetworkType.NETWORK_TYPE_USER
        && !network.getName().isEmpty()) {
      container.addNetworkInfosBuilder().setName(network.getName());
    }
    for (Apachemesos.PodSpec.DockerParameter parameter : mesos.getDockerParametersList()) {
      docker.addParametersBuilder().setKey(parameter.getKey()).setValue(parameter.getValue());
    }
  }

  private static DockerInfo.Network network(NetworkSpec.NetworkType type) {
    return switch (type) {
      case NETWORK_TYPE_HOST -> DockerInfo.Network.HOST;
      case NETWORK_TYPE_BRIDGE -> DockerInfo.Network.BRIDGE;
      case NETWORK_TYPE_USER -> DockerInfo.Network.USER;
      case NETWORK_TYPE_NONE, NETWORK_TYPE_INVALID, UNRECOGNIZED -> DockerInfo.Network.NONE;
    };
  }

  private static NetworkSpec network(ContainerInfo info) {
    NetworkSpec.Builder network =
        NetworkSpec.newBuilder()
            .setType(
                switch (info.getDocker().getNetwork()) {
                  case HOST -> NetworkSpec.NetworkType.NETWORK_TYPE_HOST;
                  case BRIDGE -> NetworkSpec.NetworkType.NETWORK_TYPE_BRIDGE;
                  case USER -> NetworkSpec.NetworkType.NETWORK_TYPE_USER;
                  case NONE -> NetworkSpec.NetworkType.NETWORK_TYPE_NONE;
                });
    if (network.getType() == NetworkSpec.NetworkType.NETWORK_TYPE_USER
        && info.getNetworkInfosCount() > 0) {
      network.setName(info.getNetworkInfos(0).getName());
    }
    return network.build();
  }

  /** Whether a Mesos volume can be said in parts, too. */
  static boolean hasParts(Volume volume) {
    return name(volume).isPresent();
  }

  /** The name that a volume has in parts: of an empty folder its own, of a host path the path. */
  private static Optional<String> name(Volume volume) {
    return PodVolumes.nameOf(volume)
        .or(() -> volume.hasHostPath() ? Optional.of(volume.getHostPath()) : Optional.empty());
  }

  private static void declare(Volume volume, String name, PodSpec.Builder pod) {
    VolumeSpec.VolumeType type =
        PodVolumes.nameOf(volume).isPresent()
            ? VolumeSpec.VolumeType.VOLUME_TYPE_EMPTY_DIR
            : VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH;
    boolean declared =
        pod.getVolumesList().stream()
            .anyMatch(other -> other.getType() == type && other.getName().equals(name));
    if (declared) {
      return;
    }
    VolumeSpec.Builder declaration = pod.addVolumesBuilder().setName(name).setType(type);
    if (type == VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH) {
      declaration.getHostPathBuilder().setPath(name);
    }
  }

  /** The volume of this name as Mesos mounts it, but for where; empty if there is none. */
  private static Optional<Volume> volume(
      String name, List<VolumeSpec> volumes, ContainerInfo.Type type) {
    return volumes.stream()
        .filter(volume -> volume.getName().equals(name))
        .flatMap(
            volume ->
                switch (volume.getType()) {
                  case VOLUME_TYPE_HOST_PATH ->
                      Stream.of(
                          Volume.newBuilder()
                              .setHostPath(volume.getHostPath().getPath())
                              .buildPartial());
                  case VOLUME_TYPE_EMPTY_DIR -> Stream.of(PodVolumes.emptyDir(name, type));
                  default -> Stream.empty();
                })
        .findFirst();
  }
}
