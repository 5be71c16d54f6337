package peloton.operator.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.TaskStatus;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.ContainerState;
import peloton.api.v1alpha.pod.Pod.ContainerStatus;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.HealthStatus;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.pod.PodPhase;
import peloton.records.ContainerRecord;
import peloton.records.PodRecord;

/**
 * The containers of a run as the API shows them. A pod that is a single task says what its
 * container does; any other has a record of each container as soon as it is launched.
 */
final class ContainerStatuses {
  /** Why an agent speaks of a task whose health check has run. */
  private static final String HEALTH_CHECKED =
      TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED.name();

  private ContainerStatuses() {}

  /** The init containers, in the order in which they run. */
  static List<ContainerStatus> init(PodSpec spec, PodRecord pod) {
    if (spec.getInitContainersCount() == 0 && pod.getInitContainersCount() == 0) {
      return List.of();
    }
    return all(spec.getInitContainersList(), pod.getInitContainersList(), pod);
  }

  /**
   * The containers that make up the pod; at least one, also of a spec that is not kept any more.
   */
  static List<ContainerStatus> main(PodSpec spec, PodRecord pod, String started, String completed) {
    if (spec.getContainersCount() + spec.getInitContainersCount() > 1
        || pod.getContainersCount() > 0) {
      return all(spec.getContainersList(), pod.getContainersList(), pod);
    }
    ContainerStatus.Builder status =
        ContainerStatus.newBuilder()
            .setState(state(pod.getState()))
            .putAllPorts(pod.getPortsMap())
            .setMessage(pod.getMessage())
            .setReason(pod.getReason())
            .setFailureCount(pod.getFailureCount())
            .setHealthy(health(pod.getHealth(), pod.getReason(), pod.getMessage()))
            .setStartTime(started)
            .setCompletionTime(completed);
    if (spec.getContainersCount() > 0) {
      status.setName(spec.getContainers(0).getName()).setImage(spec.getContainers(0).getImage());
    }
    if (pod.hasTermination()) {
      status.setTerminationStatus(pod.getTermination());
    }
    return List.of(status.build());
  }

  private static List<ContainerStatus> all(
      List<ContainerSpec> specs, List<ContainerRecord> records, PodRecord pod) {
    List<ContainerStatus> statuses = new ArrayList<>();
    for (int i = 0; i < Math.max(specs.size(), records.size()); i++) {
      ContainerSpec spec = i < specs.size() ? specs.get(i) : ContainerSpec.getDefaultInstance();
      statuses.add(i < records.size() ? launched(spec, records.get(i), pod) : waiting(spec));
    }
    return statuses;
  }

  private static ContainerStatus launched(
      ContainerSpec spec, ContainerRecord container, PodRecord pod) {
    ContainerState state = state(container.getState());
    boolean ending = PodPhase.of(pod) == PodPhase.KILLING && container.getCompletedAt() == 0;
    if (ending && state != ContainerState.CONTAINER_STATE_PENDING) {
      state = ContainerState.CONTAINER_STATE_KILLING;
    }
    ContainerStatus.Builder status =
        ContainerStatus.newBuilder()
            .setName(container.getName())
            .setImage(spec.getImage())
            .setState(state)
            .putAllPorts(ports(spec, pod))
            .setMessage(container.getMessage())
            .setReason(container.getReason())
            .setFailureCount(pod.getFailureCount())
            .setHealthy(
                health(container.getHealth(), container.getReason(), container.getMessage()))
            .setStartTime(Times.precise(container.getStartedAt()))
            .setCompletionTime(Times.precise(container.getCompletedAt()));
    if (container.hasTermination()) {
      status.setTerminationStatus(container.getTermination());
      if (container.getState() == PodState.POD_STATE_KILLED && pod.hasTermination()) {
        status.getTerminationStatusBuilder().setReason(pod.getTermination().getReason());
      }
    }
    return status.build();
  }

  /** The last check's result, and what the agent said of it. */
  private static HealthStatus health(HealthState state, String reason, String message) {
    HealthStatus.Builder health = HealthStatus.newBuilder().setState(state);
    return reason.equals(HEALTH_CHECKED) ? health.setOutput(message).build() : health.build();
  }

  private static ContainerStatus waiting(ContainerSpec spec) {
    return ContainerStatus.newBuilder()
        .setName(spec.getName())
        .setImage(spec.getImage())
        .setState(ContainerState.CONTAINER_STATE_PENDING)
        .setHealthy(
            HealthStatus.newBuilder()
                .setState(
                    spec.getLivenessCheck().getEnabled()
                        ? HealthState.HEALTH_STATE_UNKNOWN
                        : HealthState.HEALTH_STATE_DISABLED))
        .build();
  }

  private static Map<String, Integer> ports(ContainerSpec spec, PodRecord pod) {
    Set<String> own =
        spec.getPortsList().stream().map(PortSpec::getName).collect(Collectors.toSet());
    return pod.getPortsMap().entrySet().stream()
        .filter(port -> own.contains(port.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static ContainerState state(PodState state) {
    return switch (state) {
      case POD_STATE_LAUNCHED -> ContainerState.CONTAINER_STATE_LAUNCHED;
      case POD_STATE_STARTING -> ContainerState.CONTAINER_STATE_STARTING;
      case POD_STATE_RUNNING -> ContainerState.CONTAINER_STATE_RUNNING;
      case POD_STATE_SUCCEEDED -> ContainerState.CONTAINER_STATE_SUCCEEDED;
      case POD_STATE_FAILED, POD_STATE_LOST -> ContainerState.CONTAINER_STATE_FAILED;
      case POD_STATE_KILLING, POD_STATE_PREEMPTING -> ContainerState.CONTAINER_STATE_KILLING;
      case POD_STATE_KILLED, POD_STATE_DELETED -> ContainerState.CONTAINER_STATE_KILLED;
      case POD_STATE_INVALID, UNRECOGNIZED -> ContainerState.CONTAINER_STATE_INVALID;
      default -> ContainerState.CONTAINER_STATE_PENDING;
    };
  }
}
