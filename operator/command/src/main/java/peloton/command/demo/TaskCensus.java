package peloton.command.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import peloton.api.ids.PodId;

/**
 * Counts the tasks that are alive by what the operating system says, without asking Mesos or the
 * operator: the processes whose environment names a task and a sandbox in the local Mesos' folder.
 */
final class TaskCensus {
  private final Path proc;
  private final Path workDir;

  /**
   * A census of one local Mesos' tasks.
   *
   * @param proc where the system shows its processes, {@code /proc}
   * @param workDir the local Mesos' folder
   */
  TaskCensus(Path proc, Path workDir) {
    this.proc = proc;
    this.workDir = workDir;
  }

  /** False on a system without {@code /proc}. */
  boolean isPossible() {
    return Files.isReadable(proc.resolve("self").resolve("environ"));
  }

  /** The first process of each task, by pod. A task's children are not counted. */
  List<LiveTask> take() {
    Map<Long, LiveTask> processes = new HashMap<>();
    try (Stream<Path> entries = Files.list(proc)) {
      entries
          .filter(entry -> entry.getFileName().toString().matches("\\d+"))
          .forEach(entry -> read(entry).ifPresent(task -> processes.put(task.pid(), task)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<LiveTask> first = new ArrayList<>();
    for (LiveTask task : processes.values()) {
      LiveTask parent = processes.get(parent(task.pid()));
      if (parent == null || !parent.pod().equals(task.pod())) {
        first.add(task);
      }
    }
    first.sort(Comparator.comparing((LiveTask task) -> task.pod().toString()));
    return first;
  }

  private Optional<LiveTask> read(Path entry) {
    Map<String, String> environment = new HashMap<>();
    try {
      // A process of another user, one that has just ended, and a zombie all show nothing.
      byte[] bytes = Files.readAllBytes(entry.resolve("environ"));
      for (String variable : new String(bytes, StandardCharsets.UTF_8).split("\0")) {
        int equals = variable.indexOf('=');
        if (equals > 0) {
          environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    Path sandbox = Path.of(environment.getOrDefault("MESOS_SANDBOX", ""));
    if (!sandbox.startsWith(workDir)) {
      return Optional.empty();
    }
    return PodId.find(environment.getOrDefault("MESOS_TASK_ID", ""))
        .map(pod -> new LiveTask(pod, Long.parseLong(entry.getFileName().toString()), sandbox));
  }

  /** The parent's pid; 0 if the process is gone. */
  private long parent(long pid) {
    try {
      String stat = Files.readString(proc.resolve(Long.toString(pid)).resolve("stat"));
      // "pid (name) state parent ..."; the name may hold anything.
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]);
    } catch (IOException e) {
      return 0;
    }
  }
}
