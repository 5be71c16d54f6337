package peloton.command.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What processes have used so far. */
final class ProcessMeter {
  private final Map<String, Long> pids;

  /**
   * @param pids by role, in the order in which they are shown
   */
  ProcessMeter(Map<String, Long> pids) {
    this.pids = new LinkedHashMap<>(pids);
  }

  /** Processor seconds by role. */
  Map<String, Double> cpuSeconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    pids.forEach(
        (role, pid) ->
            seconds.put(
                role,
                ProcessHandle.of(pid)
                    .flatMap(process -> process.info().totalCpuDuration())
                    .map(time -> time.toNanos() / 1e9)
                    .orElse(0.0)));
    return seconds;
  }

  /** Bytes that a process had written to disk; 0 where the system does not tell. */
  long writtenBytes(String role) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pids.get(role) + "/io")).stream()
          .filter(line -> line.startsWith("write_bytes:"))
          .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  static Map<String, Double> minus(Map<String, Double> now, Map<String, Double> before) {
    Map<String, Double> difference = new LinkedHashMap<>();
    now.forEach((role, value) -> difference.put(role, value - before.getOrDefault(role, 0.0)));
    return difference;
  }
}
