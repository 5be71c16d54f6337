package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobRequest;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.records.WorkflowCommand;

/** Every story comes to the same end wherever the leader dies in it. */
class CrashSweepTest {
  private static final UpdateSpec AT_ONCE = UpdateSpec.getDefaultInstance();
  private static final UpdateSpec ONE_BY_ONE = UpdateSpec.newBuilder().setBatchSize(1).build();
  private static final UpdateSpec UNDOABLE =
      UpdateSpec.newBuilder()
          .setBatchSize(1)
          .setMaxInstanceRetries(1)
          .setMaxTolerableInstanceFailures(1)
          .setRollbackOnFailure(true)
          .build();
  private static final Duration WHILE = Duration.ofSeconds(90);

  private static void begin(World world) {
    for (int i = 0; i < 3; i++) {
      world.mesos.addAgent("agent-" + i, 4, 4096);
    }
    world.start();
  }

  @Test
  void create() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
        });
  }

  @Test
  void createOneByOne() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(4, "v1"), ONE_BY_ONE);
          world.advance(WHILE);
        });
  }

  @Test
  void replaceOneByOne() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.replaceJob(World.job(3, "v2"), ONE_BY_ONE);
          world.advance(WHILE);
        });
  }

  @Test
  void growAndShrink() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(2, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.replaceJob(World.job(4, "v2"), UpdateSpec.newBuilder().setBatchSize(2).build());
          world.advance(WHILE);
          world.replaceJob(World.job(1, "v2"), ONE_BY_ONE);
          world.advance(WHILE);
        });
  }

  @Test
  void stopStartAndDelete() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.setGoal(JobState.JOB_STATE_KILLED);
          world.advance(WHILE);
          world.setGoal(JobState.JOB_STATE_RUNNING);
          world.advance(WHILE);
          world.setGoal(JobState.JOB_STATE_DELETED);
          world.advance(WHILE);
        });
  }

  @Test
  void supersede() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.mesos.holdStarts(true);
          world.replaceJob(World.job(3, "v2"), ONE_BY_ONE);
          world.advance(WHILE);
          world.mesos.holdStarts(false);
          world.replaceJob(World.job(3, "v3"), AT_ONCE);
          world.advance(WHILE);
        });
  }

  @Test
  void pauseResumeAbort() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.mesos.holdStarts(true);
          world.replaceJob(World.job(3, "v2"), ONE_BY_ONE);
          world.advance(WHILE);
          world.command(WorkflowCommand.WORKFLOW_COMMAND_PAUSE);
          world.mesos.holdStarts(false);
          world.advance(WHILE);
          world.command(WorkflowCommand.WORKFLOW_COMMAND_ABORT);
          world.advance(WHILE);
        });
  }

  @Test
  void failAndTryAgain() {
    sweep(
        world -> {
          begin(world);
          world.mesos.failCommand("bad", "Command exited with status 1");
          world.createJob(World.job(2, "bad"), AT_ONCE);
          world.advance(Duration.ofSeconds(300));
          world.replaceJob(World.job(2, "good"), AT_ONCE);
          world.advance(WHILE);
        });
  }

  @Test
  void failAnUpdate() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.mesos.failCommand("bad", "Command exited with status 1");
          world.replaceJob(
              World.job(4, "bad"),
              UpdateSpec.newBuilder()
                  .setBatchSize(1)
                  .setMaxInstanceRetries(1)
                  .setMaxTolerableInstanceFailures(1)
                  .build());
          world.advance(Duration.ofSeconds(20));
        });
  }

  @Test
  void rollBackOneByOne() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.mesos.failCommand("bad", "Command exited with status 1");
          world.replaceJob(World.job(4, "bad"), UNDOABLE);
          world.advance(Duration.ofSeconds(25));
        });
  }

  @Test
  void rollBackARemoval() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.mesos.failCommand("bad", "Command exited with status 1");
          world.replaceJob(
              World.job(2, "v1").toBuilder().putInstanceSpec(0, World.pod("bad", 1)).build(),
              UNDOABLE.toBuilder().setBatchSize(2).build());
          world.advance(Duration.ofSeconds(25));
        });
  }

  @Test
  void restartRangesOfAStoppedJob() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(4, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.setGoal(JobState.JOB_STATE_KILLED);
          world.advance(WHILE);
          world.restartJob(
              RestartSpec.newBuilder()
                  .setBatchSize(1)
                  .addRanges(InstanceIDRange.newBuilder().setFrom(1).setTo(3))
                  .build());
          world.advance(WHILE);
          world.restartJob(RestartSpec.newBuilder().setBatchSize(2).setInPlace(true).build());
          world.advance(WHILE);
        });
  }

  @Test
  void startPodsByAnUpdate() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.setGoal(JobState.JOB_STATE_KILLED);
          world.advance(WHILE);
          world.replaceJob(
              World.job(4, "v1").toBuilder().putInstanceSpec(1, World.pod("own", 1)).build(),
              UpdateSpec.newBuilder().setBatchSize(1).setStartPods(true).build());
          world.advance(WHILE);
        });
  }

  @Test
  void stopStartAndRestartOnePod() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.stopPod(1);
          world.restartPod(2);
          world.advance(WHILE);
          world.startPod(1);
          world.advance(WHILE);
        });
  }

  @Test
  void patch() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.advance(WHILE);
          JobSpec.Builder patch = JobSpec.newBuilder().setInstanceCount(4);
          patch
              .getDefaultSpecBuilder()
              .addContainersBuilder()
              .getCommandBuilder()
              .setShell(true)
              .setValue("v2");
          world.call(
              world.jobs.patch(
                  PatchJobRequest.newBuilder()
                      .setJobId(World.jobId())
                      .setVersion(world.version())
                      .setSpec(patch)
                      .setUpdateSpec(ONE_BY_ONE)
                      .build()));
          world.advance(WHILE);
        });
  }

  @Test
  void pauseAndResume() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), ONE_BY_ONE.toBuilder().setStartPaused(true).build());
          world.advance(WHILE);
          world.command(WorkflowCommand.WORKFLOW_COMMAND_RUN);
          world.advance(Duration.ofSeconds(1));
          world.command(WorkflowCommand.WORKFLOW_COMMAND_PAUSE);
          world.advance(WHILE);
          world.command(WorkflowCommand.WORKFLOW_COMMAND_RUN);
          world.advance(WHILE);
        });
  }

  @Test
  void createWithASecret() {
    sweep(
        world -> {
          begin(world);
          JobSpec.Builder spec = World.job(2, "v1").toBuilder();
          spec.getDefaultSpecBuilder()
              .getContainersBuilder(0)
              .setContainer(ContainerInfo.newBuilder().setType(ContainerInfo.Type.MESOS));
          world.call(
              world.jobs.create(
                  World.createRequest(spec.build(), AT_ONCE).toBuilder()
                      .addSecrets(
                          Secret.newBuilder()
                              .setPath("/secret")
                              .setValue(
                                  Secret.Value.newBuilder()
                                      .setData(ByteString.copyFromUtf8("aHVzaA=="))))
                      .build()));
          world.advance(WHILE);
          world.setGoal(JobState.JOB_STATE_DELETED);
          world.advance(WHILE);
        });
  }

  @Test
  void refreshAndDeleteEvents() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(2, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.restartPod(0);
          world.advance(WHILE);
          world.call(
              world.jobs.refresh(RefreshJobRequest.newBuilder().setJobId(World.jobId()).build()));
          world.call(
              world.pods.refresh(
                  RefreshPodRequest.newBuilder().setPodName(World.podName(1)).build()));
          world.call(
              world.pods.deleteEvents(
                  DeletePodEventsRequest.newBuilder()
                      .setPodName(World.podName(0))
                      .setPodId(PodID.newBuilder().setValue(World.JOB + "-0-1"))
                      .build()));
          world.advance(WHILE);
          assertThat(world.history(0, 1)).isEmpty();
        });
  }

  @Test
  void restartPodsWithinTheBound() {
    sweep(
        world -> {
          begin(world);
          SlaSpec two = SlaSpec.newBuilder().setMaximumUnavailableInstances(2).build();
          world.createJob(World.job(3, "v1").toBuilder().setSla(two).build(), AT_ONCE);
          world.advance(WHILE);
          for (int instance = 0; instance < 2; instance++) {
            world.call(
                world.pods.restart(
                    RestartPodRequest.newBuilder()
                        .setPodName(World.podName(instance))
                        .setCheckSla(true)
                        .build()));
            world.advance(WHILE);
          }
        });
  }

  @Test
  void startAFailedJobAgain() {
    sweep(
        world -> {
          begin(world);
          world.mesos.failCommand("bad", "Command exited with status 1");
          world.createJob(World.job(2, "bad"), AT_ONCE);
          world.advance(WHILE);
          world.mesos.heal();
          world.setGoal(JobState.JOB_STATE_RUNNING);
          world.advance(WHILE);
        });
  }

  @Test
  void updateWithinTheBoundOnUnavailableInstances() {
    sweep(
        world -> {
          begin(world);
          SlaSpec one = SlaSpec.newBuilder().setMaximumUnavailableInstances(1).build();
          world.createJob(World.job(3, "v1").toBuilder().setSla(one).build(), AT_ONCE);
          world.advance(WHILE);
          world.replaceJob(World.job(3, "v2").toBuilder().setSla(one).build(), AT_ONCE);
          world.advance(WHILE);
        });
  }

  @Test
  void runInitContainersAndThenSeveralOthers() {
    sweep(
        world -> {
          begin(world);
          world.mesos.finishCommand("prepare");
          world.mesos.finishCommand("prepare-more");
          world.createJob(
              GroupScenarioTest.job(2, List.of("prepare", "prepare-more"), List.of("web", "log")),
              AT_ONCE);
          world.advance(WHILE);
          world.replaceJob(
              GroupScenarioTest.job(2, List.of("prepare"), List.of("web2", "log")), ONE_BY_ONE);
          world.advance(WHILE);
          world.setGoal(JobState.JOB_STATE_KILLED);
          world.advance(WHILE);
        });
  }

  @Test
  void failInOneOfSeveralContainers() {
    sweep(
        world -> {
          begin(world);
          world.mesos.failCommand("bad", "Command exited with status 1");
          world.createJob(GroupScenarioTest.job(1, List.of(), List.of("web", "bad")), AT_ONCE);
          world.advance(Duration.ofSeconds(20));
          world.replaceJob(
              GroupScenarioTest.job(1, List.of("bad"), List.of("web", "log")), AT_ONCE);
          world.advance(Duration.ofSeconds(20));
          world.replaceJob(GroupScenarioTest.job(1, List.of(), List.of("web", "log")), AT_ONCE);
          world.advance(WHILE);
        });
  }

  @Test
  void lockDownAndFree() {
    sweep(
        world -> {
          begin(world);
          world.lockDown(Component.Launch);
          world.createJob(World.job(2, "v1"), AT_ONCE);
          world.advance(WHILE);
          world.lockDown(Component.Kill);
          world.advance(WHILE);
          world.setGoal(JobState.JOB_STATE_KILLED);
          world.advance(WHILE);
          world.lockDown(Component.GoalStateEngine);
          world.advance(WHILE);
          world.lockDown();
          world.advance(WHILE);
        });
  }

  @Test
  void loseOffersAndConnections() {
    sweep(
        world -> {
          begin(world);
          world.createJob(World.job(3, "v1"), AT_ONCE);
          world.mesos.rescindAll();
          world.advance(Duration.ofSeconds(1));
          world.reconnect();
          world.advance(WHILE);
        });
  }

  private static void sweep(java.util.function.Consumer<World> story) {
    assertThat(CrashSweep.run(story)).isGreaterThan(10);
  }
}
