package peloton.pod;

import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.ContainerRecord;
import peloton.records.PodRecord;

/**
 * The containers that a run is launched with, where each is a task of its own.
 *
 * @param init run one after the other, before the others
 * @param main empty if the pod is a single task
 * @param executor what runs them
 */
public record Containers(
    List<ContainerRecord> init, List<ContainerRecord> main, Optional<ExecutorInfo> executor) {
  /** Those of a pod that is a single task. */
  public static final Containers NONE = new Containers(List.of(), List.of(), Optional.empty());

  public Containers {
    init = List.copyOf(init);
    main = List.copyOf(main);
  }

  /**
   * The containers of a pod about to be launched.
   *
   * @param executor what the launch runs them under; empty if the pod is a single task
   */
  public static Containers of(PodSpec pod, Optional<ExecutorInfo> executor) {
    return executor.isEmpty()
        ? NONE
        : new Containers(
            pod.getInitContainersList().stream().map(Containers::record).toList(),
            pod.getContainersList().stream().map(Containers::record).toList(),
            executor);
  }

  private static ContainerRecord record(ContainerSpec container) {
    return ContainerRecord.newBuilder()
        .setName(container.getName())
        .setState(PodState.POD_STATE_PENDING)
        .setHealth(
            container.getLivenessCheck().getEnabled()
                ? HealthState.HEALTH_STATE_UNKNOWN
                : HealthState.HEALTH_STATE_DISABLED)
        .setReadiness(
            container.getReadinessCheck().getEnabled()
                ? HealthState.HEALTH_STATE_UNKNOWN
                : HealthState.HEALTH_STATE_INVALID)
        .build();
  }

  /** Writes them into the record of a run whose first stage is launched. */
  void launchInto(PodRecord.Builder pod) {
    if (main.isEmpty()) {
      return;
    }
    pod.addAllInitContainers(init).addAllContainers(main);
    if (!init.isEmpty()) {
      pod.setExecutor(executor.orElseThrow());
      pod.setHolder(
          ContainerRecord.newBuilder()
              .setName("holder")
              .setState(PodState.POD_STATE_LAUNCHED)
              .setHealth(HealthState.HEALTH_STATE_DISABLED));
    }
    Stages.launch(pod, 0);
  }
}
