package peloton.mesos.local.process;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Secret;
import org.apache.mesos.v1.Protos.Volume;

/**
 * Makes the volumes of a container appear in its sandbox: as symbolic links, since a plain process
 * has no mounts of its own. So container paths have to be relative, and a volume for reading only
 * is as writable as what it points to.
 */
final class Volumes {

  private final Sandbox sandbox;

  Volumes(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Makes all volumes of a container.
   *
   * @throws IOException when one cannot be had; the message is for the framework's people
   */
  void make(ContainerInfo container) throws IOException {
    for (var volume : container.getVolumesList()) {
      make(volume);
    }
  }

  /** Makes {@code target} appear at a path of the sandbox, if it does not already. */
  void link(String containerPath, Path target) throws IOException {
    var place = place(containerPath);
    if (Files.isSymbolicLink(place) && Files.readSymbolicLink(place).equals(target)) {
      return;
    }
    Files.createDirectories(place.getParent());
    try {
      Files.createSymbolicLink(place, target);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("Volume '" + containerPath + "': there is something at that path", e);
    }
  }

  private void make(Volume volume) throws IOException {
    String path = volume.getContainerPath();
    if (volume.hasImage()) {
      throw unsupported(path, "of an image");
    }
    if (volume.hasSource()) {
      fromSource(path, volume.getSource());
    } else if (volume.hasHostPath()) {
      fromHost(path, volume.getHostPath());
    } else {
      Files.createDirectories(place(path));
    }
  }

  private void fromSource(String path, Volume.Source source) throws IOException {
    switch (source.getType()) {
      case HOST_PATH -> fromHost(path, source.getHostPath().getPath());
      case SANDBOX_PATH -> {
        boolean ofParent =
            source.getSandboxPath().getType() == Volume.Source.SandboxPath.Type.PARENT;
        var root = ofParent ? sandbox.parent().orElse(null) : sandbox.directory();
        if (root == null) {
          throw new IOException(
              "Volume '" + path + "': only tasks of a group have a parent's sandbox");
        }
        var target = inside(root, source.getSandboxPath().getPath(), path);
        if (!Files.isDirectory(target)) {
          Files.createDirectories(target);
        }
        link(path, target);
      }
      case SECRET -> {
        if (source.getSecret().getType() != Secret.Type.VALUE) {
          throw unsupported(path, "of a secret by reference");
        }
        var file = place(path);
        Files.createDirectories(file.getParent());
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, source.getSecret().getValue().getData().toByteArray());
      }
      default -> throw unsupported(path, "of type " + source.getType());
    }
  }

  private void fromHost(String path, String hostPath) throws IOException {
    var target = Path.of(hostPath);
    if (!target.isAbsolute()) {
      throw new IOException(
          "Volume '" + path + "': the host path '" + hostPath + "' must be absolute here");
    }
    if (!Files.exists(target)) {
      throw new IOException("Volume '" + path + "': host path '" + hostPath + "' does not exist");
    }
    link(path, target);
  }

  private Path place(String containerPath) throws IOException {
    if (containerPath.startsWith("/")) {
      throw new IOException(
          "Volume '"
              + containerPath
              + "': the local Mesos has no mounts, so the container path must be relative; it is"
              + " then in the sandbox");
    }
    return inside(sandbox.directory(), containerPath, containerPath);
  }

  private static Path inside(Path root, String path, String volume) throws IOException {
    var place = root.resolve(path.startsWith("/") ? path.substring(1) : path).normalize();
    if (!place.startsWith(root) || place.equals(root)) {
      throw new IOException("Volume '" + volume + "': '" + path + "' is not inside the sandbox");
    }
    return place;
  }

  private static IOException unsupported(String path, String what) {
    return new IOException(
        "Volume '" + path + "' is " + what + ", which is not supported by the local Mesos");
  }
}
