package peloton.controllers.spec;

import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.crds.pod.Container;
import peloton.crds.pod.Resources;

/** Containers. */
final class ContainerMapper {
  private final Problems problems;
  private final PortMapper ports;
  private final HealthCheckMapper checks;
  private final MesosMapper mesos;

  ContainerMapper(Problems problems) {
    this.problems = problems;
    this.ports = new PortMapper(problems);
    this.checks = new HealthCheckMapper(problems);
    this.mesos = new MesosMapper(problems);
  }

  ContainerSpec map(String path, Container given) {
    ContainerSpec.Builder container =
        ContainerSpec.newBuilder()
            .setName(Given.text(given.name()))
            .setImage(Given.text(given.image()));
    if (given.resources() != null) {
      container.setResource(resources(path + ".resources", given.resources()));
    }
    if (given.entrypoint() != null) {
      container.setEntrypoint(HealthCheckMapper.command(given.entrypoint()));
    }
    given
        .environment()
        .forEach(
            variable ->
                container
                    .addEnvironmentBuilder()
                    .setName(Given.text(variable.name()))
                    .setValue(Given.text(variable.value())));
    given
        .volumeMounts()
        .forEach(
            mount ->
                container
                    .addVolumeMountsBuilder()
                    .setName(Given.text(mount.name()))
                    .setMountPath(Given.text(mount.mountPath()))
                    .setReadOnly(Given.flag(mount.readOnly())));
    container.addAllPorts(Paths.each(path + ".ports", given.ports(), ports::map));
    if (given.livenessCheck() != null) {
      container.setLivenessCheck(checks.map(path + ".livenessCheck", given.livenessCheck()));
    }
    if (given.readinessCheck() != null) {
      container.setReadinessCheck(checks.map(path + ".readinessCheck", given.readinessCheck()));
    }
    if (given.mesos() != null) {
      mesos.form(path + ".mesos", given.mesos(), container);
    }
    return container.build();
  }

  private ResourceSpec resources(String path, Resources given) {
    return ResourceSpec.newBuilder()
        .setCpuLimit(Amounts.count(given.cpu(), path + ".cpu", problems))
        .setMemLimitMb(Amounts.megabytes(given.memory(), path + ".memory", problems))
        .setDiskLimitMb(Amounts.megabytes(given.disk(), path + ".disk", problems))
        .setGpuLimit(Amounts.count(given.gpu(), path + ".gpu", problems))
        .setFdLimit(Given.number(given.fileDescriptors()))
        .build();
  }
}
