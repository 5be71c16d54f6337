package peloton.desired.job;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;

/**
 * What a pod is by its job's specification.
 *
 * <p>A container may say what it runs as a Mesos command or in parts (entrypoint, environment,
 * {@code mesos_spec}); likewise its image and its executor. The Mesos form wins where both are
 * there. Every specification that comes out of here has both forms filled, saying the same, so a
 * reader may look at either; a launcher looks at {@code command}, {@code container} and {@code
 * executor} only.
 */
public final class EffectivePodSpec {
  private static final Comparator<Label> LABELS =
      Comparator.comparing(Label::getKey).thenComparing(Label::getValue);
  private static final Comparator<PortSpec> PORTS =
      Comparator.comparing(PortSpec::getName)
          .thenComparing(PortSpec::getValue)
          .thenComparing(PortSpec::getEnvName);

  private EffectivePodSpec() {}

  /**
   * The pod of one instance: the default overlaid by the instance's own specification. The pod's
   * name is not set.
   */
  public static PodSpec of(JobSpec job, int instance) {
    return withSla(job, merged(job, job.getInstanceSpecMap().get(instance)));
  }

  /** A job's specification as it is read back: every pod in it has both forms filled. */
  public static JobSpec readable(JobSpec job) {
    JobSpec.Builder readable = job.toBuilder();
    if (job.hasDefaultSpec()) {
      readable.setDefaultSpec(whole(job.getDefaultSpec()));
    }
    for (Map.Entry<Integer, PodSpec> entry : job.getInstanceSpecMap().entrySet()) {
      PodSpec filled = job.hasDefaultSpec() ? part(job, entry.getValue()) : whole(entry.getValue());
      readable.putInstanceSpec(entry.getKey(), filled);
    }
    return readable.build();
  }

  /**
   * Whether a pod may go on running when its specification changes from one to the other. Names of
   * the pod and of containers do not count, nor does the order of labels and ports.
   */
  public static boolean samePod(PodSpec a, PodSpec b) {
    return a.equals(b) || canonical(a).equals(canonical(b));
  }

  /** The form of a specification that is equal for pods that are the same. */
  static PodSpec canonical(PodSpec spec) {
    PodSpec.Builder canonical = whole(spec).toBuilder().clearPodName();
    List<Label> labels = canonical.getLabelsList().stream().sorted(LABELS).toList();
    canonical.clearLabels().addAllLabels(labels);
    List<PortSpec> hostPorts = canonical.getHostPortsList().stream().sorted(PORTS).toList();
    canonical.clearHostPorts().addAllHostPorts(hostPorts);
    canonical.getContainersBuilderList().forEach(EffectivePodSpec::makeCanonical);
    canonical.getInitContainersBuilderList().forEach(EffectivePodSpec::makeCanonical);
    return canonical.build();
  }

  /** The effective pod with this specification laid over the default, or with none if null. */
  static PodSpec merged(JobSpec job, PodSpec own) {
    if (own == null) {
      return whole(job.getDefaultSpec());
    }
    if (!job.hasDefaultSpec()) {
      return whole(own);
    }
    PodSpec.Builder laid =
        Overlay.lay(job.getDefaultSpec(), whole(job.getDefaultSpec()), own).toBuilder();
    PodSpec volumes = own.getVolumesCount() > 0 ? own : job.getDefaultSpec();
    Apachemesos.PodSpec mesos =
        own.hasMesosSpec() ? own.getMesosSpec() : job.getDefaultSpec().getMesosSpec();
    for (ContainerSpec.Builder container : laid.getInitContainersBuilderList()) {
      fillCommand(container, mesos);
      fillContainer(container, volumes, mesos);
    }
    return mirror(laid);
  }

  static PodSpec withSla(JobSpec job, PodSpec pod) {
    boolean revocable = job.getSla().getRevocable();
    return pod.getRevocable() == revocable ? pod : pod.toBuilder().setRevocable(revocable).build();
  }

  /** A complete specification with both forms filled. */
  static PodSpec whole(PodSpec spec) {
    PodSpec.Builder filled = spec.toBuilder();
    Apachemesos.PodSpec mesos = spec.getMesosSpec();
    for (ContainerSpec.Builder container : filled.getContainersBuilderList()) {
      fillCommand(container, mesos);
      fillContainer(container, spec, mesos);
      fillExecutor(container, mesos);
    }
    for (ContainerSpec.Builder container : filled.getInitContainersBuilderList()) {
      fillCommand(container, mesos);
      fillContainer(container, spec, mesos);
    }
    return mirror(filled);
  }

