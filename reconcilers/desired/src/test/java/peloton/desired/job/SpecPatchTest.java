package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.desired.job.Specs.environment;
import static peloton.desired.job.Specs.label;
import static peloton.desired.job.Specs.port;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Environment.Variable;
import org.apache.mesos.v1.Protos.Volume;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.VolumeMount;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ContainerType;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.NetworkSpec.NetworkType;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;

class SpecPatchTest {

  // ---- values, messages, lists

  @Test
  void anEmptyPatchChangesNothing() {
    JobSpec job = Specs.job(spec -> spec.putInstanceSpec(1, Specs.pod()));

    assertThat(SpecPatch.apply(job, JobSpec.getDefaultInstance())).isEqualTo(job);
    assertThat(
            SpecPatch.apply(
                job,
                JobSpec.newBuilder()
                    .setDefaultSpec(PodSpec.getDefaultInstance())
                    .setSla(job.getSla())
                    .build()))
        .isEqualTo(job);
  }

  @Test
  void theWholeSpecificationAsItIsReadChangesNothing() {
    JobSpec job =
        Specs.job(
            spec -> spec.putInstanceSpec(1, Specs.pod(pod -> pod.setKillGracePeriodSeconds(5))));

    JobSpec patched = SpecPatch.apply(job, EffectivePodSpec.readable(job));

    assertThat(StoredSpec.same(job, patched)).isTrue();
  }

  @Test
  void singleValuesThatAreGivenReplace() {
    JobSpec job = Specs.job(spec -> spec.setOwner("me").setDescription("old"));

    JobSpec patched =
        patch(job, spec -> spec.setName("api").setInstanceCount(7).setDescription("new"));

    assertThat(patched)
        .isEqualTo(
            job.toBuilder().setName("api").setInstanceCount(7).setDescription("new").build());
  }

  @Test
  void messagesAreMergedFieldByField() {
    JobSpec job = Specs.job(spec -> spec.getSlaBuilder().setPriority(3).setPreemptible(true));

    JobSpec patched =
        patch(
            job,
            spec -> {
              spec.getSlaBuilder().setMaximumUnavailableInstances(1);
              container(spec).getResourceBuilder().setCpuLimit(2);
            });

    assertThat(patched.getSla())
        .isEqualTo(job.getSla().toBuilder().setMaximumUnavailableInstances(1).build());
    assertThat(only(patched).getResource())
        .isEqualTo(only(job).getResource().toBuilder().setCpuLimit(2).build());
  }

  @Test
  void labelsAreMergedByKey() {
    JobSpec job =
        Specs.job(
            spec ->
                spec.addLabels(label("a", "1"))
                    .addLabels(label("b", "2"))
                    .addLabels(label("a", "3")));

    JobSpec patched =
        patch(job, spec -> spec.addLabels(label("a", "9")).addLabels(label("c", "4")));

    assertThat(patched.getLabelsList())
        .containsExactly(label("a", "9"), label("b", "2"), label("c", "4"));
  }

  @Test
  void podsLabelsAndPortsAndVariablesAreMergedByTheirKeys() {
    JobSpec job = Specs.job("pool");

    JobSpec patched =
        patch(
            job,
            spec -> {
              spec.getDefaultSpecBuilder().addLabels(label("tier", "back"));
              container(spec)
                  .addPorts(port("http", "PORT0"))
                  .addPorts(port("admin", "PORT1"))
                  .addEnvironment(environment("SIZE", "big"))
                  .addEnvironment(environment("COLOR", "red"));
            });

    assertThat(patched.getDefaultSpec().getLabelsList()).containsExactly(label("tier", "back"));
    assertThat(only(patched).getPortsList())
        .containsExactly(port("http", "PORT0"), port("admin", "PORT1"));
    assertThat(only(patched).getEnvironmentList())
        .containsExactly(environment("COLOR", "red"), environment("SIZE", "big"));
  }

