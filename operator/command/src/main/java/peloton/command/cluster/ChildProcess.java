package peloton.command.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that ends with this one: it is given a pipe as standard input that nobody writes to,
 * and takes its end, which comes even if this process is killed, as the order to stop. It is in a
 * session of its own where the system can do that, so that Ctrl-C reaches this process alone, which
 * then stops its children in order.
 */
public final class ChildProcess {
  private static final int LOG_LINES = 15;

  /**
   * Runs a program that does not know that its standard input is its life: ends it when that ends.
   * Exits as the program does.
   */
  private static final String SUPERVISOR =
      """
      exec 3<&0 </dev/null
      "$@" 3<&- &
      child=$!
      trap 'kill -TERM "$child" 2>/dev/null' TERM INT HUP
      ( while read -r _; do :; done <&3; kill -TERM "$child" 2>/dev/null ) &
      watcher=$!
      exec 3<&-
      wait "$child"; status=$?
      while kill -0 "$child" 2>/dev/null; do wait "$child"; status=$?; done
      kill "$watcher" 2>/dev/null
      exit "$status"
      """;

  private final String name;
  private final Process process;
  private final Path log;
  private final Path pidFile;

  private ChildProcess(String name, Process process, Path log, Path pidFile) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.pidFile = pidFile;
  }

  /**
   * Starts a process.
   *
   * @param name of the log and pid files, and in messages
   * @param directory the cluster's; gets {@code logs/NAME.log}, to which output is appended, and
   *     {@code run/NAME.pid}
   * @throws ClusterException if it cannot be started
   */
  static ChildProcess start(
      String name, Path directory, List<String> command, Map<String, String> environment) {
    Path log = directory.resolve("logs").resolve(name + ".log");
    Path pidFile = directory.resolve("run").resolve(name + ".pid");
    try {
      Files.createDirectories(log.getParent());
      Files.createDirectories(pidFile.getParent());
      ProcessBuilder builder =
          new ProcessBuilder(inOwnSession(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      // What the caller has set for another server must not steer this one.
      builder.environment().keySet().removeIf(key -> key.startsWith("PELOTON_"));
      builder.environment().keySet().removeIf(key -> key.startsWith("ETCD_"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      Files.writeString(pidFile, process.pid() + System.lineSeparator());
      return new ChildProcess(name, process, log, pidFile);
    } catch (IOException e) {
      throw new ClusterException("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * The beginning of a command that runs a program which does not care for its standard input, such
   * as etcd; the program and its arguments are to be added.
   *
   * @param name what lists of processes show
   */
  static List<String> supervised(String name) {
    return new ArrayList<>(List.of("sh", "-c", SUPERVISOR, name));
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** The process id of the program by this name that it has started itself, if there is one. */
  Optional<Long> child(String program) {
    return process
        .children()
        .filter(child -> child.info().command().filter(c -> c.endsWith("/" + program)).isPresent())
        .map(ProcessHandle::pid)
        .findFirst();
  }

  /** Where its output goes. */
  public Path log() {
    return log;
  }

  /** True until it has ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Runs {@code action} on another thread when the process has ended. */
  void onEnd(Runnable action) {
    process.onExit().thenRun(action);
  }

  /**
   * Fails if the process has ended.
   *
   * @throws ClusterException with the end of its log
   */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new ClusterException(
          name + " ended with exit code " + process.exitValue() + "; " + lastLines());
    }
  }

  /** The end of the log, for a message; of stack traces only what failed. */
  String lastLines() {
    try (Stream<String> lines = Files.lines(log, java.nio.charset.StandardCharsets.ISO_8859_1)) {
      List<String> all = lines.filter(line -> !line.matches("\\s+(at |\\.\\.\\. ).*")).toList();
      List<String> last = all.subList(Math.max(0, all.size() - LOG_LINES), all.size());
      return "the end of its log " + log + ":\n  " + String.join("\n  ", last);
    } catch (IOException e) {
      return "its log " + log + " cannot be read: " + e.getMessage();
    }
  }

  /** Asks it to stop, and kills it if it is still there after {@code grace}. */
  void stop(Duration grace) {
    process.destroy();
    if (!ended(grace)) {
      kill();
    }
    tidy();
  }

  /** Kills it and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    if (!ended(Duration.ofSeconds(10))) {
      throw new ClusterException(name + " (pid " + pid() + ") does not die");
    }
    tidy();
  }

  /** Kills what it has started, and it. */
  void killTree() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    kill();
  }

  private boolean ended(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  private void tidy() {
    try {
      process.getOutputStream().close();
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      // The process is gone; a pid file that stays misleads nobody who compares it with the system.
    }
  }

  private static List<String> inOwnSession(List<String> command) {
    List<String> full = new ArrayList<>();
    if (Programs.find("setsid").isPresent()) {
      full.add("setsid");
    }
    full.addAll(command);
    return full;
  }
}
