package peloton.admission;

import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.entitlement.Amounts;

/**
 * All that admission and preemption know of a pod. Pods of one class are alike to them but for how
 * long they have waited or run.
 *
 * @param need what the pod is charged with; a revocable pod's CPU is revocable CPU
 * @param priority an unsigned number; higher goes first
 * @param preemptible whether it may use what is not reserved, and lose it again
 * @param revocable whether it uses revocable CPU
 * @param controller whether it counts against the pool's controller limit
 */
public record PodClass(
    Amounts need, int priority, boolean preemptible, boolean revocable, boolean controller) {

  /**
   * The class of a pod. The job's word on preemptible and revocable overrules the pod's (reference,
   * SlaSpec).
   *
   * @param pod the effective spec, overrides applied
   */
  public static PodClass of(SlaSpec sla, PodSpec pod) {
    long cpu = 0;
    long memory = 0;
    long disk = 0;
    long gpu = 0;
    for (ContainerSpec container : pod.getContainersList()) {
      cpu += Amounts.milli(container.getResource().getCpuLimit());
      memory += Amounts.milli(container.getResource().getMemLimitMb());
      disk += Amounts.milli(container.getResource().getDiskLimitMb());
      gpu += Amounts.milli(container.getResource().getGpuLimit());
    }
    boolean revocable = sla.getRevocable();
    return new PodClass(
        revocable ? Amounts.of(0, memory, disk, gpu, cpu) : Amounts.of(cpu, memory, disk, gpu),
        sla.getPriority(),
        sla.getPreemptible() || revocable,
        revocable,
        pod.getController());
  }
}