  @Test
  void otherListsAreReplacedByOneThatIsNotEmpty() {
    JobSpec job = Specs.job(spec -> spec.addLdapGroups("a").addLdapGroups("b"));

    assertThat(patch(job, spec -> spec.addLdapGroups("c")).getLdapGroupsList())
        .containsExactly("c");
    assertThat(patch(job, spec -> spec.setName("x")).getLdapGroupsList()).containsExactly("a", "b");
    assertThat(
            only(patch(job, spec -> container(spec).getEntrypointBuilder().addArguments("-q")))
                .getEntrypoint())
        .satisfies(
            entrypoint -> {
              assertThat(entrypoint.getValue()).isEqualTo("serve");
              assertThat(entrypoint.getArgumentsList()).containsExactly("-q");
            });
  }

  @Test
  void containersAreMergedByNameOrIfThereIsOneOnlyWithoutAName() {
    JobSpec job = Specs.job("pool");

    JobSpec named = patch(job, spec -> container(spec).setName("main").setImage("a"));
    JobSpec nameless = patch(job, spec -> container(spec).setImage("a"));
    JobSpec other = patch(job, spec -> container(spec).setName("sidecar").setImage("a"));

    assertThat(named).isEqualTo(nameless);
    assertThat(only(named).getName()).isEqualTo("main");
    assertThat(other.getDefaultSpec().getContainersList())
        .extracting(ContainerSpec::getName)
        .containsExactly("main", "sidecar");
  }

  @Test
  void instancesAreMergedByTheirNumbers() {
    JobSpec job =
        Specs.job(
            spec ->
                spec.putInstanceSpec(0, PodSpec.newBuilder().addLabels(label("a", "1")).build())
                    .putInstanceSpec(1, PodSpec.newBuilder().addLabels(label("b", "2")).build()));

    JobSpec patched =
        patch(
            job,
            spec ->
                spec.putInstanceSpec(1, PodSpec.newBuilder().setKillGracePeriodSeconds(9).build())
                    .putInstanceSpec(2, PodSpec.newBuilder().addLabels(label("c", "3")).build()));

    assertThat(patched.getInstanceSpecMap())
        .isEqualTo(
            Map.of(
                0, PodSpec.newBuilder().addLabels(label("a", "1")).build(),
                1,
                    PodSpec.newBuilder()
                        .addLabels(label("b", "2"))
                        .setKillGracePeriodSeconds(9)
                        .build(),
                2, PodSpec.newBuilder().addLabels(label("c", "3")).build()));
    assertThat(patched.getDefaultSpec()).isEqualTo(job.getDefaultSpec());
  }

  @Test
  void theRevisionIsNotTheClients() {
    JobSpec job = Specs.job(spec -> spec.getRevisionBuilder().setVersion(4));

    assertThat(patch(job, spec -> spec.getRevisionBuilder().setVersion(9))).isEqualTo(job);
  }

  // ---- the two forms of a container

  @Test
  void partsOfAJobThatWasWrittenAsACommandMayBePatched() {
    JobSpec job = Specs.job(spec -> spec.setDefaultSpec(asCommand()));

    JobSpec patched =
        patch(
            job,
            spec ->
                container(spec)
                    .addEnvironment(environment("COLOR", "red"))
                    .getEntrypointBuilder()
                    .setValue("other"));

    CommandInfo command = runs(patched).getCommand();
    assertThat(command.getValue()).isEqualTo("other");
    assertThat(command.getUser()).as("only Mesos' form can say this").isEqualTo("nobody");
    assertThat(command.getShell()).isTrue();
    assertThat(command.getEnvironment().getVariablesList())
        .extracting(v -> v.getName() + v.getType() + v.getValue())
        .containsExactly("COLORVALUEred", "KEYSECRET");
    assertThat(runs(patched).getEntrypoint().getValue()).isEqualTo("other");
  }

  @Test
  void theCommandOfAJobThatWasWrittenInPartsMayBePatched() {
    JobSpec job = Specs.job("pool");

    JobSpec patched = patch(job, spec -> container(spec).getCommandBuilder().setValue("other"));

    CommandInfo command = runs(patched).getCommand();
    assertThat(command.getValue()).isEqualTo("other");
    assertThat(command.getArgumentsList()).containsExactly("-v");
    assertThat(command.getShell()).isTrue();
    assertThat(command.getEnvironment().getVariables(0).getValue()).isEqualTo("blue");
  }

