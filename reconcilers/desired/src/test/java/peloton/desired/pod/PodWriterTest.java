package peloton.desired.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.desired.job.JobScene.JOB;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus.Reason;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.desired.ApiException;
import peloton.desired.ApiException.Code;
import peloton.desired.DesiredFixture;
import peloton.desired.job.JobScene;
import peloton.records.LastRunRecord;
import peloton.records.PodEventRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.store.view.RecordKey;

class PodWriterTest {
  private final JobScene scene = new JobScene();
  private final PodWriter pods =
      new PodWriter(scene.fixture.desired, scene.fixture.keys, scene.fixture.clock());

  // ---- stop

  @Test
  void aStoppedPodHasAGoalOfItsOwn() {
    scene.createAndRun();

    stop(1);

    assertThat(goal(1))
        .isEqualTo(
            PodGoalRecord.newBuilder()
                .setGoal(PodState.POD_STATE_KILLED)
                .setReason(Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST)
                .setUpdatedAt(scene.now())
                .setDesiredStateVersion(1)
                .setWorkflow(1)
                .build());
    assertThat(wanted()).containsExactly(true, false, true);
    assertThat(scene.version()).isEqualTo("1-1-1");
  }

  @Test
  void toStopAStoppedPodChangesNothing() {
    scene.createAndRun();
    stop(1);
    long before = scene.fixture.data.revision();

    stop(1);

    assertThat(scene.fixture.data.revision()).isEqualTo(before);
  }

  @Test
  void thePodsOfAStoppedJobAreStoppedAlready() {
    scene.createAndRun();
    scene.stop();

    stop(1);

    assertThat(scene.job().podGoals()).isEmpty();
  }

  @Test
  void aStopIsHeardByAWorkflowThatWouldStartThePodLater() {
    scene.createAndRun();
    scene.stop();
    scene.fixture.answer(
        scene.writer.restart(
            RestartJobRequest.newBuilder()
                .setJobId(JobScene.id())
                .setVersion(JobScene.version("1-2-1"))
                .build()));

    stop(1);

    assertThat(goal(1).getWorkflow()).isEqualTo(2);
    scene.pod(1, pod -> pod.setStartedBy(2));
    scene.pod(2, pod -> pod.setStartedBy(2));
    assertThat(wanted()).containsExactly(false, false, true);
  }

  @Test
  void aPodThatIsBeingRemovedMayBeStopped() {
    scene.createAndRun();
    scene.replace("1-1-1", r -> r.getSpecBuilder().setInstanceCount(1));

    stop(2);

    assertThat(goal(2).getGoal()).isEqualTo(PodState.POD_STATE_KILLED);
  }

  @Test
  void theStartOfTheJobOverridesTheStopOfAPod() {
    scene.createAndRun();
    stop(1);

    scene.start();

    assertThat(wanted()).containsExactly(true, true, true);
  }

  // ---- start

