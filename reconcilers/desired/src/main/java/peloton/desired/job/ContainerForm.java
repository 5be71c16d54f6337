package peloton.desired.job;

import java.util.List;
import java.util.Optional;
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
      hostPath(mount.getName(), volumes)
          .ifPresent(
              path ->
                  container
                      .addVolumesBuilder()
                      .setHostPath(path)
                      .setContainerPath(mount.getMountPath())
                      .setMode(mount.getReadOnly() ? Volume.Mode.RO : Volume.Mode.RW));
    }
    return Optional.of(container.build());
  }

  /**
   * Says in parts what the Mesos container says. Only volumes that are host paths have parts; each
   * goes by its path.
   */
  static void toParts(
      ContainerInfo info,
      ContainerSpec.Builder container,
      PodSpec.Builder pod,
      Apachemesos.PodSpec.Builder mesos) {
    container.setImage(image(info)).clearVolumeMounts();
    List<VolumeSpec> others =
        pod.getVolumesList().stream()
            .filter(volume -> volume.getType() != VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH)
            .toList();
    pod.clearVolumes().addAllVolumes(others);
    for (Volume volume : info.getVolumesList()) {
      if (volume.hasHostPath()) {
        container
            .addVolumeMountsBuilder()
            .setName(volume.getHostPath())
            .setMountPath(volume.getContainerPath())
            .setReadOnly(volume.getMode() == Volume.Mode.RO);
        declare(volume.getHostPath(), pod);
      }
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

  private static void declare(String path, PodSpec.Builder pod) {
    boolean declared =
        pod.getVolumesList().stream()
            .anyMatch(
                volume ->
                    volume.getType() == VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH
                        && volume.getName().equals(path));
    if (!declared) {
      VolumeSpec.Builder volume = pod.addVolumesBuilder();
      volume.setName(path).setType(VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH);
      volume.getHostPathBuilder().setPath(path);
    }
  }

  private static Optional<String> hostPath(String name, List<VolumeSpec> volumes) {
    return volumes.stream()
        .filter(volume -> volume.getName().equals(name))
        .filter(volume -> volume.getType() == VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH)
        .map(volume -> volume.getHostPath().getPath())
        .findFirst();
  }
}
