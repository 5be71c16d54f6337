package peloton.mesos.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pids of the tasks of this work directory, on disk: {@code pids/<container>} holds the pid and
 * when the process started. Both must fit before anything is killed, since pids are used again.
 */
final class Leftovers {

  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  /** A start time is derived from the time of boot, which shifts a little with the clock. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private final Path directory;

  Leftovers(Path workDir) throws IOException {
    directory = Files.createDirectories(workDir.resolve("pids"));
  }

  /** Remembers a process that is running. */
  void add(String containerId, ProcessHandle process) throws IOException {
    var start = process.info().startInstant();
    if (start.isPresent()) {
      Files.writeString(
          directory.resolve(containerId),
          process.pid() + " " + start.get() + "\n",
          StandardCharsets.US_ASCII);
    }
  }

  /** Forgets a process that has ended. */
  void remove(String containerId) throws IOException {
    Files.deleteIfExists(directory.resolve(containerId));
  }

  /** Kills what an earlier local Mesos left running. */
  void killAll() throws IOException {
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        kill(file);
        Files.deleteIfExists(file);
      }
    }
  }

  private static void kill(Path file) throws IOException {
    var parts = Files.readString(file, StandardCharsets.US_ASCII).trim().split(" ");
    try {
      long pid = Long.parseLong(parts[0]);
      var started = Instant.parse(parts[1]);
      boolean ours =
          ProcessHandle.of(pid)
              .flatMap(process -> process.info().startInstant())
              .filter(start -> Duration.between(start, started).abs().compareTo(TOLERANCE) <= 0)
              .isPresent();
      if (ours) {
        log.warn("Killing process group {}, left by an earlier local Mesos", pid);
        new ProcessGroup(pid).kill();
      }
    } catch (NumberFormatException | DateTimeParseException | ArrayIndexOutOfBoundsException e) {
      log.warn("{} is not a record of a process: ignored", file);
    }
  }
}
