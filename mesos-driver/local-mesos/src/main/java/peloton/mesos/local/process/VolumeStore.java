package peloton.mesos.local.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import peloton.mesos.local.agent.PersistentVolume;

/** The directories of persistent volumes: {@code volumes/<machine>/roles/<role>/<id>}. */
final class VolumeStore {

  private final Path root;

  VolumeStore(Path workDir) {
    root = workDir.resolve("volumes");
  }

  /** Makes the directory if it is not there, and says where it is. */
  Path make(PersistentVolume volume) throws IOException {
    return Files.createDirectories(directory(volume));
  }

  /** Removes the directory with all that is in it. */
  void remove(PersistentVolume volume) throws IOException {
    remove(directory(volume));
  }

  /** Removes everything: nobody knows of volumes that an earlier local Mesos had. */
  void clear() throws IOException {
    remove(root);
  }

  private Path directory(PersistentVolume volume) {
    return root.resolve(volume.hostname())
        .resolve("roles")
        .resolve(volume.role())
        .resolve(volume.id());
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path emptied, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(emptied);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
