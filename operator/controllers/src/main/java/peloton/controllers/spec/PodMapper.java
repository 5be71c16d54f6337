package peloton.controllers.spec;

import java.util.List;
import java.util.Optional;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ContainerType;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;
import peloton.crds.pod.PodTemplate;
import peloton.crds.pod.PodVolume;

/**
 * Pod templates. What a template leaves out stays unset, so that an instance's own template
 * replaces what it names and nothing else.
 */
final class PodMapper {
  private final Problems problems;
  private final ContainerMapper containers;
  private final ConstraintMapper constraints;
  private final PortMapper ports;
  private final MesosMapper mesos;

  PodMapper(Problems problems) {
    this.problems = problems;
    this.containers = new ContainerMapper(problems);
    this.constraints = new ConstraintMapper(problems);
    this.ports = new PortMapper(problems);
    this.mesos = new MesosMapper(problems);
  }

  /** The pod that a job's instances are by default. */
  PodSpec template(String path, PodTemplate given) {
    return map(path, given, PodSpec.getDefaultInstance());
  }

  /**
   * What one instance has of its own.
   *
   * @param template what {@link #template} made of the job's template
   */
  PodSpec override(String path, PodTemplate given, PodSpec template) {
    return map(path, given, template);
  }

  private PodSpec map(String path, PodTemplate given, PodSpec below) {
    PodSpec.Builder pod =
        PodSpec.newBuilder()
            .addAllLabels(Given.labels(given.labels()))
            .addAllInitContainers(
                Paths.each(path + ".initContainers", given.initContainers(), containers::map))
            .addAllContainers(Paths.each(path + ".containers", given.containers(), containers::map))
            .addAllHostPorts(Paths.each(path + ".hostPorts", given.hostPorts(), ports::map))
            .addAllVolumes(Paths.each(path + ".volumes", given.volumes(), this::volume))
            .setController(Given.flag(given.controller()))
            .setRevocable(Given.flag(given.revocable()))
            .setKillGracePeriodSeconds(Given.number(given.killGracePeriodSeconds()));
    if (given.constraint() != null) {
      pod.setConstraint(constraints.map(path + ".constraint", given.constraint()));
    }
    if (given.restartPolicy() != null) {
      pod.getRestartPolicyBuilder()
          .setMaxFailures(Given.number(given.restartPolicy().maxFailures()));
    }
    if (given.preemptionPolicy() != null) {
      pod.getPreemptionPolicyBuilder()
          .setKillOnPreempt(Given.flag(given.preemptionPolicy().killOnPreempt()));
    }
    if (given.volume() != null) {
      pod.getVolumeBuilder()
          .setContainerPath(Given.text(given.volume().containerPath()))
          .setSizeMb(
              Amounts.wholeMegabytes(given.volume().size(), path + ".volume.size", problems));
    }
    settings(path, given, pod.getContainersList(), below).ifPresent(pod::setMesosSpec);
    return pod.build();
  }

  /**
   * The settings for Mesos. In the API a pod with an image and no containerizer runs without the
   * image; in a resource the image means Docker then.
   */
  private Optional<Apachemesos.PodSpec> settings(
      String path, PodTemplate given, List<ContainerSpec> own, PodSpec below) {
    boolean image =
        (own.isEmpty() ? below.getContainersList() : own)
            .stream()
                .anyMatch(
                    container -> !container.getImage().isEmpty() && !container.hasContainer());
    Apachemesos.PodSpec.Builder settings =
        given.mesos() == null
            ? below.getMesosSpec().toBuilder()
            : mesos.settings(path + ".mesos", given.mesos());
    boolean meansDocker = image && settings.getType() == ContainerType.CONTAINER_TYPE_INVALID;
    if (meansDocker) {
      settings.setType(ContainerType.CONTAINER_TYPE_DOCKER);
    }
    return given.mesos() != null || meansDocker ? Optional.of(settings.build()) : Optional.empty();
  }

  private VolumeSpec volume(String path, PodVolume given) {
    VolumeSpec.Builder volume = VolumeSpec.newBuilder().setName(Given.text(given.name()));
    if ((given.emptyDir() == null) == (given.hostPath() == null)) {
      problems.add(
          path,
          given.emptyDir() == null ? "neither emptyDir nor hostPath" : "emptyDir and hostPath",
          "must be exactly one of them");
    }
    if (given.emptyDir() != null) {
      volume
          .setType(VolumeSpec.VolumeType.VOLUME_TYPE_EMPTY_DIR)
          .getEmptyDirBuilder()
          .setMedium(Given.text(given.emptyDir().medium()))
          .setSizeInMb(
              Amounts.wholeMegabytes(given.emptyDir().size(), path + ".emptyDir.size", problems));
    }
    if (given.hostPath() != null) {
      volume
          .setType(VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH)
          .getHostPathBuilder()
          .setPath(Given.text(given.hostPath().path()));
    }
    return volume.build();
  }
}
