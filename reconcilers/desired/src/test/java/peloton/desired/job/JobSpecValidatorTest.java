package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static peloton.desired.job.Specs.container;
import static peloton.desired.job.Specs.job;
import static peloton.desired.job.Specs.label;
import static peloton.desired.job.Specs.pod;
import static peloton.desired.job.Specs.port;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.Constraint;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec.HealthCheckType;
import peloton.api.v1alpha.pod.Pod.LabelConstraint;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;
import peloton.desired.ApiException;
import peloton.desired.Violation;

class JobSpecValidatorTest {

  static Stream<Arguments> allowed() {
    return Stream.of(
        arguments("an ordinary job", job("pool")),
        arguments("no instances", job(job -> job.setInstanceCount(0))),
        arguments("no instances and no pod", job(j -> j.setInstanceCount(0).clearDefaultSpec())),
        arguments("the most instances", job(job -> job.setInstanceCount(100_000))),
        arguments("no name", job(job -> job.clearName())),
        arguments("no resources", withContainer(c -> c.clearResource())),
        arguments(
            "the largest resources",
            withResource(r -> r.setCpuLimit(1024).setMemLimitMb(16_777_216).setGpuLimit(1024))),
        arguments("a static port", withContainer(c -> c.addPorts(staticPort("p", 80)))),
        arguments(
            "many failures", withPod(p -> p.getRestartPolicyBuilder().setMaxFailures(100_000))),
        arguments(
            "a default that its instances complete",
            job(
                job ->
                    job.setInstanceCount(1)
                        .setDefaultSpec(PodSpec.getDefaultInstance())
                        .putInstanceSpec(0, pod()))),
        arguments(
            "instances without a default",
            job(
                job ->
                    job.setInstanceCount(2)
                        .clearDefaultSpec()
                        .putInstanceSpec(0, pod())
                        .putInstanceSpec(1, pod()))),
        arguments(
            "a broken instance beyond the last",
            job(
                job ->
                    job.putInstanceSpec(
                        3, container(c -> c.getResourceBuilder().setCpuLimit(-1))))),
        arguments(
            "a controller at instance 0",
            job(job -> job.putInstanceSpec(0, PodSpec.newBuilder().setController(true).build()))),
        arguments(
            "a controller alone",
            job(job -> job.setInstanceCount(1).setDefaultSpec(pod(p -> p.setController(true))))),
        arguments(
            "a revocable job that is preemptible",
            job(job -> job.getSlaBuilder().setRevocable(true).setPreemptible(true))),
        arguments("a disabled check that says nothing", withCheck(c -> c.setEnabled(false))),
        arguments(
            "a command check",
            withCheck(
                c ->
                    c.setType(HealthCheckType.HEALTH_CHECK_TYPE_COMMAND)
                        .getCommandCheckBuilder()
                        .setCommand("true"))),
        arguments(
            "an HTTP check",
            withCheck(
                c ->
                    c.setType(HealthCheckType.HEALTH_CHECK_TYPE_HTTP)
                        .getHttpCheckBuilder()
                        .setPort(80)
                        .setPath("/health"))),
        arguments(
            "an image without a command",
            job(
                job ->
                    job.setDefaultSpec(
                        pod(
                            p -> {
                              p.getMesosSpecBuilder()
                                  .setType(Apachemesos.PodSpec.ContainerType.CONTAINER_TYPE_DOCKER);
                              p.getContainersBuilder(0).clearEntrypoint().setImage("app");
                            })))),
        arguments(
            "a custom executor with a port that it reads itself",
            withContainer(
                c ->
                    c.clearEntrypoint()
                        .setExecutor(executor(Protos.ExecutorInfo.Type.CUSTOM, "data"))
                        .addPorts(PortSpec.newBuilder().setName("p")))),
        arguments(
            "constraints within constraints",
            withConstraint(
                c ->
                    c.setType(Constraint.Type.CONSTRAINT_TYPE_AND)
                        .getAndConstraintBuilder()
                        .addConstraints(anti()))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allowed")
  void allows(String what, JobSpec spec) {
    assertThat(JobSpecValidator.validate(spec)).isEmpty();
  }

  static Stream<Arguments> forbidden() {
    return Stream.of(
        arguments(
            job(job -> job.setInstanceCount(200_000)),
            "spec.instance_count: given 200000; must be at most 100000"),
        arguments(
            job(job -> job.setInstanceCount(-1)),
            "spec.instance_count: given 4294967295; must be at most 100000"),
        arguments(
            job(job -> job.setName("x".repeat(1025))),
            "spec.name: given 1025 characters; must have at most 1024"),
        arguments(
            job(job -> job.getSlaBuilder().setRevocable(true)),
            "spec.sla.preemptible: given false beside sla.revocable true; a revocable job must be"
                + " preemptible"),
        arguments(
            job(job -> job.addLabels(label("", "v"))),
            "spec.labels[0].key: given an empty key for the value \"v\"; a label needs a key"),
        arguments(
            job(JobSpec.Builder::clearDefaultSpec),
            "spec.default_spec: given none, and no instance_spec[0]; missing task config for"
                + " instance 0: give a default_spec, or an instance_spec for each instance"),
        arguments(
            job(job -> job.clearDefaultSpec().putInstanceSpec(0, pod())),
            "spec.default_spec: given none, and no instance_spec[1]; missing task config for"
                + " instance 1: give a default_spec, or an instance_spec for each instance"),
        arguments(
            withPod(PodSpec.Builder::clearContainers),
            "spec.default_spec.containers: given no containers; at least one container is"
                + " required"),
        arguments(
            withPod(p -> p.addLabels(label("", "v"))),
            "spec.default_spec.labels[1].key: given an empty key for the value \"v\"; a label needs"
                + " a key"),
        arguments(
            withPod(p -> p.getPreemptionPolicyBuilder().setKillOnPreempt(true)),
            "spec.default_spec.preemption_policy.kill_on_preempt: given true; must be false for a"
                + " stateless job: its pods come back after a preemption"),
        arguments(
            withPod(p -> p.setKillGracePeriodSeconds(86_401)),
            "spec.default_spec.kill_grace_period_seconds: given 86401; must be at most 86400"),
        arguments(
            withPod(p -> p.setController(true)),
            "spec.default_spec.controller: given true for 3 instances; only instance 0 may be a"
                + " controller"),
        arguments(
            job(job -> job.putInstanceSpec(2, PodSpec.newBuilder().setController(true).build())),
            "spec.instance_spec[2].controller: given true; only instance 0 may be a controller"),
        arguments(
            job(
                job ->
                    job.putInstanceSpec(2, container(c -> c.getResourceBuilder().setCpuLimit(-2)))),
            "spec.instance_spec[2].containers[0].resource.cpu_limit: given -2.0; must be from 0 to"
                + " 1024 cores"),
        arguments(
            withResource(r -> r.setCpuLimit(1024.5)),
            "spec.default_spec.containers[0].resource.cpu_limit: given 1024.5; must be from 0 to"
                + " 1024 cores"),
        arguments(
            withResource(r -> r.setMemLimitMb(-1)),
            "spec.default_spec.containers[0].resource.mem_limit_mb: given -1.0; must be from 0 to"
                + " 16777216 MB"),
        arguments(
            withResource(r -> r.setDiskLimitMb(Double.POSITIVE_INFINITY)),
            "spec.default_spec.containers[0].resource.disk_limit_mb: given Infinity; must be from 0"
                + " to 1073741824 MB"),
        arguments(
            withResource(r -> r.setGpuLimit(Double.NaN)),
            "spec.default_spec.containers[0].resource.gpu_limit: given NaN; must be from 0 to 1024"
                + " GPUs"),
        arguments(
            withContainer(c -> c.addPorts(PortSpec.newBuilder().setValue(80))),
            "spec.default_spec.containers[0].ports[1].name: given no name; a port needs a name"),
        arguments(
            withContainer(c -> c.addPorts(staticPort("http", 80))),
            "spec.default_spec.containers[0].ports[1].name: given \"http\" for a second port; port"
                + " names must differ"),
        arguments(
            withContainer(c -> c.addPorts(staticPort("p", 65_536))),
            "spec.default_spec.containers[0].ports[1].value: given 65536; must be from 1 to 65535,"
                + " or 0 for a port that is chosen at launch"),
        arguments(
            withContainer(c -> c.addPorts(port("p", ""))),
            "spec.default_spec.containers[0].ports[1].env_name: given none, for a port that is"
                + " chosen at launch; name the environment variable that tells the container its"
                + " port, or set value"),
        arguments(
            withContainer(ContainerSpec.Builder::clearEntrypoint),
            "spec.default_spec.containers[0].command: given no command.value and no"
                + " entrypoint.value; a container must say what to run: set command.value or"
                + " entrypoint.value, or an image with mesos_spec.type DOCKER or MESOS"),
        arguments(
            withContainer(c -> c.clearEntrypoint().setImage("app")),
            "spec.default_spec.containers[0].command: given an image with mesos_spec.type unset,"
                + " which is not used, and no command; a container must say what to run: set"
                + " command.value or entrypoint.value, or an image with mesos_spec.type DOCKER or"
                + " MESOS"),
        arguments(
            withContainer(c -> c.setExecutor(executor(Protos.ExecutorInfo.Type.DEFAULT, "data"))),
            "spec.default_spec.containers[0].executor.type: given DEFAULT; must be CUSTOM, or leave"
                + " the executor out"),
        arguments(
            withContainer(c -> c.setExecutor(executor(Protos.ExecutorInfo.Type.CUSTOM, ""))),
            "spec.default_spec.containers[0].executor.data: given no data; a custom executor needs"
                + " its data"),
        arguments(
            withContainer(
                c ->
                    c.getContainerBuilder()
                        .setType(Protos.ContainerInfo.Type.MESOS)
                        .addVolumesBuilder()
                        .setMode(Protos.Volume.Mode.RO)
                        .setContainerPath("/s")
                        .getSourceBuilder()
                        .setType(Protos.Volume.Source.Type.SECRET)),
            "spec.default_spec.containers[0].container.volumes[0].source.type: given SECRET; a"
                + " specification may not mount secrets by itself"),
        arguments(
            withPod(p -> p.getVolumeBuilder().setContainerPath("data")),
            "spec.default_spec.volume.size_mb: given 0; must be at least 1"),
        arguments(
            withPod(p -> p.getVolumeBuilder().setSizeMb(1)),
            "spec.default_spec.volume.container_path: given \"\"; must be a path, of which no part is"
                + " \"..\"; without a slash at its beginning it is below the sandbox"),
        arguments(
            withPod(p -> p.getVolumeBuilder().setSizeMb(1).setContainerPath("a/../../b")),
            "spec.default_spec.volume.container_path: given \"a/../../b\"; must be a path, of which"
                + " no part is \"..\"; without a slash at its beginning it is below the sandbox"),
        arguments(
            withCheck(c -> {}),
            "spec.default_spec.containers[0].liveness_check.type: given 0; an enabled check needs"
                + " type HEALTH_CHECK_TYPE_COMMAND, HEALTH_CHECK_TYPE_HTTP or"
                + " HEALTH_CHECK_TYPE_GRPC"),
        arguments(
            withCheck(c -> c.setType(HealthCheckType.HEALTH_CHECK_TYPE_GRPC)),
            "spec.default_spec.containers[0].liveness_check.command_check.command: given no"
                + " command; Mesos knows no gRPC, so name a command that asks in its place, such"
                + " as grpc_health_probe -addr=localhost:$PORT"),
        arguments(
            withContainer(c -> c.getReadinessCheckBuilder().setEnabled(true)),
            "spec.default_spec.containers[0].readiness_check.type: given 0; an enabled check needs"
                + " type HEALTH_CHECK_TYPE_COMMAND, HEALTH_CHECK_TYPE_HTTP or"
                + " HEALTH_CHECK_TYPE_GRPC"),
        arguments(
            withContainer(
                c ->
                    c.getReadinessCheckBuilder()
                        .setEnabled(true)
                        .setType(HealthCheckType.HEALTH_CHECK_TYPE_HTTP)
                        .getHttpCheckBuilder()
                        .setPort(443)
                        .setScheme("https")),
            "spec.default_spec.containers[0].readiness_check.http_check.scheme: given https; Mesos"
                + " checks readiness over http only; use a command such as curl"),
        arguments(
            withContainer(
                c ->
                    c.getReadinessCheckBuilder()
                        .setEnabled(true)
                        .setType(HealthCheckType.HEALTH_CHECK_TYPE_COMMAND)
                        .setMaxConsecutiveFailures(3)
                        .getCommandCheckBuilder()
                        .setCommand("true")),
            "spec.default_spec.containers[0].readiness_check.max_consecutive_failures: given 3; a"
                + " readiness check ends nothing, leave it out; a liveness_check does"),
        arguments(
            withCheck(c -> c.setType(HealthCheckType.HEALTH_CHECK_TYPE_COMMAND)),
            "spec.default_spec.containers[0].liveness_check.command_check.command: given no"
                + " command; say what to run"),
        arguments(
            withCheck(c -> c.setType(HealthCheckType.HEALTH_CHECK_TYPE_HTTP)),
            "spec.default_spec.containers[0].liveness_check.http_check.port: given 0; must be from"
                + " 1 to 65535"),
        arguments(
            withCheck(
                c ->
                    c.setType(HealthCheckType.HEALTH_CHECK_TYPE_HTTP)
                        .getHttpCheckBuilder()
                        .setPort(80)
                        .setScheme("ftp")),
            "spec.default_spec.containers[0].liveness_check.http_check.scheme: given \"ftp\"; must"
                + " be http, https or empty"),
        arguments(
            withCheck(
                c ->
                    c.setType(HealthCheckType.HEALTH_CHECK_TYPE_HTTP)
                        .getHttpCheckBuilder()
                        .setPort(80)
                        .setPath("health")),
            "spec.default_spec.containers[0].liveness_check.http_check.path: given \"health\"; must"
                + " begin with /"),
        arguments(
            withCheck(
                c ->
                    c.setType(HealthCheckType.HEALTH_CHECK_TYPE_COMMAND)
                        .setIntervalSecs(-1)
                        .getCommandCheckBuilder()
                        .setCommand("true")),
            "spec.default_spec.containers[0].liveness_check.interval_secs: given 4294967295; must"
                + " be at most 86400"),
        arguments(
            withConstraint(c -> {}),
            "spec.default_spec.constraint.type: given 0; must be CONSTRAINT_TYPE_LABEL,"
                + " CONSTRAINT_TYPE_AND or CONSTRAINT_TYPE_OR"),
        arguments(
            withConstraint(c -> c.setType(Constraint.Type.CONSTRAINT_TYPE_OR)),
            "spec.default_spec.constraint.or_constraint.constraints: given no constraints; at least"
                + " one is required"),
        arguments(
            withConstraint(c -> c.setType(Constraint.Type.CONSTRAINT_TYPE_LABEL)),
            "spec.default_spec.constraint.label_constraint: given none; CONSTRAINT_TYPE_LABEL needs"
                + " a label_constraint"),
        arguments(
            withConstraint(
                c ->
                    c.setType(Constraint.Type.CONSTRAINT_TYPE_AND)
                        .getAndConstraintBuilder()
                        .addConstraints(anti())
                        .addConstraints(
                            anti(
                                l ->
                                    l.setKind(
                                        LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_INVALID)))),
            "spec.default_spec.constraint.and_constraint.constraints[1].label_constraint.kind:"
                + " given 0; must be LABEL_CONSTRAINT_KIND_POD or LABEL_CONSTRAINT_KIND_HOST"),
        arguments(
            withConstraint(
                c ->
                    c.mergeFrom(
                        anti(
                            l ->
                                l.setCondition(
                                    LabelConstraint.Condition
                                        .LABEL_CONSTRAINT_CONDITION_INVALID)))),
            "spec.default_spec.constraint.label_constraint.condition: given 0; must be"
                + " LABEL_CONSTRAINT_CONDITION_LESS_THAN, _EQUAL or _GREATER_THAN"),
        arguments(
            withConstraint(c -> c.mergeFrom(anti(l -> l.clearLabel()))),
            "spec.default_spec.constraint.label_constraint.label.key: given no key; name the label"
                + " to count"),
        arguments(
            withConstraint(c -> c.mergeFrom(anti(l -> l.setRequirement(0)))),
            "spec.default_spec.constraint.label_constraint.requirement: given 0 with"
                + " LABEL_CONSTRAINT_CONDITION_LESS_THAN; no count is less than 0; use 1 for"
                + " none"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("forbidden")
  void forbids(JobSpec spec, String message) {
    List<Violation> violations = JobSpecValidator.validate(spec);

    assertThat(violations).extracting(Violation::toString).containsExactly(message);
    assertThat(violations.get(0).code()).isEqualTo(ApiException.Code.INVALID_ARGUMENT);
  }

  static Stream<Arguments> unserved() {
    return Stream.of(
        arguments(
            withPod(
                p -> {
                  ContainerSpec one = p.getContainers(0).toBuilder().clearPorts().build();
                  p.clearContainers()
                      .addContainers(one.toBuilder().setName("web"))
                      .addInitContainers(one.toBuilder().setName("prepare"))
                      .getVolumeBuilder()
                      .setSizeMb(1)
                      .setContainerPath("data");
                }),
            "volume"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("unserved")
  void saysWhatIsNotServed(JobSpec spec, String field) {
    assertThat(JobSpecValidator.validate(spec))
        .extracting(Violation::field, Violation::code)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "spec.default_spec." + field, ApiException.Code.UNIMPLEMENTED));
  }

  @Test
  void allowsSeveralContainersAndInitContainers() {
    JobSpec spec =
        withPod(
            p -> {
              ContainerSpec one = p.getContainers(0).toBuilder().clearPorts().build();
              p.clearContainers()
                  .addContainers(one.toBuilder().setName("web"))
                  .addContainers(one.toBuilder().setName("log"))
                  .addInitContainers(one.toBuilder().setName("prepare"));
            });
    assertThat(JobSpecValidator.validate(spec)).isEmpty();
  }

  static Stream<Arguments> forbiddenInGroups() {
    return Stream.of(
        arguments(
            group((init, main) -> main.setName("")),
            "containers[0].name: given no name; each of several containers of a pod needs a name"),
        arguments(
            group((init, main) -> main.setName("prepare")),
            "containers[0].name: given \"prepare\" for a second container; names of containers must"
                + " differ in a pod"),
        arguments(
            group(
                (init, main) ->
                    main.getContainerBuilder()
                        .setType(Protos.ContainerInfo.Type.DOCKER)
                        .getDockerBuilder()
                        .setImage("web")),
            "containers[0].container.type: given DOCKER in a pod of several containers; such pods"
                + " run under the default executor of Mesos, which runs images without the Docker"
                + " daemon: use MESOS (or mesos_spec.type CONTAINER_TYPE_MESOS)"),
        arguments(
            group(
                (init, main) ->
                    main.setExecutor(executor(Protos.ExecutorInfo.Type.CUSTOM, "data"))),
            "containers[0].executor: given an executor in a pod of several containers; such pods"
                + " run under the default executor of Mesos: leave it out, and"
                + " mesos_spec.executor_spec, too"),
        arguments(
            group(
                (init, main) ->
                    init.getLivenessCheckBuilder()
                        .setEnabled(true)
                        .setType(HealthCheckType.HEALTH_CHECK_TYPE_COMMAND)
                        .getCommandCheckBuilder()
                        .setCommand("true")),
            "init_containers[0].liveness_check.enabled: given true; init containers have no health"
                + " checks"),
        arguments(
            group(
                (init, main) ->
                    init.addPorts(
                        peloton.api.v1alpha.pod.Pod.PortSpec.newBuilder()
                            .setName("p")
                            .setEnvName("P"))),
            "init_containers[0].ports: given 1 ports; ports belong to the pod's containers; init"
                + " containers are told theirs"),
        arguments(
            group((init, main) -> init.clearCommand().clearEntrypoint()),
            "init_containers[0].command: given no command.value and no entrypoint.value; a"
                + " container must say what to run: set command.value or entrypoint.value, or an"
                + " image with mesos_spec.type DOCKER or MESOS"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("forbiddenInGroups")
  void forbidsInGroups(JobSpec spec, String message) {
    assertThat(JobSpecValidator.validate(spec))
        .extracting(Violation::toString)
        .containsExactly("spec.default_spec." + message);
  }

  private static JobSpec group(
      java.util.function.BiConsumer<ContainerSpec.Builder, ContainerSpec.Builder> change) {
    return withPod(
        p -> {
          ContainerSpec.Builder main = p.getContainersBuilder(0).clearPorts().setName("web");
          change.accept(
              p.addInitContainers(main.build()).getInitContainersBuilder(0).setName("prepare"),
              main);
        });
  }

  static Stream<Arguments> forbiddenVolumes() {
    return Stream.of(
        arguments(
            withPod(p -> p.addVolumesBuilder().setName("v")),
            "volumes[0].type: given 0; must be VOLUME_TYPE_EMPTY_DIR or VOLUME_TYPE_HOST_PATH"),
        arguments(
            withPod(
                p ->
                    p.addVolumesBuilder()
                        .setName("v")
                        .setType(VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH)
                        .getHostPathBuilder()
                        .setPath("data")),
            "volumes[0].host_path.path: given \"data\"; must be an absolute path on the host"),
        arguments(
            withPod(
                p ->
                    p.addVolumesBuilder()
                        .setName("../v")
                        .setType(VolumeSpec.VolumeType.VOLUME_TYPE_EMPTY_DIR)),
            "volumes[0].name: given \"../v\"; the name of an empty folder must be that of a folder,"
                + " without slashes"),
        arguments(
            withContainer(c -> c.addVolumeMountsBuilder().setName("v").setMountPath("/v")),
            "containers[0].volume_mounts[0].name: given \"v\"; no volume of the pod is so named"),
        arguments(
            withPod(
                p -> {
                  p.addVolumesBuilder()
                      .setName("v")
                      .setType(VolumeSpec.VolumeType.VOLUME_TYPE_EMPTY_DIR);
                  p.getContainersBuilder(0)
                      .addVolumeMountsBuilder()
                      .setName("v")
                      .setMountPath("/v");
                }),
            "containers[0].volume_mounts[0]: given a mount without a container type; set"
                + " mesos_spec.type to CONTAINER_TYPE_MESOS or CONTAINER_TYPE_DOCKER"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("forbiddenVolumes")
  void forbidsVolumesThatNobodyCouldMount(JobSpec spec, String message) {
    assertThat(JobSpecValidator.validate(spec))
        .extracting(Violation::toString)
        .containsExactly("spec.default_spec." + message);
  }

  @Test
  void refusesASpecificationThatIsTooLargeBeforeAnythingElse() {
    JobSpec spec = job(job -> job.setDescription("x".repeat(2 << 20)).setInstanceCount(200_000));

    assertThat(JobSpecValidator.validate(spec))
        .extracting(Violation::toString)
        .containsExactly(
            "spec: given "
                + spec.getSerializedSize()
                + " bytes; a job's specification may take at most 524288 bytes");
  }

  @Test
  void namesTheFirstFewOfManyViolations() {
    JobSpec spec =
        withPod(
            p -> {
              for (int i = 0; i < 9; i++) {
                p.addLabels(label("", "v" + i));
              }
            });

    assertThatThrownBy(() -> Violation.requireNone(JobSpecValidator.validate(spec)))
        .hasMessageStartingWith("spec.default_spec.labels[1].key: ")
        .hasMessageContaining("\"v4\"")
        .hasMessageNotContaining("\"v5\"")
        .hasMessageEndingWith(" | and 4 more");
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 20_000})
  void manyInstancesOfTheirOwnDoNotMakeManyMessages(int instances) {
    JobSpec.Builder spec = job("pool").toBuilder().setInstanceCount(instances).clearDefaultSpec();
    for (int i = 0; i < instances; i++) {
      spec.putInstanceSpec(i, PodSpec.getDefaultInstance());
    }

    assertThat(JobSpecValidator.validate(spec.build())).hasSize(20);
  }

  private static JobSpec withPod(Consumer<PodSpec.Builder> change) {
    return job(job -> job.setDefaultSpec(pod(change)));
  }

  private static JobSpec withContainer(Consumer<ContainerSpec.Builder> change) {
    return job(job -> job.setDefaultSpec(container(change)));
  }

  private static JobSpec withResource(Consumer<ResourceSpec.Builder> change) {
    return withContainer(c -> change.accept(c.getResourceBuilder()));
  }

  private static JobSpec withCheck(Consumer<HealthCheckSpec.Builder> change) {
    return withContainer(c -> change.accept(c.getLivenessCheckBuilder().setEnabled(true)));
  }

  private static JobSpec withConstraint(Consumer<Constraint.Builder> change) {
    return withPod(p -> change.accept(p.getConstraintBuilder()));
  }

  private static Constraint anti() {
    return anti(l -> {});
  }

  /** At most one of a kind on a host. */
  private static Constraint anti(Consumer<LabelConstraint.Builder> change) {
    LabelConstraint.Builder constraint =
        LabelConstraint.newBuilder()
            .setKind(LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_POD)
            .setCondition(LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_LESS_THAN)
            .setLabel(label("tier", "front"))
            .setRequirement(1);
    change.accept(constraint);
    return Constraint.newBuilder()
        .setType(Constraint.Type.CONSTRAINT_TYPE_LABEL)
        .setLabelConstraint(constraint)
        .build();
  }

  private static PortSpec staticPort(String name, int value) {
    return PortSpec.newBuilder().setName(name).setValue(value).build();
  }

  private static Protos.ExecutorInfo executor(Protos.ExecutorInfo.Type type, String data) {
    return Protos.ExecutorInfo.newBuilder()
        .setType(type)
        .setExecutorId(Protos.ExecutorID.newBuilder().setValue("e"))
        .setData(ByteString.copyFromUtf8(data))
        .build();
  }
}
