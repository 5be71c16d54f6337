package peloton.desired.job;

import static peloton.desired.Violation.invalid;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.mesos.v1.Protos.ContainerInfo;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.desired.Violation;

/**
 * What holds for pods of more than one container, which Mesos runs as groups of tasks under its
 * default executor, and for init containers.
 */
final class GroupRules {
  private GroupRules() {}

  /** Checks what the containers of a pod must have in common, or must not. */
  static void check(String path, PodSpec pod, List<Violation> violations) {
    if (pod.getContainersCount() + pod.getInitContainersCount() < 2) {
      return;
    }
    Set<String> names = new HashSet<>();
    Set<String> ports = new HashSet<>();
    for (int i = 0; i < pod.getInitContainersCount(); i++) {
      check(path + ".init_containers[" + i + "]", pod.getInitContainers(i), names, violations);
    }
    for (int i = 0; i < pod.getContainersCount(); i++) {
      String at = path + ".containers[" + i + "]";
      ContainerSpec container = pod.getContainers(i);
      check(at, container, names, violations);
      Set<String> own = new HashSet<>();
      for (int p = 0; p < container.getPortsCount(); p++) {
        PortSpec port = container.getPorts(p);
        if (ports.contains(port.getName())) {
          violations.add(
              invalid(
                  at + ".ports[" + p + "].name",
                  Violation.quote(port.getName()) + " for a port of another container, too",
                  "port names must differ in a pod"));
        }
        own.add(port.getName());
      }
      ports.addAll(own);
    }
  }

  private static void check(
      String at, ContainerSpec container, Set<String> names, List<Violation> violations) {
    if (container.getName().isEmpty()) {
      violations.add(
          invalid(at + ".name", "no name", "each of several containers of a pod needs a name"));
    } else if (!names.add(container.getName())) {
      violations.add(
          invalid(
              at + ".name",
              Violation.quote(container.getName()) + " for a second container",
              "names of containers must differ in a pod"));
    }
    if (container.hasExecutor()) {
      violations.add(
          invalid(
              at + ".executor",
              "an executor in a pod of several containers",
              "such pods run under the default executor of Mesos: leave it out, and"
                  + " mesos_spec.executor_spec, too"));
    }
    if (container.hasContainer()
        && container.getContainer().getType() == ContainerInfo.Type.DOCKER) {
      violations.add(
          invalid(
              at + ".container.type",
              "DOCKER in a pod of several containers",
              "such pods run under the default executor of Mesos, which runs images without the"
                  + " Docker daemon: use MESOS (or mesos_spec.type CONTAINER_TYPE_MESOS)"));
    }
  }

  /** Checks what an init container must not have, since it runs to its end. */
  static void checkInitContainer(String at, ContainerSpec container, List<Violation> violations) {
    if (container.getLivenessCheck().getEnabled()) {
      violations.add(
          invalid(at + ".liveness_check.enabled", "true", "init containers have no health checks"));
    }
    if (container.getReadinessCheck().getEnabled()) {
      violations.add(
          invalid(
              at + ".readiness_check.enabled", "true", "init containers have no health checks"));
    }
    if (container.getPortsCount() > 0) {
      violations.add(
          invalid(
              at + ".ports",
              container.getPortsCount() + " ports",
              "ports belong to the pod's containers; init containers are told theirs"));
    }
  }
}
