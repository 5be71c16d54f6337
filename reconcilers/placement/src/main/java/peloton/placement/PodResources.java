package peloton.placement;

import java.util.List;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;

/**
 * How the resources of a pod are laid on its tasks and its executor.
 *
 * <p>A pod of one container is one task, which has them all. Any other runs under the default
 * executor of Mesos, which needs some for itself. Where there are no init containers, each task has
 * what its container asks for. Where there are, the executor has what the pod needs at its worst
 * moment, and each task only a token: so nobody else gets hold of the resources while one container
 * takes over from another. What an init container gives back is enough for those that follow it.
 */
final class PodResources {
  /** What the default executor needs for itself; Mesos insists on some of each. */
  static final Need EXECUTOR = new Need(100, 32_000, 10_000, 0, 0);

  /** The least that Mesos makes an offer of, in thousandths of a CPU; no task may have nothing. */
  static final long TOKEN_CPUS = 10;

  private PodResources() {}

  /** Whether a pod is run as task groups under the default executor. */
  static boolean isGroup(PodSpec pod) {
    return pod.getContainersCount() + pod.getInitContainersCount() > 1;
  }

  /** Whether the pod's executor has the pod's resources. */
  static boolean executorHolds(PodSpec pod) {
    return pod.getInitContainersCount() > 0;
  }

  /** What the pod takes from an agent when it is launched. */
  static Need ofPod(PodSpec pod) {
    if (!isGroup(pod)) {
      return pod.getContainersCount() == 0 ? Need.NONE : ofContainer(pod.getContainers(0));
    }
    Need need = ofExecutor(pod);
    if (executorHolds(pod)) {
      return need.plus(ofStage(pod)).plus(token(1));
    }
    for (ContainerSpec container : pod.getContainersList()) {
      need = need.plus(ofTask(pod, container));
    }
    return need;
  }

  /** What the executor of a group has. */
  static Need ofExecutor(PodSpec pod) {
    if (!executorHolds(pod)) {
      return EXECUTOR;
    }
    Need most = Need.NONE;
    for (ContainerSpec container : pod.getContainersList()) {
      most = most.plus(ofContainer(container));
    }
    for (ContainerSpec container : pod.getInitContainersList()) {
      most = most.max(ofContainer(container));
    }
    return EXECUTOR.plus(most);
  }

  /** What the task of one container has in a group. */
  static Need ofTask(PodSpec pod, ContainerSpec container) {
    if (executorHolds(pod)) {
      return token(1);
    }
    Need need = ofContainer(container);
    return need.isNothing() ? token(1) : need;
  }

  /** What the tasks have together that are launched one stage after the other. */
  static Need ofStage(PodSpec pod) {
    return token(pod.getContainersCount());
  }

  static Need token(int tasks) {
    return new Need(TOKEN_CPUS * tasks, 0, 0, 0, 0);
  }

  private static Need ofContainer(ContainerSpec container) {
    return new Need(
        Need.milli(container.getResource().getCpuLimit()),
        Need.milli(container.getResource().getMemLimitMb()),
        Need.milli(container.getResource().getDiskLimitMb()),
        Need.milli(container.getResource().getGpuLimit()),
        dynamicPorts(container.getPortsList()));
  }

  private static int dynamicPorts(List<PortSpec> ports) {
    return (int) ports.stream().filter(port -> port.getValue() == 0).count();
  }
}
