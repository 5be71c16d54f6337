package peloton.mesos.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import peloton.mesos.local.agent.Launch;

/**
 * A task's directory, where Mesos agents have it: {@code
 * slaves/<agent>/frameworks/<framework>/executors/<task>/runs/<container>}, and {@code latest}
 * beside it for the newest container.
 */
record Sandbox(Path directory) {

  /** Makes the directory and points {@code latest} at it. */
  static Sandbox create(Path workDir, Launch launch) throws IOException {
    var runs =
        workDir
            .resolve("slaves")
            .resolve(launch.agentId())
            .resolve("frameworks")
            .resolve(launch.key().frameworkId())
            .resolve("executors")
            .resolve(launch.key().taskId())
            .resolve("runs");
    var directory = Files.createDirectories(runs.resolve(launch.containerId()));
    var link = runs.resolve(".latest-" + launch.containerId());
    Files.createSymbolicLink(link, directory);
    Files.move(
        link,
        runs.resolve("latest"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    return new Sandbox(directory);
  }

  Path stdout() {
    return directory.resolve("stdout");
  }

  Path stderr() {
    return directory.resolve("stderr");
  }
}
