package peloton.desired.job;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Volume;
import peloton.api.v1alpha.pod.Pod.PodSpec;

/**
 * Empty folders that go when the pod goes. They lie in the sandbox: that of the task, or, where a
 * pod has several, that of the executor, which all its containers share. Docker takes a path in the
 * sandbox for one that is not absolute.
 */
public final class PodVolumes {
  private static final String FOLDER = "volumes/";

  private PodVolumes() {}

  static boolean isName(String name) {
    return !name.isEmpty() && !name.contains("/") && !name.equals(".") && !name.equals("..");
  }

  /** Where a container mounts an empty folder. */
  static Volume emptyDir(String name, ContainerInfo.Type type) {
    Volume.Builder volume = Volume.newBuilder().setMode(Volume.Mode.RW).setContainerPath("");
    if (type == ContainerInfo.Type.DOCKER) {
      return volume.setHostPath(FOLDER + name).buildPartial();
    }
    volume
        .getSourceBuilder()
        .setType(Volume.Source.Type.SANDBOX_PATH)
        .getSandboxPathBuilder()
        .setType(Volume.Source.SandboxPath.Type.SELF)
        .setPath(FOLDER + name);
    return volume.buildPartial();
  }

  /** The name of the empty folder that a Mesos volume is; empty if it is another kind. */
  static Optional<String> nameOf(Volume volume) {
    String path =
        volume.hasHostPath() ? volume.getHostPath() : volume.getSource().getSandboxPath().getPath();
    return path.startsWith(FOLDER) && isName(path.substring(FOLDER.length()))
        ? Optional.of(path.substring(FOLDER.length()))
        : Optional.empty();
  }

  /** The pod for its launch: of several containers, all see the same empty folders. */
  public static PodSpec shared(PodSpec pod) {
    if (pod.getContainersCount() + pod.getInitContainersCount() < 2) {
      return pod;
    }
    PodSpec.Builder shared = pod.toBuilder();
    Stream.concat(
            shared.getInitContainersBuilderList().stream(),
            shared.getContainersBuilderList().stream())
        .filter(container -> container.hasContainer())
        .flatMap(container -> container.getContainerBuilder().getVolumesBuilderList().stream())
        .filter(volume -> volume.hasSource() && nameOf(volume.build()).isPresent())
        .forEach(
            volume ->
                volume
                    .getSourceBuilder()
                    .getSandboxPathBuilder()
                    .setType(Volume.Source.SandboxPath.Type.PARENT));
    return shared.build();
  }
}
