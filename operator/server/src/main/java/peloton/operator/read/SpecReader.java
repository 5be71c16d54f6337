package peloton.operator.read;

import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.desired.job.EffectivePodSpec;

/**
 * Specs as the API shows them: what a container runs is said in both of its forms, Mesos' own
 * messages and Peloton's, whichever one the client wrote.
 */
public final class SpecReader {

  /** A job's spec as stored, with both forms filled in. */
  public JobSpec job(JobSpec spec) {
    return EffectivePodSpec.readable(spec);
  }

  /** What one instance runs: the default overlaid by its own spec, with both forms filled in. */
  public PodSpec pod(JobSpec spec, int instance) {
    return EffectivePodSpec.of(spec, instance);
  }

  /** The container that an instance's name and image come from; empty if the spec has none. */
  public Optional<ContainerSpec> container(JobSpec spec, int instance) {
    PodSpec own = spec.getInstanceSpecMap().get(instance);
    PodSpec pod = own == null || own.getContainersCount() == 0 ? spec.getDefaultSpec() : own;
    return pod.getContainersList().stream().findFirst();
  }
}