  @Test
  void partsOfAJobThatWasWrittenInPartsMayBePatched() {
    JobSpec job = Specs.job("pool");

    JobSpec patched = patch(job, spec -> container(spec).getEntrypointBuilder().setValue("other"));

    assertThat(runs(patched).getCommand().getValue()).isEqualTo("other");
    assertThat(runs(patched).getCommand().getArgumentsList()).containsExactly("-v");
    assertThat(only(patched).hasCommand()).as("stays in the form it was written in").isFalse();
  }

  @Test
  void variablesOfACommandAreMergedByName() {
    JobSpec job = Specs.job(spec -> spec.setDefaultSpec(asCommand()));

    JobSpec patched =
        patch(
            job,
            spec ->
                container(spec)
                    .getCommandBuilder()
                    .getEnvironmentBuilder()
                    .addVariables(Variable.newBuilder().setName("COLOR").setValue("red"))
                    .addVariables(Variable.newBuilder().setName("SIZE").setValue("big")));

    assertThat(runs(patched).getCommand().getEnvironment().getVariablesList())
        .extracting(Variable::getName)
        .containsExactly("COLOR", "KEY", "SIZE");
    assertThat(runs(patched).getEnvironment(0).getValue()).isEqualTo("red");
  }

  @Test
  void whereBothFormsAreGivenMesosFormCounts() {
    JobSpec job = Specs.job(spec -> spec.setDefaultSpec(asCommand()));

    JobSpec patched =
        patch(
            job,
            spec -> {
              container(spec).getEntrypointBuilder().setValue("neutral");
              container(spec).getCommandBuilder().setValue("mesos");
            });

    assertThat(runs(patched).getCommand().getValue()).isEqualTo("mesos");
    assertThat(runs(patched).getEntrypoint().getValue()).isEqualTo("mesos");
  }

  @Test
  void aWholeReadSpecificationCountsByItsMesosForm() {
    JobSpec job = Specs.job(spec -> spec.setDefaultSpec(asCommand()));
    JobSpec.Builder both = EffectivePodSpec.readable(job).toBuilder();
    container(both).getEntrypointBuilder().setValue("neutral");
    JobSpec.Builder parts = both.clone();
    container(parts).clearCommand();
    JobSpec.Builder mesos = both.clone();
    container(mesos).getCommandBuilder().setValue("mesos");

    assertThat(runs(SpecPatch.apply(job, both.build())).getCommand().getValue()).isEqualTo("run");
    assertThat(runs(SpecPatch.apply(job, parts.build())).getCommand().getValue())
        .isEqualTo("neutral");
    assertThat(runs(SpecPatch.apply(job, mesos.build())).getCommand().getValue())
        .isEqualTo("mesos");
  }

  @Test
  void urisAndShellOfAPodReachItsCommand() {
    JobSpec job =
        Specs.job(
            spec ->
                spec.setDefaultSpec(asCommand())
                    .getDefaultSpecBuilder()
                    .getContainersBuilder(0)
                    .getCommandBuilder()
                    .setShell(false));

    JobSpec patched =
        patch(
            job,
            spec ->
                spec.getDefaultSpecBuilder()
                    .getMesosSpecBuilder()
                    .setShell(true)
                    .addUrisBuilder()
                    .setValue("http://a"));

    assertThat(runs(patched).getCommand().getShell()).isTrue();
    assertThat(runs(patched).getCommand().getUris(0).getValue()).isEqualTo("http://a");
    assertThat(runs(patched).getCommand().getValue()).isEqualTo("run");
  }