  @Test
  void aStoppedPodIsStartedAgain() {
    scene.createAndRun();
    stop(1);

    start(1);

    assertThat(goal(1).getGoal()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(goal(1).getReason()).isEqualTo(Reason.TERMINATION_STATUS_REASON_INVALID);
    assertThat(wanted()).containsExactly(true, true, true);
  }

  @Test
  void toStartAPodThatIsToRunChangesNothing() {
    scene.createAndRun();
    long before = scene.fixture.data.revision();

    start(1);

    assertThat(scene.fixture.data.revision()).isEqualTo(before);
  }

  @Test
  void aPodOfAStoppedJobIsStartedAloneAndChangesNoVersion() {
    scene.createAndRun();
    scene.stop();

    start(1);

    assertThat(scene.job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(wanted()).containsExactly(false, true, false);
    assertThat(scene.version()).isEqualTo("1-2-1");
    start(2);
    assertThat(wanted()).containsExactly(false, true, true);
    scene.stop();
    assertThat(wanted()).containsExactly(false, false, false);
  }

  @Test
  void aPodOfAStoppedJobIsNotStartedInAPoolThatIsGone() {
    scene.createAndRun();
    scene.stop();
    scene.poolGoes();

    scene.assertRefused(
        pods.start(startRequest(name(1))), Code.FAILED_PRECONDITION, "does not exist any more");
    assertThat(scene.job().podGoals()).isEmpty();
  }

  @Test
  void aPodThatIsBeingRemovedIsNeitherStartedNorRestarted() {
    scene.createAndRun();
    stop(2);
    scene.replace("1-1-1", r -> r.getSpecBuilder().setInstanceCount(1));

    scene.assertRefused(
        pods.start(startRequest(name(2))),
        Code.INVALID_ARGUMENT,
        "pod_name: instance exceeds the job's: given " + JOB + "-2");
    scene.assertRefused(
        pods.restart(restartRequest(name(2), false)),
        Code.INVALID_ARGUMENT,
        "is being removed since its job has 1 instances now");
  }

  @Test
  void anInstanceThatIsAddedAgainHasNotBeenStopped() {
    scene.createAndRun();
    stop(2);
    scene.replace("1-1-1", r -> r.getSpecBuilder().setInstanceCount(2));
    scene.fixture.deleteBelow(new RecordKey.Pod(JOB, 2).path());

    scene.replace("2-1-2", r -> r.getSpecBuilder().setInstanceCount(4));

    assertThat(WantedPods.run(scene.job(), 2)).isTrue();
  }

  @Test
  void theDefaultOfInstancesThatAreAddedToAPartlyStartedJobIsToRun() {
    scene.createAndRun();
    scene.stop();
    start(1);

    scene.replace("1-2-1", r -> r.getSpecBuilder().setInstanceCount(5));

    assertThat(WantedPods.run(scene.job(), 2)).isFalse();
    assertThat(WantedPods.run(scene.job(), 3)).isTrue();
    assertThat(WantedPods.run(scene.job(), 4)).isTrue();
  }

  // ---- restart

  @Test
  void aRestartAsksForTheNextRun() {
    scene.createAndRun();
    scene.pod(1, pod -> pod.setRun(4).setDesiredRun(4));

    restart(1, false);

    assertThat(goal(1))
        .isEqualTo(
            PodGoalRecord.newBuilder()
                .setGoal(PodState.POD_STATE_RUNNING)
                .setDesiredRun(5)
                .setReason(Reason.TERMINATION_STATUS_REASON_KILLED_FOR_RESTART)
                .setUpdatedAt(scene.now())
                .setDesiredStateVersion(1)
                .setWorkflow(1)
                .build());
    assertThat(scene.version()).isEqualTo("1-1-1");
  }

  @Test
  void toRestartTwiceBeforeTheNewRunIsOneRestart() {
    scene.createAndRun();
    restart(1, false);
    long before = scene.fixture.data.revision();

    restart(1, false);
    scene.pod(1, pod -> pod.setDesiredRun(2));
    restart(1, false);

    assertThat(goal(1).getDesiredRun()).isEqualTo(2);
    assertThat(scene.fixture.data.revision()).as("but for the loops' write").isEqualTo(before + 1);
    scene.pod(1, pod -> pod.setRun(2).setDesiredRun(2));
    restart(1, false);
    assertThat(goal(1).getDesiredRun()).isEqualTo(3);
  }

  @Test
  void aRestartStartsAStoppedPod() {
    scene.createAndRun();
    stop(1);
    scene.pod(1, pod -> pod.setState(PodState.POD_STATE_KILLED));

    restart(1, false);

    assertThat(goal(1).getDesiredRun()).isEqualTo(2);
    assertThat(wanted()).containsExactly(true, true, true);
  }

  @Test
  void aRestartStartsAPodOfAStoppedJobAlone() {
    scene.createAndRun();
    scene.stop();

    restart(1, false);

    assertThat(wanted()).containsExactly(false, true, false);
  }

  @Test
  void aPodThatWasNeverLaunchedHasNothingToRestart() {
    scene.create(spec -> {});
    long before = scene.fixture.data.revision();

    restart(1, false);

    assertThat(scene.fixture.data.revision()).isEqualTo(before);
  }

  @Test
  void aStopAfterARestartKeepsTheRunThatWasAskedFor() {
    scene.createAndRun();
    restart(1, false);

    stop(1);

    assertThat(goal(1).getDesiredRun()).isEqualTo(2);
    assertThat(wanted()).containsExactly(true, false, true);
  }

  // ---- restart within the SLA

  @Test
  void aRestartThatChecksTheSlaSaysSo() {
    scene.createAndRun(spec -> spec.getSlaBuilder().setMaximumUnavailableInstances(1));

    restart(1, true);

    assertThat(goal(1).getReason())
        .isEqualTo(Reason.TERMINATION_STATUS_REASON_KILLED_FOR_SLA_AWARE_RESTART);
  }

  @Test
  void refusesToTakeDownMoreThanTheSlaAllows() {
    scene.createAndRun(spec -> spec.getSlaBuilder().setMaximumUnavailableInstances(1));
    scene.pod(0, pod -> pod.setState(PodState.POD_STATE_FAILED));

    scene.assertRefused(
        pods.restart(restartRequest(name(1), true)),
        Code.ABORTED,
        "pod restart would violate SLA: of job "
            + JOB
            + " 1 instances are unavailable, and sla.maximum_unavailable_instances is 1");
    restart(0, true);
    assertThat(goal(0).getDesiredRun()).as("it is down as it is").isEqualTo(2);
    restart(1, false);
    assertThat(goal(1).getDesiredRun()).as("nobody asked").isEqualTo(2);
  }

  @Test
  void aRestartThatWasAskedForCountsAsUnavailableAtOnce() {
    scene.createAndRun(spec -> spec.getSlaBuilder().setMaximumUnavailableInstances(1));
    restart(0, true);

    scene.assertRefused(
        pods.restart(restartRequest(name(1), true)), Code.ABORTED, "would violate SLA");
  }

  @Test
  void ofTwoRestartsAtATimeTheSecondSeesTheFirst() {
    scene.createAndRun(spec -> spec.getSlaBuilder().setMaximumUnavailableInstances(1));
    DesiredFixture other = scene.fixture.replica();
    PodWriter otherPods = new PodWriter(other.desired, other.keys, other.clock());
    scene.fixture.store.beforeCommit(
        txn -> {
          scene.fixture.store.beforeCommit(next -> {});
          other.answer(otherPods.restart(restartRequest(name(0), true)));
        });

    scene.assertRefused(
        pods.restart(restartRequest(name(1), true)), Code.ABORTED, "would violate SLA");

    assertThat(scene.job().podGoals()).containsOnlyKeys(0);
    assertThat(scene.version()).isEqualTo("1-1-1");
  }

  @Test
  void withoutALimitTheSlaAllowsAnything() {
    scene.createAndRun();
    scene.pod(0, pod -> pod.setState(PodState.POD_STATE_FAILED));
    scene.pod(2, pod -> pod.setState(PodState.POD_STATE_LOST));

    restart(1, true);

    assertThat(goal(1).getDesiredRun()).isEqualTo(2);
  }

  @Test
  void stoppedPodsDoNotCountAgainstTheSla() {
    scene.createAndRun(spec -> spec.getSlaBuilder().setMaximumUnavailableInstances(1));
    stop(0);
    scene.pod(0, pod -> pod.setState(PodState.POD_STATE_KILLED));

    restart(1, true);

    assertThat(goal(1).getDesiredRun()).isEqualTo(2);
  }

  // ---- refresh

  @Test
  void aRefreshIsCountedAndAsksForNothing() {
    scene.createAndRun();

    refresh(1);
    refresh(1);

    assertThat(goal(1)).isEqualTo(PodGoalRecord.newBuilder().setRefresh(2).build());
    assertThat(wanted()).containsExactly(true, true, true);
  }

  @Test
  void aRefreshKeepsWhatWasAsked() {
    scene.createAndRun();
    stop(1);
    PodGoalRecord before = goal(1);

    refresh(1);

    assertThat(goal(1)).isEqualTo(before.toBuilder().setRefresh(1).build());
  }

  @Test
  void aPodOfAJobThatIsBeingDeletedMayBeRefreshed() {
    scene.createAndRun();
    scene.delete();

    refresh(1);

    assertThat(goal(1).getRefresh()).isEqualTo(1);
  }

  // ---- delete events

  @Test
  void theEventsOfARunThatIsOverGoWhole() {
    scene.createAndRun();
    scene.pod(1, pod -> pod.setRun(3).addEvents(event(70)));

    deleteEvents(1, "2");

    assertThat(DeletedEvents.visible(goal(1), runOf(2, 10, 20))).isEmpty();
    assertThat(DeletedEvents.visible(goal(1), runOf(1, 10, 20))).hasSize(2);
    assertThat(DeletedEvents.visible(goal(1), runOf(3, 70))).hasSize(1);
    assertThat(wanted()).containsExactly(true, true, true);
  }

  @Test
  void ofARunThatGoesOnTheEventsSoFarGo() {
    scene.createAndRun();
    scene.pod(1, pod -> pod.addEvents(event(10)).addEvents(event(20)));

    deleteEvents(1, "1");

    assertThat(DeletedEvents.visible(goal(1), runOf(1, 10, 20, 21)))
        .extracting(PodEventRecord::getAt)
        .containsExactly(21L);
  }

  @Test
  void whereThereIsNothingToDeleteNothingIsWritten() {
    scene.createAndRun();
    scene.pod(1, pod -> pod.setRun(2).addEvents(event(10)));
    deleteEvents(1, "1");
    long before = scene.fixture.data.revision();

    deleteEvents(1, "1");
    deleteEvents(1, "0");
    deleteEvents(1, "3");
    deleteEvents(0, "1");

    assertThat(scene.fixture.data.revision()).isEqualTo(before);
  }

  @Test
  void theRunsOfAnInstanceThatWasRemovedAndAddedCanBeForgotten() {
    scene.createAndRun();
    scene.fixture.deleteBelow(new RecordKey.Pod(JOB, 2).path());
    scene.fixture.put(
        new RecordKey.InstanceLastRun(JOB, 2), LastRunRecord.newBuilder().setRun(4).build());

    deleteEvents(2, "4");

    assertThat(DeletedEvents.visible(goal(2), runOf(4, 10))).isEmpty();
    long before = scene.fixture.data.revision();
    deleteEvents(2, "5");
    assertThat(scene.fixture.data.revision()).isEqualTo(before);
  }

  @Test
  void nothingIsDeletedWhereNobodyDeleted() {
    assertThat(DeletedEvents.visible(null, runOf(1, 10))).hasSize(1);
    assertThat(DeletedEvents.visible(PodGoalRecord.getDefaultInstance(), runOf(1, 10))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", JOB, JOB + "-1", JOB + "-1-x", JOB + "-1-01", "-1-1"})
  void refusesARunThatIsNone(String run) {
    scene.createAndRun();

    scene.assertRefused(
        pods.deleteEvents(deleteRequest(name(1), run)), Code.INVALID_ARGUMENT, "pod_id");
  }

  @Test
  void refusesARunOfAnotherPod() {
    scene.createAndRun();

    scene.assertRefused(
        pods.deleteEvents(deleteRequest(name(1), name(2) + "-1")),
        Code.INVALID_ARGUMENT,
        "pod_id: given " + JOB + "-2-1, which is not a run of the pod_name " + JOB + "-1");
  }

  // ---- names

  @ParameterizedTest
  @ValueSource(strings = {"", "x", JOB, JOB + "-", JOB + "-x", JOB + "--1", "x-1", JOB + "-01"})
  void refusesANameThatIsNone(String name) {
    scene.createAndRun();

    for (CompletableFuture<?> request :
        List.of(
            pods.start(startRequest(name)),
            pods.stop(stopRequest(name)),
            pods.restart(restartRequest(name, false)),
            pods.refresh(refreshRequest(name)),
            pods.deleteEvents(deleteRequest(name, JOB + "-1-1")))) {
      scene.assertRefused(request, Code.INVALID_ARGUMENT, "pod_name: invalid pod name");
    }
  }

  @Test
  void aPodThatIsNotThereIsNotFound() {
    assertNotFound(1, "job \"" + JOB + "\" not found");
    scene.createAndRun();
    assertNotFound(3, "pod " + JOB + "-3 not found: its job has 3 instances");
  }

  private void assertNotFound(int instance, String message) {
    for (CompletableFuture<?> request :
        List.of(
            pods.start(startRequest(name(instance))),
            pods.stop(stopRequest(name(instance))),
            pods.restart(restartRequest(name(instance), true)),
            pods.refresh(refreshRequest(name(instance))),
            pods.deleteEvents(deleteRequest(name(instance), name(instance) + "-1")))) {
      scene.assertRefused(request, Code.NOT_FOUND, message);
    }
  }

  @Test
  void thePodsOfAJobThatIsBeingDeletedAreNotChangedAnyMore() {
    scene.createAndRun();
    scene.delete();

    for (CompletableFuture<?> request :
        List.of(
            pods.start(startRequest(name(1))),
            pods.stop(stopRequest(name(1))),
            pods.restart(restartRequest(name(1), false)),
            pods.deleteEvents(deleteRequest(name(1), name(1) + "-1")))) {
      scene.assertRefused(request, Code.ABORTED, "is being deleted");
    }
  }

  // ---- races

  @Test
  void ofTwoChangesOfOnePodNoneIsLost() {
    scene.createAndRun();
    DesiredFixture other = scene.fixture.replica();
    PodWriter otherPods = new PodWriter(other.desired, other.keys, other.clock());
    scene.fixture.store.beforeCommit(
        txn -> {
          scene.fixture.store.beforeCommit(next -> {});
          other.answer(otherPods.stop(stopRequest(name(1))));
        });

    refresh(1);

    assertThat(goal(1).getGoal()).isEqualTo(PodState.POD_STATE_KILLED);
    assertThat(goal(1).getRefresh()).isEqualTo(1);
  }

  @Test
  void aPodIsNotChangedInAJobThatIsDeletedMeanwhile() {
    scene.createAndRun();
    DesiredFixture other = scene.fixture.replica();
    JobScene otherScene = new JobScene(other, Optional.empty());
    scene.fixture.settle();
    scene.fixture.store.beforeCommit(
        txn -> {
          scene.fixture.store.beforeCommit(next -> {});
          otherScene.delete();
        });

    scene.assertRefused(pods.stop(stopRequest(name(1))), Code.ABORTED, "is being deleted");

    assertThat(scene.job().podGoals()).isEmpty();
  }

  @Test
  void knowsItsOwnWriteWhenTheAnswerIsLost() {
    scene.createAndRun();
    scene.fixture.store.failNextCommit(true);

    stop(1);

    assertThat(wanted()).containsExactly(true, false, true);
  }

  @Test
  void saysThatTheOutcomeIsUnknownWhenNothingWasWritten() {
    scene.createAndRun();
    scene.fixture.store.failNextCommit(false);

    ApiException refusal = scene.fixture.refusal(pods.stop(stopRequest(name(1))));

    assertThat(refusal.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(scene.job().podGoals()).isEmpty();
  }

  @Test
  void unhealthyPodsAreUnavailable() {
    scene.createAndRun(spec -> spec.getSlaBuilder().setMaximumUnavailableInstances(1));
    scene.workflowIs(1, WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    scene.pod(0, pod -> pod.setHealth(HealthState.HEALTH_STATE_UNHEALTHY));

    scene.assertRefused(
        pods.restart(restartRequest(name(1), true)), Code.ABORTED, "would violate SLA");
  }

  private void start(int instance) {
    scene.fixture.answer(pods.start(startRequest(name(instance))));
  }

  private void stop(int instance) {
    scene.fixture.answer(pods.stop(stopRequest(name(instance))));
  }

  private void restart(int instance, boolean checkSla) {
    scene.fixture.answer(pods.restart(restartRequest(name(instance), checkSla)));
  }

  private void refresh(int instance) {
    scene.fixture.answer(pods.refresh(refreshRequest(name(instance))));
  }

  private void deleteEvents(int instance, String run) {
    scene.fixture.answer(
        pods.deleteEvents(deleteRequest(name(instance), name(instance) + "-" + run)));
  }

  private PodGoalRecord goal(int instance) {
    return scene.job().podGoals().get(instance);
  }

  private List<Boolean> wanted() {
    return IntStream.range(0, 3)
        .mapToObj(instance -> WantedPods.run(scene.job(), instance))
        .toList();
  }

  private static PodEventRecord.Builder event(long at) {
    return PodEventRecord.newBuilder().setAt(at);
  }

  private static PodRecord runOf(long run, long... events) {
    PodRecord.Builder pod = PodRecord.newBuilder().setRun(run);
    for (long at : events) {
      pod.addEvents(event(at));
    }
    return pod.build();
  }

  private static String name(int instance) {
    return JOB + "-" + instance;
  }

  private static Peloton.PodName podName(String name) {
    return Peloton.PodName.newBuilder().setValue(name).build();
  }

  private static StartPodRequest startRequest(String name) {
    return StartPodRequest.newBuilder().setPodName(podName(name)).build();
  }

  private static StopPodRequest stopRequest(String name) {
    return StopPodRequest.newBuilder().setPodName(podName(name)).build();
  }

  private static RestartPodRequest restartRequest(String name, boolean checkSla) {
    return RestartPodRequest.newBuilder().setPodName(podName(name)).setCheckSla(checkSla).build();
  }

  private static RefreshPodRequest refreshRequest(String name) {
    return RefreshPodRequest.newBuilder().setPodName(podName(name)).build();
  }

  private static DeletePodEventsRequest deleteRequest(String name, String run) {
    return DeletePodEventsRequest.newBuilder()
        .setPodName(podName(name))
        .setPodId(Peloton.PodID.newBuilder().setValue(run))
        .build();
  }
}
