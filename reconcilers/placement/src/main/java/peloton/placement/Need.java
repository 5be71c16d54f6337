package peloton.placement;

import peloton.api.v1alpha.pod.Pod.PodSpec;

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

  public static final Need NONE = new Need(0, 0, 0, 0, 0);

  /** What a pod takes when it is launched, its executor included if it needs one, but no volume. */
  public static Need of(PodSpec spec) {
    return PodResources.ofPod(spec);
  }

  /** What the containers take that follow an init container of this pod. */
  public static Need ofLaterStage(PodSpec spec) {
    return PodResources.ofStage(spec);
  }

  Need plus(Need other) {
    return new Need(
        cpus + other.cpus,
        memory + other.memory,
        disk + other.disk,
        gpus + other.gpus,
        ports + other.ports);
  }

  /** The larger of each kind. */
  Need max(Need other) {
    return new Need(
        Math.max(cpus, other.cpus),
        Math.max(memory, other.memory),
        Math.max(disk, other.disk),
        Math.max(gpus, other.gpus),
        Math.max(ports, other.ports));
  }

  boolean isNothing() {
    return equals(NONE);
  }

  /** The sum over a pod's containers, and a new volume if it has one. */
  static Need withVolume(PodSpec spec) {
    Need need = of(spec);
    long volume = Integer.toUnsignedLong(spec.getVolume().getSizeMb()) * 1000;
    return new Need(need.cpus, need.memory, need.disk + volume, need.gpus, need.ports);
  }

  static long milli(double scalar) {
    return Math.round(scalar * 1000);
  }
}
