package peloton.command.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the figures depend on.
 *
 * @param load the load average of the last minute, before the bench did anything
 * @param etcd its version, as it says itself
 */
record Machine(String cpu, int cores, double load, String jdk, String etcd, String kernel) {
  /** A load above this says that something else is running, and figures mean little. */
  static final double QUIET = 0.5;

  static Machine here(double load, String etcd) {
    return new Machine(
        line(Path.of("/proc/cpuinfo"), "model name")
            .map(text -> text.substring(text.indexOf(':') + 1).strip())
            .orElse(System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        load,
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        etcd,
        System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }

  /** The load average of the last minute; 0 where the system does not tell. */
  static double loadNow() {
    return Math.max(
        0,
        java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** How the processors' time was spent since the machine started, in the system's ticks. */
  record Ticks(long stolen, long all) {
    /** The part of the time since then that the hypervisor gave to others, from 0 to 1. */
    double stolenSince(Ticks then) {
      return all == then.all ? 0 : (double) (stolen - then.stolen) / (all - then.all);
    }
  }

  /** Zeros where the system does not tell. */
  static Ticks ticks() {
    return line(Path.of("/proc/stat"), "cpu ").map(Machine::parse).orElse(new Ticks(0, 0));
  }

  private static Ticks parse(String line) {
    // user nice system idle iowait irq softirq steal, and guest time that is in user already
    String[] fields = line.strip().split("\\s+");
    long all = 0;
    for (int i = 1; i <= 8 && i < fields.length; i++) {
      all += Long.parseLong(fields[i]);
    }
    return new Ticks(fields.length > 8 ? Long.parseLong(fields[8]) : 0, all);
  }

  @Override
  public String toString() {
    return cpu
        + ", "
        + cores
        + " cores, load "
        + load
        + ", "
        + jdk
        + ", etcd "
        + etcd
        + ", "
        + kernel;
  }

  private static Optional<String> line(Path file, String start) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.stream().filter(text -> text.startsWith(start)).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
