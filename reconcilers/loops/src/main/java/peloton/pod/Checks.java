package peloton.pod;

import java.util.List;
import java.util.function.Predicate;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;

/**
 * Which questions a run answers while it lives.
 *
 * @param liveness whether the health of one of its containers is checked
 * @param readiness whether the readiness of one of its containers is checked
 */
public record Checks(boolean liveness, boolean readiness) {
  public static final Checks NONE = new Checks(false, false);

  /** The checks that a pod's containers have switched on. */
  public static Checks of(PodSpec pod) {
    return new Checks(
        any(pod.getContainersList(), container -> container.getLivenessCheck().getEnabled()),
        any(pod.getContainersList(), container -> container.getReadinessCheck().getEnabled()));
  }

  private static boolean any(List<ContainerSpec> containers, Predicate<ContainerSpec> what) {
    return containers.stream().anyMatch(what);
  }
}