  @Test
  void anImageMayBePatchedInPartsOrInMesosForm() {
    JobSpec docker = Specs.job(spec -> spec.setDefaultSpec(asDocker()));
    JobSpec parts =
        Specs.job(
            spec -> {
              spec.getDefaultSpecBuilder()
                  .getMesosSpecBuilder()
                  .setType(ContainerType.CONTAINER_TYPE_DOCKER);
              container(spec).setImage("a:1");
            });
    Consumer<JobSpec.Builder> byParts = spec -> container(spec).setImage("a:2");
    Consumer<JobSpec.Builder> byMesos =
        spec -> container(spec).getContainerBuilder().getDockerBuilder().setImage("a:2");
    for (JobSpec job : List.of(docker, parts)) {
      JobSpec one = patch(job, byParts);
      JobSpec other =
          patch(
              job,
              byMesos.andThen(
                  spec ->
                      container(spec).getContainerBuilder().setType(ContainerInfo.Type.DOCKER)));

      assertThat(runs(one).getContainer().getDocker().getImage()).isEqualTo("a:2");
      assertThat(runs(other).getContainer()).isEqualTo(runs(one).getContainer());
      assertThat(runs(other).getImage()).isEqualTo("a:2");
    }
    assertThat(runs(patch(docker, byParts)).getContainer())
        .as("what only Mesos' form can say stays")
        .isEqualTo(
            asDocker().getContainers(0).getContainer().toBuilder()
                .setDocker(
                    asDocker().getContainers(0).getContainer().getDocker().toBuilder()
                        .setImage("a:2"))
                .build());
  }

  @Test
  void aNetworkMayBePatchedInParts() {
    JobSpec job = Specs.job(spec -> spec.setDefaultSpec(asDocker()));

    JobSpec patched =
        patch(
            job,
            spec ->
                spec.getDefaultSpecBuilder()
                    .getMesosSpecBuilder()
                    .getNetworkSpecBuilder()
                    .setType(NetworkType.NETWORK_TYPE_BRIDGE));

    assertThat(runs(patched).getContainer().getDocker().getNetwork())
        .isEqualTo(ContainerInfo.DockerInfo.Network.BRIDGE);
  }

  @Test
  void aContainerMayBecomeOneOfAnotherType() {
    JobSpec job = Specs.job(spec -> spec.setDefaultSpec(asDocker()));
    JobSpec mesos =
        patch(
            job,
            spec ->
                spec.getDefaultSpecBuilder()
                    .getMesosSpecBuilder()
                    .setType(ContainerType.CONTAINER_TYPE_MESOS));

    JobSpec docker =
        patch(
            mesos,
            spec ->
                spec.getDefaultSpecBuilder()
                    .getMesosSpecBuilder()
                    .setType(ContainerType.CONTAINER_TYPE_DOCKER)
                    .getNetworkSpecBuilder()
                    .setType(NetworkType.NETWORK_TYPE_BRIDGE));

    assertThat(runs(mesos).getContainer().getType()).isEqualTo(ContainerInfo.Type.MESOS);
    assertThat(runs(mesos).getContainer().getMesos().getImage().getDocker().getName())
        .isEqualTo("a:1");
    assertThat(runs(mesos).getContainer().hasDocker()).isFalse();
    assertThat(runs(docker).getContainer().getDocker().getImage()).isEqualTo("a:1");
    assertThat(runs(docker).getContainer().getDocker().getNetwork())
        .isEqualTo(ContainerInfo.DockerInfo.Network.BRIDGE);
    assertThat(runs(docker).getContainer().hasMesos()).isFalse();
    assertThat(runs(docker).getContainer().getHostname()).isEqualTo("inside");
  }

  @Test
  void volumesAreMergedByNameAndMountsByPath() {
    JobSpec job =
        Specs.job(
            spec -> {
              spec.getDefaultSpecBuilder()
                  .addVolumes(hostPath("data", "/srv/data"))
                  .getMesosSpecBuilder()
                  .setType(ContainerType.CONTAINER_TYPE_MESOS);
              container(spec).setImage("a").addVolumeMounts(mount("data", "/data"));
            });

    JobSpec patched =
        patch(
            job,
            spec -> {
              spec.getDefaultSpecBuilder()
                  .addVolumes(hostPath("data", "/srv/other"))
                  .addVolumes(hostPath("logs", "/srv/logs"));
              container(spec).addVolumeMounts(mount("logs", "/logs"));
            });

    assertThat(runs(patched).getContainer().getVolumesList())
        .extracting(volume -> volume.getHostPath() + ":" + volume.getContainerPath())
        .containsExactly("/srv/other:/data", "/srv/logs:/logs");
  }

