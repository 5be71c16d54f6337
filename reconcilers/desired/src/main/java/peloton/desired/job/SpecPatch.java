package peloton.desired.job;

import java.util.List;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Environment.Variable;
import org.apache.mesos.v1.Protos.Volume;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpecOrBuilder;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;

/**
 * The rules of PatchJob: a patch is a job specification that holds only what is to change.
 *
 * <ul>
 *   <li>A single value (text, number, flag, enum) that is given replaces the job's. Zero, false and
 *       empty are as good as not given.
 *   <li>A message ({@code sla}, {@code default_spec}, {@code resource}, {@code command}, ...) is
 *       merged field by field by these same rules.
 *   <li>Lists whose elements have a key are merged by it: labels by {@code key}; containers, ports,
 *       environment variables and volumes by {@code name}; volume mounts by {@code mount_path}. An
 *       element with a new key is added at the end; elements that the patch does not name stay. A
 *       container without a name is the job's only one.
 *   <li>Every other list ({@code ldap_groups}, arguments, URIs, constraints, Docker parameters, the
 *       volumes of a Mesos container) is replaced as a whole by one that is not empty.
 *   <li>{@code instance_spec} is merged by instance; each instance's pod by these same rules.
 *   <li>A container says what it runs in two forms, Mesos' and the neutral one. A patch may use
 *       either, whichever the job was created in: what it changes in one carries over to the other.
 *       If it gives both, Mesos' form counts, as in every specification.
 *   <li>{@code revision} is ignored.
 * </ul>
 *
 * So a patch cannot take anything away or set it to zero: that is done by ReplaceJob with the
 * specification as read, less what is to go.
 */
final class SpecPatch {
  private SpecPatch() {}

  /** The job's specification with the patch merged into it; not validated. */
  static JobSpec apply(JobSpec job, JobSpec patch) {
    JobSpec.Builder patched = job.toBuilder();
    FieldMerge.merge(
        patched, patch.toBuilder().clearRevision().clearDefaultSpec().clearInstanceSpec().build());
    if (!patch.getDefaultSpec().equals(PodSpec.getDefaultInstance())) {
      PodSpec pod = job.getDefaultSpec();
      patched.setDefaultSpec(apply(pod, patch.getDefaultSpec(), pod));
    }
    patch
        .getInstanceSpecMap()
        .forEach(
            (instance, pod) ->
                patched.putInstanceSpec(
                    instance,
                    apply(
                        job.getInstanceSpecOrDefault(instance, PodSpec.getDefaultInstance()),
                        pod,
                        job.getDefaultSpec())));
    return patched.build();
  }

  /**
   * One pod with a patch merged into it.
   *
   * @param fallback where the pod's Mesos settings and volumes come from if it has none
   */
  private static PodSpec apply(PodSpec pod, PodSpec patch, PodSpec fallback) {
    PodSpec before = EffectivePodSpec.mirrored(withFormsOf(pod, patch, fallback));
    PodSpec.Builder merged = before.toBuilder();
    FieldMerge.merge(merged, patch);
    for (int i = 0; i < before.getContainersCount(); i++) {
      ContainerSpec old = before.getContainers(i);
      ContainerSpec given = of(patch.getContainersList(), old);
      carry(before, merged, old, given, merged.getContainersBuilder(i), fallback);
      if (old.hasExecutor() && !given.hasExecutor()) {
        carryExecutor(
            old, before.getMesosSpec(), merged.getContainersBuilder(i), merged.getMesosSpec());
      }
    }
    for (int i = 0; i < before.getInitContainersCount(); i++) {
      ContainerSpec old = before.getInitContainers(i);
      ContainerSpec given = of(patch.getInitContainersList(), old);
      carry(before, merged, old, given, merged.getInitContainersBuilder(i), fallback);
    }
    PodSpec patched = EffectivePodSpec.mirrored(merged.build());
    return pod.hasMesosSpec() || patch.hasMesosSpec()
        ? patched
        // What it holds only repeats the Mesos forms; an instance would lose the default's by it.
        : patched.toBuilder().clearMesosSpec().build();
  }

  private static void carry(
      PodSpec before,
      PodSpec.Builder merged,
      ContainerSpec old,
      ContainerSpec given,
      ContainerSpec.Builder container,
      PodSpec fallback) {
    if (old.hasCommand() && !given.hasCommand()) {
      carryCommand(old, before.getMesosSpec(), container, merged.getMesosSpec());
    }
    if (old.hasContainer() && !given.hasContainer()) {
      carryContainer(old, before, container, merged, fallback);
    }
  }

  /** What a patch says of a container; one that it does not name is the only one, or untouched. */
  private static ContainerSpec of(List<ContainerSpec> patch, ContainerSpecOrBuilder container) {
    return patch.stream()
        .filter(given -> given.getName().isEmpty() || given.getName().equals(container.getName()))
        .findFirst()
        .orElse(ContainerSpec.getDefaultInstance());
  }

  /** Fills the Mesos forms that the patch speaks of and the pod has in parts only. */
  private static PodSpec withFormsOf(PodSpec pod, PodSpec patch, PodSpec fallback) {
    Apachemesos.PodSpec mesos = pod.hasMesosSpec() ? pod.getMesosSpec() : fallback.getMesosSpec();
    List<VolumeSpec> volumes =
        pod.getVolumesCount() > 0 ? pod.getVolumesList() : fallback.getVolumesList();
    PodSpec.Builder filled = pod.toBuilder();
    for (ContainerSpec.Builder container : filled.getContainersBuilderList()) {
      ContainerSpec given = of(patch.getContainersList(), container);
      fill(container, given, volumes, mesos);
      if (given.hasExecutor() && !container.hasExecutor()) {
        ExecutorForm.fromParts(pod.getMesosSpec()).ifPresent(container::setExecutor);
      }
    }
    for (ContainerSpec.Builder container : filled.getInitContainersBuilderList()) {
      fill(container, of(patch.getInitContainersList(), container), volumes, mesos);
    }
    return filled.build();
  }

