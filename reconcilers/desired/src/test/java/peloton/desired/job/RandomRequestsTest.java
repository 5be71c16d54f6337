package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.mesos.v1.Protos;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.Environment;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.api.v1alpha.pod.Pod.VolumeMount;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;
import peloton.desired.ApiException;
import peloton.desired.ApiException.Code;

/** What is valid protobuf and nonsense otherwise gets an answer that says so, and nothing worse. */
class RandomRequestsTest {
  private static final int SEEDS = 300;
  private static final Set<Code> EXPECTED =
      Set.of(
          Code.INVALID_ARGUMENT,
          Code.NOT_FOUND,
          Code.ABORTED,
          Code.UNIMPLEMENTED,
          Code.ALREADY_EXISTS,
          Code.FAILED_PRECONDITION);

  private final JobScene scene = new JobScene();

  @Test
  void everyAnswerIsOneOfTheApis() {
    scene.createAndRun();
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomMessages random = new RandomMessages(seed);
      String version = scene.version();
      CreateJobRequest create = random.next(CreateJobRequest.getDefaultInstance());
      ReplaceJobRequest.Builder replace =
          random.next(ReplaceJobRequest.getDefaultInstance()).toBuilder();
      PatchJobRequest.Builder patch =
          random.next(PatchJobRequest.getDefaultInstance()).toBuilder().clearSecrets();
      RestartJobRequest.Builder restart =
          random.next(RestartJobRequest.getDefaultInstance()).toBuilder();
      replace.setJobId(JobScene.id()).setVersion(JobScene.version(version));
      replace.getSpecBuilder().setRespoolId(scene.job().currentSpec().getRespoolId());
      patch.setJobId(JobScene.id()).setVersion(JobScene.version(version));
      patch.getSpecBuilder().clearRespoolId();
      restart.setJobId(JobScene.id()).setVersion(JobScene.version(version));
      GetReplaceJobDiffRequest diff =
          GetReplaceJobDiffRequest.newBuilder()
              .setJobId(JobScene.id())
              .setVersion(JobScene.version(version))
              .setSpec(replace.getSpec())
              .build();
      for (Supplier<CompletableFuture<?>> request :
          List.<Supplier<CompletableFuture<?>>>of(
              () -> scene.writer.diff(diff),
              () -> scene.writer.create(create),
              () -> scene.writer.replace(replace.build()),
              () -> scene.writer.patch(patch.build()),
              () -> scene.writer.restart(restart.build()))) {
        assertAnswered(seed, request.get());
      }
      scene.fixture.answer(
          scene.writer.abortWorkflow(
              AbortJobWorkflowRequest.newBuilder()
                  .setJobId(JobScene.id())
                  .setVersion(JobScene.version(scene.version()))
                  .build()));
    }
  }

  private void assertAnswered(long seed, CompletableFuture<?> request) {
    try {
      scene.fixture.answer(request);
    } catch (ApiException refused) {
      assertThat(refused.code()).as("seed %s: %s", seed, refused).isIn(EXPECTED);
    }
  }

  @Test
  void toPatchTwiceIsToPatchOnce() {
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomMessages random = new RandomMessages(seed);
      JobSpec job = StoredSpec.of(tidy(random.next(JobSpec.getDefaultInstance())), 1, 1, 1);
      JobSpec patch = tidy(random.next(JobSpec.getDefaultInstance()));
      JobSpec once = StoredSpec.of(SpecPatch.apply(job, patch), 2, 1, 2);
      JobSpec twice = StoredSpec.of(SpecPatch.apply(once, patch), 3, 1, 3);

      assertThat(EffectivePodSpec.readable(twice).toBuilder().clearRevision().build())
          .as("seed %s", seed)
          .isEqualTo(EffectivePodSpec.readable(once).toBuilder().clearRevision().build());
    }
  }

  @Test
  void whatIsReadBackChangesNothing() {
    for (long seed = 0; seed < SEEDS; seed++) {
      // Both forms of the default agree, as in whatever a client that read it has written.
      JobSpec job =
          EffectivePodSpec.readable(
              tidy(new RandomMessages(seed).next(JobSpec.getDefaultInstance())));

      JobSpec patched = SpecPatch.apply(job, EffectivePodSpec.readable(job));

      assertThat(EffectivePodSpec.readable(patched))
          .as("seed %s", seed)
          .isEqualTo(EffectivePodSpec.readable(job));
    }
  }

  /** The same with one container in a pod, and no key twice in a list that is merged by keys. */
  private static JobSpec tidy(JobSpec spec) {
    JobSpec.Builder tidy = spec.toBuilder();
    distinct(spec.getLabelsList(), Label::getKey, tidy.clearLabels()::addLabels);
    if (spec.hasDefaultSpec()) {
      tidy.setDefaultSpec(tidy(spec.getDefaultSpec()));
    }
    spec.getInstanceSpecMap().forEach((key, pod) -> tidy.putInstanceSpec(key, tidy(pod)));
    return tidy.build();
  }

  private static PodSpec tidy(PodSpec pod) {
    PodSpec.Builder tidy = pod.toBuilder().clearInitContainers().clearContainers();
    distinct(pod.getLabelsList(), Label::getKey, tidy.clearLabels()::addLabels);
    distinct(pod.getHostPortsList(), PortSpec::getName, tidy.clearHostPorts()::addHostPorts);
    // By the name that they get when they are read back.
    distinct(
        pod.getVolumesList().stream()
            .filter(volume -> volume.getName().equals(volume.getHostPath().getPath()))
            .map(
                volume ->
                    volume.toBuilder()
                        .clearEmptyDir()
                        .setType(VolumeSpec.VolumeType.VOLUME_TYPE_HOST_PATH)
                        .build())
            .toList(),
        VolumeSpec::getName,
        tidy.clearVolumes()::addVolumes);
    pod.getContainersList().stream().findFirst().ifPresent(one -> tidy.addContainers(tidy(one)));
    return tidy.build();
  }

  private static ContainerSpec tidy(ContainerSpec container) {
    ContainerSpec.Builder tidy = container.toBuilder().setName("main");
    distinct(container.getPortsList(), PortSpec::getName, tidy.clearPorts()::addPorts);
    distinct(
        container.getEnvironmentList(),
        Environment::getName,
        tidy.clearEnvironment()::addEnvironment);
    distinct(
        container.getVolumeMountsList(),
        VolumeMount::getMountPath,
        tidy.clearVolumeMounts()::addVolumeMounts);
    if (container.getCommand().hasEnvironment()) {
      distinct(
          container.getCommand().getEnvironment().getVariablesList(),
          Protos.Environment.Variable::getName,
          tidy.getCommandBuilder().getEnvironmentBuilder().clearVariables()::addVariables);
    }
    if (container.hasExecutor()) {
      tidy.getExecutorBuilder().clearLabels().clearCommand().clearDiscovery();
    }
    if (container.hasContainer()) {
      distinct(
          container.getContainer().getVolumesList(),
          Protos.Volume::getContainerPath,
          tidy.getContainerBuilder().clearVolumes()::addVolumes);
    }
    return tidy.build();
  }

  private static <T> void distinct(List<T> list, Function<T, String> key, Consumer<T> add) {
    Set<String> keys = new HashSet<>();
    list.stream().filter(element -> keys.add(key.apply(element))).toList().forEach(add);
  }
}
