package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsRequest;
import peloton.records.PodGoalRecord;
import peloton.store.view.RecordKey;

/** What clients ask of single pods, and what becomes of runs that are over. */
class PodScenarioTest {
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

  private void givenAFailedPod() {
    givenAgents();
    world.mesos.failCommand("bad", "Command exited with status 3");
    world.createJob(World.job(1, "bad"), AT_ONCE);
    world.advance(Duration.ofSeconds(40));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_FAILED);
    assertThat(world.pod(0).getRun()).isEqualTo(2);
  }

  @Test
  void aStartOfTheJobEndsTheWaitOfAFailedPod() {
    givenAFailedPod();
    world.setGoal(JobState.JOB_STATE_RUNNING);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.pod(0).getRun()).isEqualTo(3);

    world.advance(Duration.ofSeconds(30));
    assertThat(world.pod(0).getRun()).as("the next wait is a whole one").isEqualTo(3);
  }

  @Test
  void aStopAndAStartEndTheWaitEvenIfNoLeaderSawTheStop() {
    givenAFailedPod();
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(Duration.ofSeconds(90));
    assertThat(world.pod(0).getRun()).isEqualTo(2);

    world.setGoal(JobState.JOB_STATE_RUNNING);
    world.restart();
    world.advance(Duration.ofSeconds(2));
    assertThat(world.pod(0).getRun()).isEqualTo(3);
  }

  @Test
  void aStartOfAStoppedPodEndsItsWait() {
    givenAFailedPod();
    world.stopPod(0);
    world.startPod(0);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.pod(0).getRun()).isEqualTo(3);
  }

  @Test
  void restartsWithinTheBoundComeOneAfterTheOtherWhateverReplicasThought() {
    givenAgents();
    SlaSpec one = SlaSpec.newBuilder().setMaximumUnavailableInstances(1).build();
    world.createJob(World.job(3, "v1").toBuilder().setSla(one).build(), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.mesos.holdStarts(true);
    for (int instance = 0; instance < 3; instance++) {
      world.write(
          new RecordKey.PodGoal(World.JOB, instance),
          PodGoalRecord.newBuilder()
              .setGoal(PodState.POD_STATE_RUNNING)
              .setDesiredStateVersion(1)
              .setWorkflow(1)
              .setDesiredRun(2)
              .setReason(
                  TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_SLA_AWARE_RESTART)
              .build());
    }
    world.advance(Duration.ofSeconds(10));
    assertThat(runs()).containsExactly(2L, 1L, 1L);
    world.restart();
    world.advance(Duration.ofSeconds(10));
    assertThat(runs()).containsExactly(2L, 1L, 1L);

    world.mesos.holdStarts(false);
    world.mesos.holdStarts(true);
    world.advance(Duration.ofSeconds(10));
    assertThat(runs()).containsExactly(2L, 2L, 1L);

    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(10));
    assertThat(runs()).containsExactly(2L, 2L, 2L);
    assertThat(world.mesos.launches()).isEqualTo(6);
  }

  private List<Long> runs() {
    return List.of(world.pod(0).getRun(), world.pod(1).getRun(), world.pod(2).getRun());
  }

  @Test
  void aPastRunWhoseEventsWereDeletedIsGone() {
    givenAgents();
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    for (int i = 0; i < 2; i++) {
      world.restartPod(0);
      world.advance(Duration.ofSeconds(2));
    }
    assertThat(world.history(0, 1)).isPresent();
    assertThat(world.history(0, 2)).isPresent();

    deleteEvents(1);
    assertThat(world.history(0, 1)).isEmpty();
    assertThat(world.history(0, 2)).isPresent();
    world.restart();
    world.advance(Duration.ofSeconds(2));
    long revision = world.data.revision();
    world.advance(Duration.ofMinutes(5));
    assertThat(world.data.revision()).isEqualTo(revision);
  }

  @Test
  void theEventsOfARunThatIsGoneWithItsInstanceCanBeDeleted() {
    givenAgents();
    world.createJob(World.job(2, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.replaceJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.pod(1)).isNull();
    world.replaceJob(World.job(2, "v1"), AT_ONCE);
    world.mesos.withholdOffers(true);
    assertThat(world.history(1, 1)).isPresent();

    world.call(
        world.pods.deleteEvents(
            DeletePodEventsRequest.newBuilder()
                .setPodName(World.podName(1))
                .setPodId(PodID.newBuilder().setValue(World.JOB + "-1-1"))
                .build()));
    assertThat(world.history(1, 1)).isEmpty();
  }

  @Test
  void pastRunsGoWithTheirJob() {
    givenAgents();
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.restartPod(0);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.history(0, 1)).isPresent();

    world.setGoal(JobState.JOB_STATE_DELETED);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.history(0, 1)).isEmpty();
  }

  private void deleteEvents(long run) {
    world.call(
        world.pods.deleteEvents(
            DeletePodEventsRequest.newBuilder()
                .setPodName(World.podName(0))
                .setPodId(PodID.newBuilder().setValue(World.JOB + "-0-" + run))
                .build()));
  }

  @Test
  void aTaskThatAKillDoesNotEndIsEndedWithItsExecutorAfterHours() {
    givenAgents();
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.mesos.ignoreKills(World.JOB + "-0");
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.idle(Duration.ofMinutes(179));
    assertThat(world.mesos.living()).hasSize(1);
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_KILLING);

    world.idle(Duration.ofMinutes(50));
    assertThat(world.mesos.living()).isEmpty();
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_KILLED);
  }

  @Test
  void newLaunchesWaitWhileTheMasterIsSlowAndKillsDoNot() {
    givenAgents();
    world.createJob(World.job(2, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.callsWaiting = 100_000;
    world.restartPod(0);
    world.advance(Duration.ofSeconds(20));
    assertThat(world.mesos.launches()).isEqualTo(2);
    assertThat(world.mesos.living()).hasSize(1);

    world.callsWaiting = 10;
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).hasSize(2);
    assertThat(world.pod(0).getRun()).isEqualTo(2);
  }

  @Test
  void aRunWhoseLaunchCameToNothingSaysWhy() {
    world.mesos.addAgent("agent-0", 1, 4096);
    world.start();
    world.mesos.tick();
    world.drain();
    world.jobs.create(World.createRequest(World.job(1, "v1"), AT_ONCE));
    while (world.pod(0) == null) {
      assertThat(world.queue.runNext()).isTrue();
    }
    // The intent is in etcd, and the leader does not know yet.
    world.mesos.rescindAll();
    world.advance(Duration.ofSeconds(2));

    assertThat(world.pod(0).getRun()).isEqualTo(2);
    assertThat(world.history(0, 1).orElseThrow().getPod().getMessage())
        .isEqualTo(
            "Task LOST: the host's offer was withdrawn before the task could be launched; another"
                + " host is looked for");
  }
}
