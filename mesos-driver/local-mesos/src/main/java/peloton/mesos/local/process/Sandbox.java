package peloton.mesos.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import peloton.mesos.local.agent.Launch;

/**
 * A task's directory, where Mesos agents have it: {@code
 * slaves/<agent>/frameworks/<framework>/executors/<executor>/runs/<container>}, and {@code latest}
 * beside it for the newest container. A task of a group has {@code containers/<container>} within
 * that of its executor, and {@code tasks/<task>} points there.
 *
 * @param parent the executor's directory, for a task of a group
 */
record Sandbox(Path directory, Optional<Path> parent) {

  /** Makes the directory and points {@code latest} at it. */
  static Sandbox create(Path workDir, Launch launch) throws IOException {
    var runs =
        workDir
            .resolve("slaves")
            .resolve(launch.agentId())
            .resolve("frameworks")
            .resolve(launch.key().frameworkId())
            .resolve("executors")
            .resolve(launch.executorId())
            .resolve("runs");
    if (launch.parent().isEmpty()) {
      var directory = Files.createDirectories(runs.resolve(launch.containerId()));
      point(runs.resolve("latest"), directory, launch.containerId());
      return new Sandbox(directory, Optional.empty());
    }
    var parent = Files.createDirectories(runs.resolve(launch.parent().get().containerId()));
    point(runs.resolve("latest"), parent, launch.containerId());
    var directory =
        Files.createDirectories(parent.resolve("containers").resolve(launch.containerId()));
    var tasks = Files.createDirectories(parent.resolve("tasks"));
    point(tasks.resolve(launch.key().taskId()), directory, launch.containerId());
    return new Sandbox(directory, Optional.of(parent));
  }

  Path stdout() {
    return directory.resolve("stdout");
  }

  Path stderr() {
    return directory.resolve("stderr");
  }

  private static void point(Path link, Path directory, String unique) throws IOException {
    var temporary = link.resolveSibling("." + unique);
    Files.createSymbolicLink(temporary, directory);
    Files.move(
        temporary, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
