package peloton.placement;

import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;

/**
 * What a pod takes from an agent.
 *
 * @param cpus thousandths of a CPU
 * @param memory thousandths of a megabyte
 * @param disk thousandths of a megabyte
 * @param gpus thousandths of a GPU
 * @param ports how many ports are to be chosen
 */
public record Need(long cpus, long memory, long disk, long gpus, int ports) {

  /** The sum over a pod's containers. */
  public static Need of(PodSpec spec) {
    long cpus = 0;
    long memory = 0;
    long disk = 0;
    long gpus = 0;
    int ports = 0;
    for (ContainerSpec container : spec.getContainersList()) {
      cpus += milli(container.getResource().getCpuLimit());
      memory += milli(container.getResource().getMemLimitMb());
      disk += milli(container.getResource().getDiskLimitMb());
      gpus += milli(container.getResource().getGpuLimit());
      for (PortSpec port : container.getPortsList()) {
        ports += port.getValue() == 0 ? 1 : 0;
      }
    }
    return new Need(cpus, memory, disk, gpus, ports);
  }

  static long milli(double scalar) {
    return Math.round(scalar * 1000);
  }
}
