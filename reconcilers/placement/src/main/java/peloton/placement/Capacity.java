package peloton.placement;

/**
 * What an agent has, or has free.
 *
 * @param cpus thousandths of a CPU that will not be taken back
 * @param memory thousandths of a megabyte
 * @param disk thousandths of a megabyte
 * @param gpus thousandths of a GPU
 * @param ports how many ports
 * @param revocableCpus thousandths of a CPU that Mesos may take back at any time; only revocable
 *     pods use them
 */
public record Capacity(
    long cpus, long memory, long disk, long gpus, int ports, long revocableCpus) {
  public static final Capacity NONE = new Capacity(0, 0, 0, 0, 0, 0);

  /** Without revocable CPUs. */
  public Capacity(long cpus, long memory, long disk, long gpus, int ports) {
    this(cpus, memory, disk, gpus, ports, 0);
  }
}