  /**
   * A specification that is to be laid over the default, with both forms of what it replaces
   * filled. What it leaves to the default stays open.
   */
  private static PodSpec part(JobSpec job, PodSpec own) {
    PodSpec.Builder filled = own.toBuilder();
    Apachemesos.PodSpec mesos =
        own.hasMesosSpec() ? own.getMesosSpec() : job.getDefaultSpec().getMesosSpec();
    PodSpec volumes = own.getVolumesCount() > 0 ? own : job.getDefaultSpec();
    for (ContainerSpec.Builder container : filled.getContainersBuilderList()) {
      if (!container.hasCommand() && container.hasEntrypoint()) {
        container.setCommand(
            CommandForm.fromParts(
                container.getEntrypoint(), container.getEnvironmentList(), mesos));
      }
      if (!container.getImage().isEmpty()) {
        fillContainer(container, volumes, mesos);
      }
      fillExecutor(container, own.getMesosSpec());
    }
    for (ContainerSpec.Builder container : filled.getInitContainersBuilderList()) {
      fillCommand(container, mesos);
      fillContainer(container, volumes, mesos);
    }
    return mirror(filled);
  }

  private static void fillCommand(ContainerSpec.Builder container, Apachemesos.PodSpec mesos) {
    if (!container.hasCommand()
        && (container.hasEntrypoint() || container.getEnvironmentCount() > 0)) {
      container.setCommand(
          CommandForm.fromParts(container.getEntrypoint(), container.getEnvironmentList(), mesos));
    }
  }

  private static void fillContainer(
      ContainerSpec.Builder container, PodSpec volumes, Apachemesos.PodSpec mesos) {
    if (!container.hasContainer()) {
      ContainerForm.fromParts(
              container.getImage(),
              container.getVolumeMountsList(),
              volumes.getVolumesList(),
              mesos)
          .ifPresent(container::setContainer);
    }
  }

  private static void fillExecutor(ContainerSpec.Builder container, Apachemesos.PodSpec mesos) {
    if (!container.hasExecutor()) {
      ExecutorForm.fromParts(mesos).ifPresent(container::setExecutor);
    }
  }

  /** The same specification, with what its Mesos forms say also said in parts. */
  static PodSpec mirrored(PodSpec spec) {
    return mirror(spec.toBuilder());
  }

  /** Says in parts what the Mesos forms say. The pod's part is that of its first container. */
  private static PodSpec mirror(PodSpec.Builder pod) {
    forgetHostPaths(pod);
    for (ContainerSpec.Builder container : pod.getInitContainersBuilderList()) {
      // The pod's settings are those of its containers.
      Apachemesos.PodSpec.Builder ignored = Apachemesos.PodSpec.newBuilder();
      if (container.hasCommand()) {
        CommandForm.toParts(container.getCommand(), container, ignored);
      }
      if (container.hasContainer()) {
        ContainerForm.toParts(container.getContainer(), container, pod, ignored);
      }
    }
    for (int i = pod.getContainersCount() - 1; i >= 0; i--) {
      ContainerSpec.Builder container = pod.getContainersBuilder(i);
      Apachemesos.PodSpec.Builder mesos = pod.getMesosSpec().toBuilder();
      if (container.hasCommand()) {
        CommandForm.toParts(container.getCommand(), container, mesos);
      }
      if (container.hasContainer()) {
        ContainerForm.toParts(container.getContainer(), container, pod, mesos);
      }
      if (container.hasExecutor()) {
        ExecutorForm.toParts(container.getExecutor(), mesos);
      }
      if (container.hasCommand() || container.hasContainer() || container.hasExecutor()) {
        pod.setMesosSpec(mesos);
      }
    }
    return pod.build();
  }

  /** Where containers are in their Mesos form, they declare their host paths anew. */
  private static void forgetHostPaths(PodSpec.Builder pod) {
    boolean anew =
        Stream.concat(pod.getInitContainersList().stream(), pod.getContainersList().stream())
            .anyMatch(ContainerSpec::hasContainer);
    if (anew) {
      List<VolumeSpec> others =
          pod.getVolumesList().stream()
              .filter(volume -> volume.getType() != VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH)
              .toList();
      pod.clearVolumes().addAllVolumes(others);
    }
  }

  private static void makeCanonical(ContainerSpec.Builder container) {
    container.clearName();
    List<PortSpec> ports = container.getPortsList().stream().sorted(PORTS).toList();
    container.clearPorts().addAllPorts(ports);
    if (container.hasCommand()) {
      // An unset shell flag means true.
      container.getCommandBuilder().setShell(container.getCommand().getShell());
    }
  }
}