  private static void fill(
      ContainerSpec.Builder container,
      ContainerSpec given,
      List<VolumeSpec> volumes,
      Apachemesos.PodSpec mesos) {
    if (given.hasCommand() && !container.hasCommand() && container.hasEntrypoint()) {
      container.setCommand(
          CommandForm.fromParts(container.getEntrypoint(), container.getEnvironmentList(), mesos));
    }
    if (given.hasContainer() && !container.hasContainer() && !container.getImage().isEmpty()) {
      ContainerForm.fromParts(container.getImage(), container.getVolumeMountsList(), volumes, mesos)
          .ifPresent(container::setContainer);
    }
  }

  private static void carryCommand(
      ContainerSpec old,
      Apachemesos.PodSpec oldMesos,
      ContainerSpec.Builder container,
      Apachemesos.PodSpec mesos) {
    boolean parts =
        !container.getEntrypoint().equals(old.getEntrypoint())
            || !container.getEnvironmentList().equals(old.getEnvironmentList())
            || mesos.getShell() != oldMesos.getShell()
            || !mesos.getUrisList().equals(oldMesos.getUrisList());
    if (!parts) {
      return;
    }
    CommandInfo given =
        CommandForm.fromParts(container.getEntrypoint(), container.getEnvironmentList(), mesos);
    CommandInfo.Builder command = container.getCommandBuilder();
    // What only Mesos' form can say stays.
    List<Variable> others =
        command.getEnvironment().getVariablesList().stream()
            .filter(variable -> variable.getType() != Variable.Type.VALUE)
            .toList();
    command.setShell(given.getShell()).clearValue().clearArguments().clearUris().clearEnvironment();
    if (given.hasValue()) {
      command.setValue(given.getValue());
    }
    command.addAllArguments(given.getArgumentsList()).addAllUris(given.getUrisList());
    if (given.hasEnvironment() || !others.isEmpty()) {
      command
          .getEnvironmentBuilder()
          .addAllVariables(given.getEnvironment().getVariablesList())
          .addAllVariables(others);
    }
  }

  private static void carryContainer(
      ContainerSpec old,
      PodSpec oldPod,
      ContainerSpec.Builder container,
      PodSpec.Builder pod,
      PodSpec fallback) {
    Apachemesos.PodSpec mesos = pod.getMesosSpec();
    Apachemesos.PodSpec oldMesos = oldPod.getMesosSpec();
    boolean parts =
        !container.getImage().equals(old.getImage())
            || !container.getVolumeMountsList().equals(old.getVolumeMountsList())
            || !pod.getVolumesList().equals(oldPod.getVolumesList())
            || mesos.getType() != oldMesos.getType()
            || !mesos.getNetworkSpec().equals(oldMesos.getNetworkSpec())
            || !mesos.getDockerParametersList().equals(oldMesos.getDockerParametersList());
    if (!parts) {
      return;
    }
    List<VolumeSpec> volumes =
        pod.getVolumesCount() > 0 ? pod.getVolumesList() : fallback.getVolumesList();
    ContainerForm.fromParts(container.getImage(), container.getVolumeMountsList(), volumes, mesos)
        .ifPresent(
            given ->
                container.setContainer(
                    carried(
                        old.getContainer(),
                        given,
                        mesos.getNetworkSpec().equals(oldMesos.getNetworkSpec()))));
  }

  /** What the parts say, and of the rest what only Mesos' form can say. */
  private static ContainerInfo carried(
      ContainerInfo old, ContainerInfo given, boolean sameNetwork) {
    ContainerInfo.Builder carried = old.toBuilder().setType(given.getType()).clearVolumes();
    for (Volume volume : old.getVolumesList()) {
      if (!ContainerForm.hasParts(volume)) {
        carried.addVolumes(volume);
      }
    }
    carried.addAllVolumes(given.getVolumesList());
    if (given.getType() == ContainerInfo.Type.DOCKER) {
      carried
          .clearMesos()
          .getDockerBuilder()
          .setImage(given.getDocker().getImage())
          .clearParameters()
          .addAllParameters(given.getDocker().getParametersList());
      if (!sameNetwork || old.getType() != given.getType()) {
        carried.getDockerBuilder().setNetwork(given.getDocker().getNetwork());
        carried.clearNetworkInfos().addAllNetworkInfos(given.getNetworkInfosList());
      }
    } else {
      carried.clearDocker();
      if (given.getMesos().hasImage()) {
        carried.getMesosBuilder().setImage(given.getMesos().getImage());
      }
    }
    return carried.build();
  }

  private static void carryExecutor(
      ContainerSpec old,
      Apachemesos.PodSpec oldMesos,
      ContainerSpec.Builder container,
      Apachemesos.PodSpec mesos) {
    if (!mesos.getExecutorSpec().equals(oldMesos.getExecutorSpec())) {
      ExecutorForm.fromParts(mesos)
          .ifPresent(
              given ->
                  container.setExecutor(
                      old.getExecutor().toBuilder().clearResources().mergeFrom(given)));
    }
  }
}
