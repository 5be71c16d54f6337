package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.desired.ApiException.Code;
import peloton.desired.pod.WantedPods;
import peloton.records.PodGoalRecord;
import peloton.store.view.RecordKey;

/** Updates that start the pods that they touch. */
class StartPodsTest {
  private final JobScene scene = new JobScene();

  @Test
  void startsWhatItTouchesOfAStoppedJobAndNothingElse() {
    scene.createAndRun();
    stopWhole();

    String version =
        scene.replace(
            "1-2-1",
            r -> {
              r.getUpdateSpecBuilder().setStartPods(true);
              r.getSpecBuilder().setInstanceCount(4);
            });

    assertThat(version).isEqualTo("2-2-2");
    assertThat(scene.job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(WantedPods.starts(scene.workflow())).isTrue();
    assertThat(WantedPods.run(scene.job(), 0)).isFalse();
    assertThat(WantedPods.run(scene.job(), 3)).as("added").isTrue();
    scene.pod(1, pod -> pod.setState(PodState.POD_STATE_KILLED).setStartedBy(2));
    assertThat(WantedPods.run(scene.job(), 1)).as("touched").isTrue();
  }

  @Test
  void aJobThatRunsIsUpdatedAsEver() {
    scene.createAndRun();

    scene.replace("1-1-1", r -> r.getUpdateSpecBuilder().setStartPods(true));

    assertThat(scene.job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(scene.job().goal().getStoppedBelow()).isZero();
  }

  @Test
  void waitsUntilTheJobHasStopped() {
    scene.createAndRun();
    scene.stop();

    scene.assertRefused(
        scene.writer.replace(
            JobScene.replaceRequest("1-2-1", r -> r.getUpdateSpecBuilder().setStartPods(true))),
        Code.ABORTED,
        "update_spec.start_pods: given true for job "
            + JobScene.JOB
            + " which is stopped and whose pods have not all ended");
  }

  @Test
  void startsNothingInAPoolThatIsGone() {
    scene.createAndRun();
    stopWhole();
    scene.poolGoes();

    scene.assertRefused(
        scene.writer.replace(
            JobScene.replaceRequest("1-2-1", r -> r.getUpdateSpecBuilder().setStartPods(true))),
        Code.FAILED_PRECONDITION,
        "does not exist any more");
  }

  @Test
  void aPlainUpdateAfterwardsStopsNothing() {
    scene.createAndRun();
    stopWhole();
    scene.replace("1-2-1", r -> r.getUpdateSpecBuilder().setStartPods(true));
    scene.pod(1, pod -> pod.setStartedBy(2));
    scene.workflowIs(2, WorkflowState.WORKFLOW_STATE_SUCCEEDED);

    scene.replace("2-2-2", r -> r.getSpecBuilder().setInstanceCount(2));

    assertThat(WantedPods.run(scene.job(), 1)).isTrue();
    assertThat(WantedPods.run(scene.job(), 0)).isFalse();
  }

  @Test
  void growingAfterShrinkingAddsPodsThatRun() {
    scene.createAndRun();
    stopWhole();
    scene.replace("1-2-1", r -> r.getUpdateSpecBuilder().setStartPods(true));
    scene.replace("2-2-2", r -> r.getSpecBuilder().setInstanceCount(1));
    assertThat(WantedPods.run(scene.job(), 2)).as("stopped until it is removed").isFalse();

    scene.replace("3-2-3", r -> r.getSpecBuilder().setInstanceCount(3));

    assertThat(WantedPods.run(scene.job(), 0)).isFalse();
    assertThat(WantedPods.run(scene.job(), 1)).isTrue();
    assertThat(WantedPods.run(scene.job(), 2)).isTrue();
  }

  @Test
  void growingForgetsWhatWasAskedOfInstancesThatWereRemoved() {
    scene.createAndRun(spec -> spec.setInstanceCount(1));
    for (int instance = 1; instance < 3; instance++) {
      fixturePodGoal(instance);
    }

    scene.replace("1-1-1", r -> r.getSpecBuilder().setInstanceCount(2));

    assertThat(scene.job().podGoals().get(1))
        .isEqualTo(PodGoalRecord.newBuilder().setRefresh(3).putEventsDeleted(1, 5).build());
    assertThat(scene.job().podGoals().get(2).getGoal()).isEqualTo(PodState.POD_STATE_KILLED);
  }

  @Test
  void theWritesOfGrowingFitIntoATransaction() {
    scene.createAndRun(spec -> spec.setInstanceCount(0));
    for (int instance = 0; instance < 100; instance++) {
      fixturePodGoal(instance);
    }
    for (long version = 2; version <= 100; version++) {
      scene.fixture.put(new RecordKey.JobSpec(JobScene.JOB, version), scene.job().specs().get(1L));
    }

    scene.replace(
        "1-1-1",
        r -> {
          r.getSpecBuilder().setInstanceCount(100).setName("other");
          r.getUpdateSpecBuilder().setStartPods(true);
        });

    assertThat(scene.job().podGoals().values())
        .filteredOn(goal -> goal.getGoal() == PodState.POD_STATE_KILLED)
        .hasSize(100 - WorkflowChanges.MOST_FORGOTTEN);
  }

  private void fixturePodGoal(int instance) {
    scene.fixture.put(
        new RecordKey.PodGoal(JobScene.JOB, instance),
        PodGoalRecord.newBuilder()
            .setGoal(PodState.POD_STATE_KILLED)
            .setDesiredStateVersion(1)
            .setDesiredRun(2)
            .setRefresh(3)
            .putEventsDeleted(1, 5)
            .build());
  }

  private void stopWhole() {
    scene.stop();
    for (int instance = 0; instance < 3; instance++) {
      scene.pod(instance, pod -> pod.setState(PodState.POD_STATE_KILLED));
    }
  }
}
