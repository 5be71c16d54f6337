package peloton.desired.job;

import static peloton.desired.Violation.invalid;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.mesos.v1.Protos;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.desired.Violation;

/** What a pod's one container may ask for. */
final class PodRules {
  /** Longest grace period or health check interval: a day. */
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

  static void checkHealth(String path, ContainerSpec container, List<Violation> violations) {
    HealthCheckSpec check = container.getLivenessCheck();
    if (!check.getEnabled()) {
      return;
    }
    checkSeconds(path + ".initial_interval_secs", check.getInitialIntervalSecs(), violations);
    checkSeconds(path + ".interval_secs", check.getIntervalSecs(), violations);
    checkSeconds(path + ".timeout_secs", check.getTimeoutSecs(), violations);
    switch (check.getType()) {
      case HEALTH_CHECK_TYPE_COMMAND -> {
        if (check.getCommandCheck().getCommand().isBlank()) {
          violations.add(invalid(path + ".command_check.command", "no command", "say what to run"));
        }
      }
      case HEALTH_CHECK_TYPE_HTTP -> checkHttp(path + ".http_check", check, violations);
      case HEALTH_CHECK_TYPE_GRPC ->
          violations.add(
              Violation.unimplemented(
                  path + ".type",
                  check.getType().name(),
                  "Mesos has no gRPC checks; use HEALTH_CHECK_TYPE_COMMAND or"
                      + " HEALTH_CHECK_TYPE_HTTP"));
      case HEALTH_CHECK_TYPE_UNKNOWN, UNRECOGNIZED ->
          violations.add(
              invalid(
                  path + ".type",
                  String.valueOf(check.getTypeValue()),
                  "an enabled check needs type HEALTH_CHECK_TYPE_COMMAND or"
                      + " HEALTH_CHECK_TYPE_HTTP"));
    }
  }

  private static void checkHttp(String path, HealthCheckSpec check, List<Violation> violations) {
    HealthCheckSpec.HTTPCheck http = check.getHttpCheck();
    if (http.getPort() < 1 || http.getPort() > MAX_PORT) {
      violations.add(
          invalid(
              path + ".port",
              Integer.toUnsignedString(http.getPort()),
              "must be from 1 to " + MAX_PORT));
    }
    String scheme = http.getScheme();
    if (!scheme.isEmpty() && !scheme.equals("http") && !scheme.equals("https")) {
      violations.add(
          invalid(path + ".scheme", Violation.quote(scheme), "must be http, https or empty"));
    }
    if (!http.getPath().isEmpty() && !http.getPath().startsWith("/")) {
      violations.add(invalid(path + ".path", Violation.quote(http.getPath()), "must begin with /"));
    }
  }

  private static void checkSeconds(String path, int seconds, List<Violation> violations) {
    if (seconds < 0 || seconds > LONGEST_SECONDS) {
      violations.add(
          invalid(path, Integer.toUnsignedString(seconds), "must be at most " + LONGEST_SECONDS));
    }
  }
}
