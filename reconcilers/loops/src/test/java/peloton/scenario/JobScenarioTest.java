package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.WorkflowCommand;
import peloton.store.view.JobEntry;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.workflow.VersionMarkers;

class JobScenarioTest {
  private static final UpdateSpec AT_ONCE = UpdateSpec.getDefaultInstance();
  private static final UpdateSpec ONE_BY_ONE = UpdateSpec.newBuilder().setBatchSize(1).build();

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

  @Test
  void bringsEveryInstanceOfANewJobToRunning() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));

    assertThat(world.mesos.living())
        .hasSize(3)
        .allSatisfy((pod, tasks) -> assertThat(tasks).containsExactly("v1"));
    assertThat(world.committed().job(World.JOB).status().getState())
        .isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(world.committed().job(World.JOB).workflowStatuses().get(1L).getState())
        .isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
  }

  @Test
  void createsInBatches() {
    givenAgents();
    world.mesos.holdStarts(true);
    world.createJob(World.job(3, "v1"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living()).hasSize(1);

    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living()).hasSize(3);
  }

  @Test
  void replacesOneInstanceAfterTheOther() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.mesos.holdStarts(true);
    world.replaceJob(World.job(3, "v2"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living().values())
        .containsExactly(List.of("v2"), List.of("v1"), List.of("v1"));

    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living().values()).containsOnly(List.of("v2"));
    assertThat(world.pod(0).getRun()).isEqualTo(2);
    assertThat(world.pod(0).getPreviousRun()).isEqualTo(1);
    assertThat(world.pod(0).getFailureCount()).isZero();
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
  }

  @Test
  void touchesOnlyTheInstanceThatChanges() {
    givenAgents();
    world.createJob(World.job(4, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    JobSpec changed =
        World.job(4, "v1").toBuilder().putInstanceSpec(3, World.pod("special", 1)).build();
    world.replaceJob(changed, AT_ONCE);
    world.advance(Duration.ofSeconds(3));

    assertThat(world.mesos.living().values())
        .containsExactly(List.of("v1"), List.of("v1"), List.of("v1"), List.of("special"));
    assertThat(world.mesos.launches()).isEqualTo(5);
    JobEntry job = world.committed().job(World.JOB);
    assertThat(VersionMarkers.current(job, 0, job.pods().get(0))).isEqualTo(2);
  }

  @Test
  void aChangeThatNoPodFeelsStartsNothing() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.replaceJob(World.job(3, "v1").toBuilder().setDescription("words").build(), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(2));

    assertThat(world.mesos.launches()).isEqualTo(3);
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
  }

  @Test
  void growsAndShrinks() {
    givenAgents();
    world.createJob(World.job(2, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.replaceJob(World.job(4, "v1"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living()).hasSize(4);
    assertThat(world.mesos.launches()).isEqualTo(4);

    world.replaceJob(World.job(1, "v1"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.living()).containsOnlyKeys(World.JOB + "-0");
    assertThat(world.committed().job(World.JOB).pods().size()).isEqualTo(1);
    assertThat(workflow(3)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);

    world.replaceJob(World.job(2, "v1"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.pod(1).getRun()).isEqualTo(2);
    assertThat(world.pod(1).getPreviousRun()).isEqualTo(1);
    assertThat(world.mesos.violations()).isEmpty();
  }

  @Test
  void stopsAndStartsAgain() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).isEmpty();
    assertThat(state()).isEqualTo(JobState.JOB_STATE_KILLED);
    assertThat(world.pod(1).getState()).isEqualTo(PodState.POD_STATE_KILLED);

    world.setGoal(JobState.JOB_STATE_RUNNING);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).hasSize(3);
    assertThat(state()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(world.pod(1).getRun()).isEqualTo(2);
    assertThat(world.pod(1).getFailureCount()).isZero();
  }

  @Test
  void updatesAStoppedJobWithoutStartingIt() {
    givenAgents();
    world.createJob(World.job(2, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(Duration.ofSeconds(2));
    world.replaceJob(World.job(3, "v2"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(2));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(world.mesos.living()).isEmpty();

    world.setGoal(JobState.JOB_STATE_RUNNING);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living().values())
        .containsExactly(List.of("v2"), List.of("v2"), List.of("v2"));
  }

  @Test
  void deletesARunningJobWithAllItsRecords() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.setGoal(JobState.JOB_STATE_DELETED);
    world.advance(Duration.ofSeconds(2));

    assertThat(world.mesos.living()).isEmpty();
    assertThat(world.committed().job(World.JOB)).isNull();

    world.createJob(World.job(1, "again"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living().values()).containsExactly(List.of("again"));
    assertThat(world.pod(0).getRun()).isEqualTo(2);
    assertThat(world.pod(0).getPreviousRun()).isZero();
  }

  @Test
  void waitsLongerAfterEachFailure() {
    givenAgents();
    world.mesos.failCommand("bad", "Command exited with status 3");
    world.createJob(World.job(1, "bad"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_FAILED);
    assertThat(world.pod(0).getTermination().getExitCode()).isEqualTo(3);
    assertThat(state()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(world.mesos.launches()).isEqualTo(1);

    world.advance(Duration.ofSeconds(27));
    assertThat(world.mesos.launches()).isEqualTo(1);
    world.advance(Duration.ofSeconds(3));
    assertThat(world.mesos.launches()).isEqualTo(2);
    world.advance(Duration.ofSeconds(58));
    assertThat(world.mesos.launches()).isEqualTo(2);
    world.advance(Duration.ofSeconds(4));
    assertThat(world.mesos.launches()).isEqualTo(3);
    assertThat(world.pod(0).getFailureCount()).isEqualTo(3);
  }

  @Test
  void keepsTheLastHundredRunsOfAPod() {
    givenAgents();
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    for (int run = 1; run < 110; run++) {
      world.setGoal(JobState.JOB_STATE_KILLED);
      world.advance(Duration.ofSeconds(1));
      world.setGoal(JobState.JOB_STATE_RUNNING);
      world.advance(Duration.ofSeconds(2));
    }
    long runs = world.pod(0).getRun();
    String history =
        new Keyspace(Keyspace.DEFAULT_PREFIX).below(RecordKey.PodHistory.prefix(World.JOB, 0));
    assertThat(runs).isGreaterThan(105);
    assertThat(world.data.range(history).entries()).hasSize(100);
  }

  @Test
  void aRestartKeepsTheWaitOfAFailedPod() {
    givenAgents();
    world.mesos.failCommand("bad", "Command exited with status 3");
    world.createJob(World.job(1, "bad"), AT_ONCE);
    world.advance(Duration.ofSeconds(20));
    world.restart();
    world.advance(Duration.ofSeconds(8));
    assertThat(world.mesos.launches()).isEqualTo(1);
    world.advance(Duration.ofSeconds(5));
    assertThat(world.mesos.launches()).isEqualTo(2);
  }

  @Test
  void givesUpAnUpdateAtTheFirstFailureThatItDoesNotTolerate() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.mesos.failCommand("bad", "Command exited with status 1");
    UpdateSpec careful =
        UpdateSpec.newBuilder()
            .setBatchSize(1)
            .setMaxInstanceRetries(1)
            .setMaxTolerableInstanceFailures(1)
            .build();
    world.replaceJob(World.job(6, "bad"), careful);
    world.advance(Duration.ofSeconds(5));

    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_FAILED);
    assertThat(world.committed().job(World.JOB).pods().size()).isEqualTo(4);
    assertThat(world.mesos.living().values()).containsOnly(List.of("v1")).hasSize(3);
  }

  @Test
  void pausesResumesAndAborts() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.mesos.holdStarts(true);
    world.replaceJob(World.job(3, "v2"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(1));
    world.command(WorkflowCommand.WORKFLOW_COMMAND_PAUSE);
    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(3));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_PAUSED);
    assertThat(world.mesos.living().values())
        .containsExactly(List.of("v2"), List.of("v1"), List.of("v1"));

    world.mesos.holdStarts(true);
    world.command(WorkflowCommand.WORKFLOW_COMMAND_RUN);
    world.advance(Duration.ofSeconds(2));
    world.command(WorkflowCommand.WORKFLOW_COMMAND_ABORT);
    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(3));
    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ABORTED);
    assertThat(world.mesos.living().values())
        .containsExactly(List.of("v2"), List.of("v2"), List.of("v1"));
  }

  @Test
  void aNewerUpdateTakesThePlaceOfARunningOne() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.mesos.holdStarts(true);
    world.replaceJob(World.job(3, "v2"), ONE_BY_ONE);
    world.advance(Duration.ofSeconds(2));
    world.replaceJob(World.job(3, "v3"), ONE_BY_ONE);
    world.mesos.holdStarts(false);
    world.advance(Duration.ofSeconds(6));

    assertThat(workflow(2)).isEqualTo(WorkflowState.WORKFLOW_STATE_ABORTED);
    assertThat(workflow(3)).isEqualTo(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(world.mesos.living().values()).containsOnly(List.of("v3")).hasSize(3);
  }

  @Test
  void waitsForRoomAndTakesItWhenItComes() {
    world.mesos.addAgent("small", 2, 4096);
    world.start();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(60));
    assertThat(world.mesos.living()).hasSize(2);
    assertThat(state()).isEqualTo(JobState.JOB_STATE_RUNNING);

    world.mesos.addAgent("more", 2, 4096);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).hasSize(3);
  }

  @Test
  void asksForOffersAgainAfterAQuietTime() {
    givenAgents();
    world.advance(Duration.ofSeconds(30));
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).hasSize(1);
  }

  @Test
  void asksForTheOffersThatItHasReturnedAsSoonAsAPodNeedsThem() {
    world.mesos.addAgent("large", 4, 4096);
    world.start();
    world.advance(Duration.ofSeconds(3));
    world.mesos.addAgent("small", 1, 4096);
    // Long enough for one of the two offers to go back, with a refusal of many seconds.
    world.advance(Duration.ofSeconds(3));
    world.createJob(World.job(5, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(3));
    assertThat(world.mesos.living()).hasSize(5);
  }

  @Test
  void survivesRescindsAndLostConnections() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.mesos.rescindAll();
    world.advance(Duration.ofSeconds(2));
    world.reconnect();
    world.advance(Duration.ofSeconds(2));

    assertThat(world.mesos.living()).hasSize(3);
    assertThat(world.mesos.violations()).isEmpty();
  }

  @Test
  void replacesATaskThatMesosKnowsNothingOf() {
    givenAgents();
    world.createJob(World.job(2, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    world.mesos.forget(World.JOB + "-1");
    world.restart();
    world.advance(Duration.ofSeconds(3));

    assertThat(world.mesos.living()).hasSize(2);
    assertThat(world.pod(1).getRun()).isEqualTo(2);
    assertThat(world.pod(0).getRun()).isEqualTo(1);
  }

  @Test
  void killsATaskThatBelongsToNoPod() {
    givenAgents();
    world.mesos.startStray("99999999-2222-3333-4444-555555555555-0-1", "agent-0");
    world.restart();
    world.advance(Duration.ofSeconds(2));
    assertThat(world.mesos.living()).isEmpty();
  }

  @Test
  void aQuietClusterWritesNothing() {
    givenAgents();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(10));
    long revision = world.data.revision();
    world.advance(Duration.ofMinutes(30));
    assertThat(world.data.revision()).isEqualTo(revision);
  }

  @Test
  void aLaunchCostsTwoWritesOfThePod() {
    givenAgents();
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(2));
    String key = new Keyspace(Keyspace.DEFAULT_PREFIX).key(new RecordKey.Pod(World.JOB, 0));
    assertThat(world.data.range(key).entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.version()).isEqualTo(2));
  }

  private JobState state() {
    return world.committed().job(World.JOB).status().getState();
  }

  private WorkflowState workflow(long number) {
    return world.committed().job(World.JOB).workflowStatuses().get(number).getState();
  }
}