  @Test
  void anInstanceThatHasACommandOfItsOwnMayBePatchedInParts() {
    JobSpec job =
        Specs.job(
            spec ->
                spec.putInstanceSpec(
                    1,
                    PodSpec.newBuilder()
                        .addContainers(
                            ContainerSpec.newBuilder()
                                .setCommand(CommandInfo.newBuilder().setValue("canary")))
                        .build()));

    JobSpec patched =
        patch(
            job,
            spec ->
                spec.putInstanceSpec(
                    1,
                    PodSpec.newBuilder()
                        .addContainers(
                            ContainerSpec.newBuilder().addEnvironment(environment("TRACE", "1")))
                        .build()));

    CommandInfo command = EffectivePodSpec.of(patched, 1).getContainers(0).getCommand();
    assertThat(command.getValue()).isEqualTo("canary");
    assertThat(command.getEnvironment().getVariables(0).getName()).isEqualTo("TRACE");
    assertThat(EffectivePodSpec.of(patched, 0)).isEqualTo(EffectivePodSpec.of(job, 0));
  }

  @Test
  void anInstanceKeepsTheMesosSettingsOfTheDefault() {
    JobSpec job =
        Specs.job(
            spec -> {
              spec.getDefaultSpecBuilder()
                  .getMesosSpecBuilder()
                  .setType(ContainerType.CONTAINER_TYPE_DOCKER);
              spec.putInstanceSpec(
                  1,
                  PodSpec.newBuilder()
                      .addContainers(
                          ContainerSpec.newBuilder()
                              .setImage("canary:1")
                              .setCommand(CommandInfo.newBuilder().setValue("canary")))
                      .build());
            });

    JobSpec patched =
        patch(
            job,
            spec ->
                spec.putInstanceSpec(1, PodSpec.newBuilder().setKillGracePeriodSeconds(9).build()));

    assertThat(EffectivePodSpec.of(patched, 1))
        .isEqualTo(EffectivePodSpec.of(job, 1).toBuilder().setKillGracePeriodSeconds(9).build());
    assertThat(
            EffectivePodSpec.of(patched, 1).getContainers(0).getContainer().getDocker().getImage())
        .isEqualTo("canary:1");
  }

  private static PodSpec asCommand() {
    return Specs.container(
        container -> {
          container.clearEntrypoint().clearEnvironment();
          CommandInfo.Builder command =
              container.getCommandBuilder().setValue("run").setUser("nobody");
          command
              .getEnvironmentBuilder()
              .addVariables(Variable.newBuilder().setName("COLOR").setValue("blue"))
              .addVariables(Variable.newBuilder().setName("KEY").setType(Variable.Type.SECRET));
        });
  }

  private static PodSpec asDocker() {
    return Specs.container(
        container -> {
          ContainerInfo.Builder info =
              container
                  .getContainerBuilder()
                  .setType(ContainerInfo.Type.DOCKER)
                  .setHostname("inside")
                  .addVolumes(Volume.newBuilder().setContainerPath("/tmp").setMode(Volume.Mode.RW));
          info.getDockerBuilder()
              .setImage("a:1")
              .setNetwork(ContainerInfo.DockerInfo.Network.HOST)
              .setForcePullImage(true);
        });
  }

  private static VolumeSpec hostPath(String name, String path) {
    return VolumeSpec.newBuilder()
        .setName(name)
        .setType(VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH)
        .setHostPath(VolumeSpec.HostPathVolumeSource.newBuilder().setPath(path))
        .build();
  }

  private static VolumeMount mount(String name, String path) {
    return VolumeMount.newBuilder().setName(name).setMountPath(path).build();
  }

  private static JobSpec patch(JobSpec job, Consumer<JobSpec.Builder> change) {
    JobSpec.Builder patch = JobSpec.newBuilder();
    change.accept(patch);
    return SpecPatch.apply(job, patch.build());
  }

  /** The default pod's first container in a patch. */
  private static ContainerSpec.Builder container(JobSpec.Builder spec) {
    PodSpec.Builder pod = spec.getDefaultSpecBuilder();
    return pod.getContainersCount() == 0 ? pod.addContainersBuilder() : pod.getContainersBuilder(0);
  }

  private static ContainerSpec only(JobSpec job) {
    return job.getDefaultSpec().getContainers(0);
  }

  /** What the default pod runs in effect. */
  private static ContainerSpec runs(JobSpec job) {
    return EffectivePodSpec.of(job, 0).getContainers(0);
  }
}
