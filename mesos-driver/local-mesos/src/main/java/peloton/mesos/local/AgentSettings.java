package peloton.mesos.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import peloton.mesos.local.resources.Ranges;
import peloton.mesos.local.resources.Resources;

/**
 * One agent.
 *
 * @param hostname as offers name it
 * @param cpus 0 or more, to three decimals
 * @param memMb megabytes
 * @param diskMb megabytes
 * @param revocableCpus beside the others: what may be taken away again, as an agent has that lends
 *     out what its tasks do not use
 * @param gpus whole GPUs; agents with any are offered only to frameworks with GPU_RESOURCES
 * @param firstPort with {@code lastPort} the range of ports that it offers, both included
 * @param lastPort 0 for no ports
 * @param attributes text attributes by name
 */
public record AgentSettings(
    String hostname,
    double cpus,
    double memMb,
    double diskMb,
    double revocableCpus,
    double gpus,
    int firstPort,
    int lastPort,
    Map<String, String> attributes) {

  public AgentSettings {
    if (hostname.isBlank()) {
      throw new IllegalArgumentException("hostname: an agent needs a name");
    }
    if (lastPort != 0 && (firstPort < 1 || lastPort < firstPort || lastPort > 65535)) {
      throw new IllegalArgumentException(
          "ports: " + firstPort + "-" + lastPort + " is not a range within 1-65535");
    }
    attributes = Map.copyOf(new TreeMap<>(attributes));
  }

  /** 4 CPUs, 4 GiB of memory, 10 GiB of disk, ports 31000-32000. */
  public static AgentSettings named(String hostname) {
    return new AgentSettings(hostname, 4, 4096, 10240, 0, 0, 31000, 32000, Map.of());
  }

  /** {@code count} agents like this one: agent-0.local, agent-1.local and so on. */
  public List<AgentSettings> times(int count) {
    var list = new ArrayList<AgentSettings>(count);
    for (int i = 0; i < count; i++) {
      list.add(withHostname("agent-" + i + ".local"));
    }
    return list;
  }

  public AgentSettings withHostname(String name) {
    return new AgentSettings(
        name, cpus, memMb, diskMb, revocableCpus, gpus, firstPort, lastPort, attributes);
  }

  public AgentSettings withCpus(double amount) {
    return new AgentSettings(
        hostname, amount, memMb, diskMb, revocableCpus, gpus, firstPort, lastPort, attributes);
  }

  public AgentSettings withMemMb(double amount) {
    return new AgentSettings(
        hostname, cpus, amount, diskMb, revocableCpus, gpus, firstPort, lastPort, attributes);
  }

  public AgentSettings withDiskMb(double amount) {
    return new AgentSettings(
        hostname, cpus, memMb, amount, revocableCpus, gpus, firstPort, lastPort, attributes);
  }

  public AgentSettings withRevocableCpus(double amount) {
    return new AgentSettings(
        hostname, cpus, memMb, diskMb, amount, gpus, firstPort, lastPort, attributes);
  }

  public AgentSettings withGpus(double amount) {
    return new AgentSettings(
        hostname, cpus, memMb, diskMb, revocableCpus, amount, firstPort, lastPort, attributes);
  }

  public AgentSettings withPorts(int first, int last) {
    return new AgentSettings(
        hostname, cpus, memMb, diskMb, revocableCpus, gpus, first, last, attributes);
  }

  public AgentSettings withAttributes(Map<String, String> all) {
    return new AgentSettings(
        hostname, cpus, memMb, diskMb, revocableCpus, gpus, firstPort, lastPort, all);
  }

  Resources resources() {
    var sum =
        Resources.scalar("cpus", cpus)
            .plus(Resources.scalar("mem", memMb))
            .plus(Resources.scalar("disk", diskMb))
            .plus(Resources.scalar("gpus", gpus))
            .plus(Resources.revocable("cpus", revocableCpus));
    return lastPort == 0
        ? sum
        : sum.plus(
            Resources.ranges("ports", new Ranges(List.of(new Ranges.Range(firstPort, lastPort)))));
  }
}
