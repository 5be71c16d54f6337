package peloton.mesos.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Secret;
import org.apache.mesos.v1.Protos.Volume;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumesTest {

  @TempDir Path root;
  private Path sandbox;
  private Path parent;
  private Path host;

  @BeforeEach
  void makeDirectories() throws Exception {
    parent = Files.createDirectory(root.resolve("parent"));
    sandbox = Files.createDirectory(parent.resolve("task"));
    host = Files.createDirectory(root.resolve("host"));
    Files.writeString(host.resolve("file"), "from the host");
  }

  @Test
  void aHostPathIsSeenInTheSandbox() throws Exception {
    make(volume("data/in").setHostPath(host.toString()));
    assertThat(sandbox.resolve("data/in/file")).hasContent("from the host");
    var source = volume("again");
    source
        .getSourceBuilder()
        .setType(Volume.Source.Type.HOST_PATH)
        .getHostPathBuilder()
        .setPath(host.resolve("file").toString());
    make(source);
    assertThat(sandbox.resolve("again")).hasContent("from the host");
  }

  @Test
  void aVolumeFromNowhereIsAnEmptyDirectory() throws Exception {
    make(volume("scratch"));
    assertThat(sandbox.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void tasksOfAGroupShareADirectoryOfTheirParent() throws Exception {
    make(sandboxPath("shared", Volume.Source.SandboxPath.Type.PARENT, "common"));
    Files.writeString(sandbox.resolve("shared/note"), "hello");
    assertThat(parent.resolve("common/note")).hasContent("hello");
    make(sandboxPath("mine", Volume.Source.SandboxPath.Type.SELF, "own"));
    Files.writeString(sandbox.resolve("own/note"), "mine");
    assertThat(sandbox.resolve("mine/note")).hasContent("mine");
  }

  @Test
  void aSecretIsAFileForItsOwnerOnly() throws Exception {
    var volume = volume("keys/password");
    var secret = volume.getSourceBuilder().setType(Volume.Source.Type.SECRET).getSecretBuilder();
    secret
        .setType(Secret.Type.VALUE)
        .getValueBuilder()
        .setData(ByteString.copyFromUtf8("open sesame"));
    make(volume);
    var file = sandbox.resolve("keys/password");
    assertThat(file).hasContent("open sesame");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/data", "../data", "a/../..", "."})
  void aPathOutsideOfTheSandboxIsRefused(String path) {
    assertThatThrownBy(() -> make(volume(path).setHostPath(host.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Volume '" + path + "'");
    assertThatThrownBy(
            () -> make(sandboxPath("ok", Volume.Source.SandboxPath.Type.PARENT, "../other")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> make(volume("data").setHostPath(root.resolve("none").toString())))
        .isInstanceOf(IOException.class)
        .hasMessage("Volume 'data': host path '" + root.resolve("none") + "' does not exist");
    assertThatThrownBy(() -> make(volume("data").setHostPath("relative")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must be absolute");
    var docker = volume("data");
    docker.getSourceBuilder().setType(Volume.Source.Type.DOCKER_VOLUME);
    assertThatThrownBy(() -> make(docker))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("of type DOCKER_VOLUME");
  }

  @Test
  void twoVolumesCannotBeInOnePlace() throws Exception {
    make(volume("data").setHostPath(host.toString()));
    assertThatThrownBy(() -> make(volume("data").setHostPath(root.toString())))
        .isInstanceOf(IOException.class)
        .hasMessage("Volume 'data': there is something at that path");
  }

  @Test
  void aTaskWithoutAGroupHasNoParent() {
    var alone = new Volumes(new Sandbox(sandbox, Optional.empty()));
    assertThatThrownBy(
            () ->
                alone.make(
                    container(
                        sandboxPath("shared", Volume.Source.SandboxPath.Type.PARENT, "common"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("only tasks of a group");
  }

  private void make(Volume.Builder volume) throws IOException {
    new Volumes(new Sandbox(sandbox, Optional.of(parent))).make(container(volume));
  }

  private static ContainerInfo container(Volume.Builder volume) {
    return ContainerInfo.newBuilder().setType(ContainerInfo.Type.MESOS).addVolumes(volume).build();
  }

  private static Volume.Builder volume(String path) {
    return Volume.newBuilder().setMode(Volume.Mode.RW).setContainerPath(path);
  }

  private static Volume.Builder sandboxPath(
      String path, Volume.Source.SandboxPath.Type type, String target) {
    var volume = volume(path);
    volume
        .getSourceBuilder()
        .setType(Volume.Source.Type.SANDBOX_PATH)
        .getSandboxPathBuilder()
        .setType(type)
        .setPath(target);
    return volume;
  }
}
