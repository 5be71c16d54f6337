package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobRequest;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.api.v1alpha.peloton.Peloton.SecretID;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsRequest;

/** Lockdowns, secrets, and what clients ask of the records themselves. */
class SafeguardScenarioTest {
  private static final UpdateSpec AT_ONCE = UpdateSpec.getDefaultInstance();

  private final World world = new World();

  @AfterEach
  void nothingWentWrong() {
    assertThat(world.outcome())
        .containsEntry("failures", 0L)
        .containsEntry("violations", List.of());
  }

  private void givenAgents() {
    for (int i = 0; i < 3; i++) {
      world.mesos.addAgent("agent-" + i, 4, 4096);
    }
    world.start();
  }

  private void givenAJob(int instances) {
    givenAgents();
    world.createJob(World.job(instances, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
  }

  @Test
  void nothingIsLaunchedWhileLaunchesAreLockedDown() {
    givenAgents();
    world.lockDown(Component.Launch);
    world.createJob(World.job(2, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(10));
    assertThat(world.mesos.launches()).isZero();

    world.restart();
    world.advance(Duration.ofSeconds(10));
    assertThat(world.mesos.launches()).isZero();

    world.lockDown();
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living()).hasSize(2);
  }

  @Test
  void nothingIsKilledWhileKillsAreLockedDown() {
    givenAJob(2);
    world.lockDown(Component.Kill);
    world.mesos.startStray("99999999-2222-3333-4444-555555555555-0-1", "agent-0");
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.restart();
    world.advance(Duration.ofMinutes(20));
    assertThat(world.mesos.living()).hasSize(3);
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);

    world.lockDown();
    world.advance(Duration.ofMinutes(20));
    assertThat(world.mesos.living()).isEmpty();
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_KILLED);
  }

  @Test
  void nothingIsDecidedWhileTheLoopsAreLockedDownAndWhatMesosSaysIsKept() {
    givenAJob(2);
    world.lockDown(Component.GoalStateEngine);
    world.mesos.fail(World.JOB + "-0", "Command exited with status 1");
    world.replaceJob(World.job(3, "v2"), AT_ONCE);
    world.advance(Duration.ofMinutes(5));
    assertThat(world.mesos.launches()).isEqualTo(2);
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_FAILED);
    assertThat(world.committed().job(World.JOB).workflowStatuses()).hasSize(1);

    world.lockDown();
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living().values()).containsOnly(List.of("v2")).hasSize(3);
  }

  @Test
  void aPodGetsItsJobsSecretsWhenItIsLaunched() {
    givenAgents();
    JobSpec.Builder spec = World.job(1, "v1").toBuilder();
    spec.getDefaultSpecBuilder()
        .getContainersBuilder(0)
        .setContainer(ContainerInfo.newBuilder().setType(ContainerInfo.Type.MESOS));
    ByteString content = ByteString.copyFrom("hush", StandardCharsets.UTF_8);
    world.call(
        world.jobs.create(
            CreateJobRequest.newBuilder()
                .setJobId(World.jobId())
                .setSpec(World.inPool(spec.build()))
                .addSecrets(
                    Secret.newBuilder()
                        .setSecretId(SecretID.newBuilder().setValue(World.JOB))
                        .setPath("/run/secret")
                        .setValue(
                            Secret.Value.newBuilder()
                                .setData(
                                    ByteString.copyFrom(
                                        Base64.getEncoder().encode(content.toByteArray())))))
                .build()));
    world.advance(Duration.ofSeconds(2));

    TaskInfo task = world.mesos.task(World.JOB + "-0-1");
    assertThat(task.getContainer().getVolumesList())
        .singleElement()
        .satisfies(
            volume -> {
              assertThat(volume.getContainerPath()).isEqualTo("/run/secret");
              assertThat(volume.getSource().getSecret().getValue().getData()).isEqualTo(content);
            });
  }

  @Test
  void deletedEventsGoFromTheRecordOfTheRun() {
    givenAJob(1);
    assertThat(world.pod(0).getEventsCount()).isPositive();
    world.call(
        world.pods.deleteEvents(
            DeletePodEventsRequest.newBuilder()
                .setPodName(World.podName(0))
                .setPodId(PodID.newBuilder().setValue(World.JOB + "-0-1"))
                .build()));
    world.advance(Duration.ofSeconds(1));
    assertThat(world.pod(0).getEventsCount()).isZero();
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);

    world.stopPod(0);
    world.advance(Duration.ofSeconds(1));
    assertThat(world.pod(0).getEventsCount()).isEqualTo(2);
  }

  @Test
  void aRefreshOfWhatIsAsItShouldBeWritesNothingElse() {
    givenAJob(2);
    long revision = world.data.revision();
    world.call(world.jobs.refresh(RefreshJobRequest.newBuilder().setJobId(World.jobId()).build()));
    world.advance(Duration.ofSeconds(5));
    assertThat(world.data.revision()).isEqualTo(revision + 1);
    assertThat(world.mesos.launches()).isEqualTo(2);
  }
}
