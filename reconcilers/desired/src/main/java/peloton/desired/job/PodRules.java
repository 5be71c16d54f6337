package peloton.desired.job;

import static peloton.desired.Violation.invalid;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.mesos.v1.Protos;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PersistentVolumeSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.desired.Violation;

/** What a pod's one container may ask for. */
final class PodRules {
  /** Longest grace period: a day. */
  static final int LONGEST_SECONDS = 86_400;

  private static final int MAX_CPU = 1024;
  private static final int MAX_GPU = 1024;
  private static final int MAX_MEMORY_MB = 16 * 1024 * 1024;
  private static final int MAX_DISK_MB = 1024 * 1024 * 1024;
  private static final int MAX_PORT = 65_535;

  private PodRules() {}

  static void checkResources(String path, ResourceSpec resource, List<Violation> violations) {
    checkAmount(path + ".cpu_limit", resource.getCpuLimit(), MAX_CPU, "cores", violations);
    checkAmount(path + ".mem_limit_mb", resource.getMemLimitMb(), MAX_MEMORY_MB, "MB", violations);
    checkAmount(path + ".disk_limit_mb", resource.getDiskLimitMb(), MAX_DISK_MB, "MB", violations);
    checkAmount(path + ".gpu_limit", resource.getGpuLimit(), MAX_GPU, "GPUs", violations);
  }

  private static void checkAmount(
      String path, double amount, int most, String unit, List<Violation> violations) {
    // Not a number is in no range.
    if (!(amount >= 0 && amount <= most)) {
      violations.add(
          invalid(path, String.valueOf(amount), "must be from 0 to " + most + " " + unit));
    }
  }

  static void checkPorts(
      String path, List<PortSpec> ports, boolean customExecutor, List<Violation> violations) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      PortSpec port = ports.get(i);
      String at = path + "[" + i + "]";
      if (port.getName().isEmpty()) {
        violations.add(invalid(at + ".name", "no name", "a port needs a name"));
      } else if (!names.add(port.getName())) {
        violations.add(
            invalid(
                at + ".name",
                Violation.quote(port.getName()) + " for a second port",
                "port names must differ"));
      }
      if (Integer.compareUnsigned(port.getValue(), MAX_PORT) > 0) {
        violations.add(
            invalid(
                at + ".value",
                Integer.toUnsignedString(port.getValue()),
                "must be from 1 to " + MAX_PORT + ", or 0 for a port that is chosen at launch"));
      }
      if (port.getValue() == 0 && port.getEnvName().isEmpty() && !customExecutor) {
        violations.add(
            invalid(
                at + ".env_name",
                "none, for a port that is chosen at launch",
                "name the environment variable that tells the container its port, or set value"));
      }
    }
  }

  /** A container must say what to run, unless its image or its executor does. */
  static void checkCommand(
      String path, ContainerSpec container, boolean customExecutor, List<Violation> violations) {
    boolean says = !container.getCommand().getValue().isBlank();
    boolean image =
        container.hasContainer() && !ContainerForm.image(container.getContainer()).isEmpty();
    if (says || image || customExecutor) {
      return;
    }
    violations.add(
        invalid(
            path + ".command",
            container.getImage().isEmpty()
                ? "no command.value and no entrypoint.value"
                : "an image with mesos_spec.type unset, which is not used, and no command",
            "a container must say what to run: set command.value or entrypoint.value, or an image"
                + " with mesos_spec.type DOCKER or MESOS"));
  }

  /** A persistent volume: a size, and a path that stays inside of the container. */
  static void checkVolume(String path, PersistentVolumeSpec volume, List<Violation> violations) {
    if (volume.getSizeMb() == 0) {
      violations.add(invalid(path + ".size_mb", "0", "must be at least 1"));
    }
    String place = volume.getContainerPath();
    boolean leaves = List.of(place.split("/", -1)).contains("..");
    if (place.isBlank() || leaves || place.chars().anyMatch(Character::isISOControl)) {
      violations.add(
          invalid(
              path + ".container_path",
              Violation.quote(place),
              "must be a path, of which no part is \"..\"; without a slash at its beginning it is"
                  + " below the sandbox"));
    }
  }

  /** Secrets reach a container only through the request's own list of them. */
  static void checkSecrets(String path, ContainerSpec container, List<Violation> violations) {
    List<Protos.Volume> volumes = container.getContainer().getVolumesList();
    for (int i = 0; i < volumes.size(); i++) {
      if (volumes.get(i).getSource().getType() == Protos.Volume.Source.Type.SECRET) {
        violations.add(
            invalid(
                path + ".container.volumes[" + i + "].source.type",
                "SECRET",
                "a specification may not mount secrets by itself"));
      }
    }
  }
}
