package peloton.desired.job;

import static peloton.desired.Violation.invalid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.VolumeMount;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ContainerType;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;
import peloton.desired.Violation;

/** What the volumes of a pod and their mounts may say, in the words of the client. */
final class VolumeRules {
  private VolumeRules() {}

  /**
   * Checks one specification as it was given.
   *
   * @param below the default that it is laid over; nothing for the default itself
   */
  static void check(String path, PodSpec pod, PodSpec below, List<Violation> violations) {
    Map<String, VolumeSpec> volumes = new HashMap<>();
    below.getVolumesList().forEach(volume -> volumes.put(volume.getName(), volume));
    if (pod.getVolumesCount() > 0) {
      volumes.clear();
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < pod.getVolumesCount(); i++) {
      VolumeSpec volume = pod.getVolumes(i);
      checkVolume(path + ".volumes[" + i + "]", volume, violations);
      if (!names.add(volume.getName())) {
        violations.add(
            invalid(
                path + ".volumes[" + i + "].name",
                Violation.quote(volume.getName()) + " for a second volume",
                "names of volumes must differ in a pod"));
      }
      volumes.put(volume.getName(), volume);
    }
    PodSpec settings = pod.hasMesosSpec() ? pod : below;
    boolean mounts = settings.getMesosSpec().getType() != ContainerType.CONTAINER_TYPE_INVALID;
    List<ContainerSpec> containers = new ArrayList<>(pod.getInitContainersList());
    containers.addAll(pod.getContainersList());
    for (int i = 0; i < containers.size(); i++) {
      boolean init = i < pod.getInitContainersCount();
      String at =
          path
              + (init
                  ? ".init_containers[" + i
                  : ".containers[" + (i - pod.getInitContainersCount()))
              + "]";
      // A Mesos container says it all; what stands beside it repeats it.
      if (!containers.get(i).hasContainer()) {
        checkMounts(at, containers.get(i), volumes, mounts, violations);
      }
    }
  }

  private static void checkVolume(String at, VolumeSpec volume, List<Violation> violations) {
    switch (volume.getType()) {
      case VOLUME_TYPE_EMPTY_DIR -> {
        if (!PodVolumes.isName(volume.getName())) {
          violations.add(
              invalid(
                  at + ".name",
                  Violation.quote(volume.getName()),
                  "the name of an empty folder must be that of a folder, without slashes"));
        }
        if (!volume.getEmptyDir().getMedium().isEmpty()) {
          violations.add(
              Violation.unimplemented(
                  at + ".empty_dir.medium",
                  Violation.quote(volume.getEmptyDir().getMedium()),
                  "Mesos keeps empty folders in the sandbox, on the agent's disk: leave it out"));
        }
        if (volume.getEmptyDir().getSizeInMb() != 0) {
          violations.add(
              Violation.unimplemented(
                  at + ".empty_dir.size_in_mb",
                  Integer.toUnsignedString(volume.getEmptyDir().getSizeInMb()),
                  "an empty folder lies in the sandbox and has no bound of its own: leave it out,"
                      + " resource.disk_limit_mb bounds the sandbox"));
        }
      }
      case VOLUME_TYPE_HOST_PATH -> {
        if (!volume.getHostPath().getPath().startsWith("/")) {
          violations.add(
              invalid(
                  at + ".host_path.path",
                  Violation.quote(volume.getHostPath().getPath()),
                  "must be an absolute path on the host"));
        }
      }
      case VOLUME_TYPE_INVALID, UNRECOGNIZED ->
          violations.add(
              invalid(
                  at + ".type",
                  String.valueOf(volume.getTypeValue()),
                  "must be VOLUME_TYPE_EMPTY_DIR or VOLUME_TYPE_HOST_PATH"));
    }
  }

  private static void checkMounts(
      String at,
      ContainerSpec container,
      Map<String, VolumeSpec> volumes,
      boolean mounts,
      List<Violation> violations) {
    for (int i = 0; i < container.getVolumeMountsCount(); i++) {
      VolumeMount mount = container.getVolumeMounts(i);
      String path = at + ".volume_mounts[" + i + "]";
      if (!volumes.containsKey(mount.getName())) {
        violations.add(
            invalid(
                path + ".name",
                Violation.quote(mount.getName()),
                "no volume of the pod is so named"));
      } else if (!mounts) {
        violations.add(
            invalid(
                path,
                "a mount without a container type",
                "set mesos_spec.type to CONTAINER_TYPE_MESOS or CONTAINER_TYPE_DOCKER"));
      }
      if (mount.getMountPath().isEmpty()) {
        violations.add(
            invalid(path + ".mount_path", "no path", "say where the container sees the volume"));
      }
    }
  }
}
