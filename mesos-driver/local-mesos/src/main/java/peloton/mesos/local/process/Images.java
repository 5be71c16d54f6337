package peloton.mesos.local.process;

import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Image;

/**
 * What becomes of tasks that want a container image. There are no images here: either such a task
 * is refused, or its command runs as a plain process of this machine as if it had not asked.
 *
 * @param ignored whether tasks run without their image
 * @param unpullable names of images that cannot be had, as if they were not in any registry
 */
public record Images(boolean ignored, Set<String> unpullable) {

  /** Tasks with an image are refused. */
  public static final Images REFUSED = new Images(false, Set.of());

  public Images {
    unpullable = Set.copyOf(unpullable);
  }

  /** Tasks run without their image, but for these, which cannot be pulled. */
  public static Images ignoredBut(Set<String> unpullable) {
    return new Images(true, unpullable);
  }

  /** Why a container cannot be had; empty when it can. */
  Optional<String> problem(ContainerInfo container) {
    var name = name(container);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (unpullable.contains(name.get())) {
      return Optional.of("Failed to pull image '" + name.get() + "': it is in no registry");
    }
    return ignored
        ? Optional.empty()
        : Optional.of(
            "Container images are not supported by the local Mesos: tasks are plain processes");
  }

  private static Optional<String> name(ContainerInfo container) {
    if (container.hasDocker()) {
      return Optional.of(container.getDocker().getImage());
    }
    if (container.getMesos().hasImage()) {
      var image = container.getMesos().getImage();
      return Optional.of(
          image.getType() == Image.Type.APPC
              ? image.getAppc().getName()
              : image.getDocker().getName());
    }
    return container.getType() == ContainerInfo.Type.DOCKER ? Optional.of("") : Optional.empty();
  }
}
