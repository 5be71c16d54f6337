package peloton.command.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs on the PATH. */
final class Programs {
  private Programs() {}

  static Optional<Path> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Where a program is.
   *
   * @throws ClusterException that says how to install it
   */
  static Path require(String name, String debianPackage) {
    return find(name)
        .orElseThrow(
            () ->
                new ClusterException(
                    name
                        + " is not on the PATH; install it (Debian: apt-get install "
                        + debianPackage
                        + ")"));
  }
}
