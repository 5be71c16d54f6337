package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.desired.job.JobScene.JOB;
import static peloton.desired.job.JobScene.id;
import static peloton.desired.job.JobScene.version;
import static peloton.records.WorkflowCommand.WORKFLOW_COMMAND_ABORT;
import static peloton.records.WorkflowCommand.WORKFLOW_COMMAND_PAUSE;
import static peloton.records.WorkflowCommand.WORKFLOW_COMMAND_RUN;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowResponse;
import peloton.api.v1alpha.peloton.Peloton.OpaqueData;
import peloton.desired.ApiException.Code;
import peloton.desired.DesiredFixture;
import peloton.records.WorkflowRequestRecord;

/** Pause, resume and abort; the way back of an update; refresh. */
class WorkflowSteeringTest {
  private static final Optional<String> NO_DATA = Optional.empty();

  private final JobScene scene = new JobScene();

  @Test
  void pauseResumeAndAbortTellTheWorkflowAndCount() {
    scene.create(spec -> {});
    scene.workflowIs(1, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);

    assertThat(scene.fixture.answer(pause("1-1-1", NO_DATA)).getVersion().getValue())
        .isEqualTo("1-1-2");
    assertThat(scene.workflow().getCommand()).isEqualTo(WORKFLOW_COMMAND_PAUSE);
    assertThat(scene.fixture.answer(resume("1-1-2", NO_DATA)).getVersion().getValue())
        .isEqualTo("1-1-3");
    assertThat(scene.workflow().getCommand()).isEqualTo(WORKFLOW_COMMAND_RUN);
    assertThat(scene.fixture.answer(abort("1-1-3", NO_DATA)).getVersion().getValue())
        .isEqualTo("1-1-4");
    assertThat(scene.workflow().getCommand()).isEqualTo(WORKFLOW_COMMAND_ABORT);
    assertThat(scene.version()).isEqualTo("1-1-4");
    assertThat(scene.job().goal().getWorkflow()).isEqualTo(1);
  }

  @Test
  void aWorkflowThatBeganPausedIsResumed() {
    scene.createAndRun();
    scene.replace("1-1-1", r -> r.getUpdateSpecBuilder().setStartPaused(true));
    assertThat(scene.workflow().getCommand()).isEqualTo(WORKFLOW_COMMAND_PAUSE);

    scene.fixture.answer(resume("2-1-2", NO_DATA));

    assertThat(scene.workflow().getCommand()).isEqualTo(WORKFLOW_COMMAND_RUN);
  }

  @Test
  void aPauseMayFollowAResumeThatTheLoopsHaveNotSeenYet() {
    scene.create(spec -> {});
    scene.fixture.answer(pause("1-1-1", NO_DATA));
    scene.workflowIs(1, WorkflowState.WORKFLOW_STATE_PAUSED);
    scene.fixture.answer(resume("1-1-2", NO_DATA));

    scene.fixture.answer(pause("1-1-3", NO_DATA));

    assertThat(scene.workflow().getCommand()).isEqualTo(WORKFLOW_COMMAND_PAUSE);
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkflowState.class,
      names = {
        "WORKFLOW_STATE_SUCCEEDED",
        "WORKFLOW_STATE_FAILED",
        "WORKFLOW_STATE_ABORTED",
        "WORKFLOW_STATE_ROLLED_BACK"
      })
  void ofAWorkflowThatIsOverOnlyTheVersionGrows(WorkflowState state) {
    scene.create(spec -> {});
    scene.workflowIs(1, state);
    WorkflowRequestRecord before = scene.workflow();

    scene.fixture.answer(pause("1-1-1", Optional.of("x")));
    scene.fixture.answer(resume("1-1-2", Optional.of("x")));
    scene.fixture.answer(abort("1-1-3", Optional.of("x")));

    assertThat(scene.version()).isEqualTo("1-1-4");
    assertThat(scene.workflow()).isEqualTo(before);
  }

  @Test
  void whatIsSoAlreadyOnlyRaisesTheVersion() {
    scene.create(spec -> {});
    scene.fixture.answer(resume("1-1-1", Optional.of("x")));
    assertThat(scene.workflow().getOpaqueData()).isEmpty();
    scene.fixture.answer(pause("1-1-2", Optional.of("first")));
    scene.fixture.answer(pause("1-1-3", Optional.of("second")));

    assertThat(scene.version()).isEqualTo("1-1-4");
    assertThat(scene.workflow().getOpaqueData()).isEqualTo("first");
  }

  @Test
  void nothingIsToldAfterAnAbort() {
    scene.create(spec -> {});
    scene.fixture.answer(abort("1-1-1", NO_DATA));

    scene.fixture.answer(pause("1-1-2", NO_DATA));
    scene.fixture.answer(resume("1-1-3", NO_DATA));

    assertThat(scene.workflow().getCommand()).isEqualTo(WORKFLOW_COMMAND_ABORT);
  }

  @Test
  void opaqueDataIsReplacedIfGivenAndRemovedIfEmpty() {
    scene.create(spec -> {});

    scene.fixture.answer(pause("1-1-1", Optional.of("one")));
    assertThat(scene.workflow().getOpaqueData()).isEqualTo("one");
    scene.fixture.answer(resume("1-1-2", NO_DATA));
    assertThat(scene.workflow().getOpaqueData()).isEqualTo("one");
    scene.fixture.answer(pause("1-1-3", Optional.of("")));
    assertThat(scene.workflow().getOpaqueData()).isEmpty();
  }

  @Test
  void refusesAJobThatIsNotThereOrGoesOrHasAnotherVersion() {
    scene.assertRefused(pause("1-1-1", NO_DATA), Code.NOT_FOUND, JOB);
    scene.assertRefused(resume("1-1-1", NO_DATA), Code.NOT_FOUND, JOB);
    scene.assertRefused(abort("1-1-1", NO_DATA), Code.NOT_FOUND, JOB);
    scene.create(spec -> {});
    scene.assertRefused(pause("1-1-9", NO_DATA), Code.ABORTED, "unexpected entity version");
    scene.assertRefused(resume("", NO_DATA), Code.ABORTED, "unexpected entity version");
    scene.assertRefused(abort("x", NO_DATA), Code.ABORTED, "unexpected entity version");
    scene.delete();
    scene.assertRefused(pause("1-2-1", NO_DATA), Code.ABORTED, "is being deleted");
    scene.assertRefused(resume("1-2-1", NO_DATA), Code.ABORTED, "is being deleted");
    scene.assertRefused(abort("1-2-1", NO_DATA), Code.ABORTED, "is being deleted");
  }

  @Test
  void refusesOpaqueDataThatIsTooLarge() {
    scene.create(spec -> {});
    Optional<String> large = Optional.of("x".repeat(JobWriter.MAX_OPAQUE_BYTES + 1));

    scene.assertRefused(pause("1-1-1", large), Code.INVALID_ARGUMENT, "opaque_data");
    scene.assertRefused(resume("1-1-1", large), Code.INVALID_ARGUMENT, "opaque_data");
    scene.assertRefused(abort("1-1-1", large), Code.INVALID_ARGUMENT, "opaque_data");
  }

  @Test
  void ofTwoWhoSteerOnTheSameReadingOneIsRefused() {
    scene.create(spec -> {});
    DesiredFixture other = scene.fixture.replica();
    JobScene otherScene = new JobScene(other, Optional.empty());
    scene.fixture.settle();
    scene.fixture.store.beforeCommit(
        txn -> {
          scene.fixture.store.beforeCommit(next -> {});
          other.answer(
              otherScene.writer.abortWorkflow(
                  AbortJobWorkflowRequest.newBuilder()
                      .setJobId(id())
                      .setVersion(version("1-1-1"))
                      .build()));
        });

    scene.assertRefused(pause("1-1-1", NO_DATA), Code.ABORTED, "unexpected entity version");

    assertThat(scene.workflow().getCommand()).isEqualTo(WORKFLOW_COMMAND_ABORT);
  }

  // ---- the way back

  @Test
  void theWayBackIsACopyOfTheOldSpecificationInTheSameWorkflow() {
    scene.createAndRun();
    scene.replace("1-1-1", r -> r.getSpecBuilder().setName("api").setInstanceCount(5));
    scene.workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);
    scene.fixture.timers.advance(Duration.ofSeconds(1));

    assertThat(scene.fixture.answer(scene.writer.rollBack(JOB, 2))).isEqualTo(3);

    assertThat(scene.version()).isEqualTo("3-1-2");
    assertThat(scene.job().goal().getLastConfigurationVersion()).isEqualTo(3);
    assertThat(scene.job().goal().getWorkflow()).isEqualTo(2);
    assertThat(scene.workflow().getRollbackVersion()).isEqualTo(3);
    assertThat(scene.workflow().getVersion()).isEqualTo(2);
    assertThat(StoredSpec.same(scene.job().spec(1), scene.job().currentSpec())).isTrue();
    assertThat(scene.job().currentSpec().getRevision().getVersion()).isEqualTo(3);
    assertThat(scene.job().currentSpec().getRevision().getUpdatedAt()).isEqualTo(scene.now());
    assertThat(scene.fixture.records().jobsNamed("web")).hasSize(2);
  }

  @Test
  void theJobTellsFromWhichSpecificationItWentBack() {
    scene.createAndRun();
    JobSpec first = scene.job().currentSpec();
    scene.replace("1-1-1", r -> r.getSpecBuilder().setInstanceCount(5));
    JobSpec second = scene.job().currentSpec();
    assertThat(snapshot().says(second)).isTrue();
    assertThat(snapshot().wentBackFrom(second)).isFalse();

    scene.fixture.answer(scene.writer.rollBack(JOB, 2));

    assertThat(snapshot().says(first)).isTrue();
    assertThat(snapshot().says(second)).isFalse();
    assertThat(snapshot().wentBackFrom(second)).isTrue();
    assertThat(snapshot().wentBackFrom(first)).isFalse();
  }

  private JobSnapshot snapshot() {
    return JobSnapshot.of(scene.job()).orElseThrow();
  }

  @Test
  void toAskForTheWayBackAgainChangesNothing() {
    scene.createAndRun();
    scene.replace("1-1-1", r -> {});
    scene.fixture.answer(scene.writer.rollBack(JOB, 2));
    long before = scene.fixture.data.revision();

    assertThat(scene.fixture.answer(scene.writer.rollBack(JOB, 2))).isEqualTo(3);

    assertThat(scene.fixture.data.revision()).isEqualTo(before);
  }

  @Test
  void knowsItsOwnWayBackWhenTheAnswerIsLost() {
    scene.createAndRun();
    scene.replace("1-1-1", r -> {});
    scene.fixture.store.failNextCommit(true);

    assertThat(scene.fixture.answer(scene.writer.rollBack(JOB, 2))).isEqualTo(3);
    assertThat(scene.version()).isEqualTo("3-1-2");
  }

  @Test
  void onlyTheWorkflowInForceGoesBack() {
    scene.createAndRun();
    scene.replace("1-1-1", r -> {});
    scene.workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);
    scene.replace("2-1-2", r -> r.getSpecBuilder().setInstanceCount(4));

    scene.assertRefused(
        scene.writer.rollBack(JOB, 2), Code.ABORTED, "is not in force any more, workflow 3 is");
    assertThat(scene.version()).isEqualTo("3-1-3");
  }

  @Test
  void aWorkflowThatIsOverDoesNotGoBack() {
    scene.createAndRun();
    scene.replace("1-1-1", r -> {});
    scene.fixture.answer(abort("2-1-2", NO_DATA));

    scene.assertRefused(scene.writer.rollBack(JOB, 2), Code.ABORTED, "is over");
  }

  @Test
  void creationsAndRestartsHaveNoWayBack() {
    scene.create(spec -> {});
    scene.assertRefused(scene.writer.rollBack(JOB, 1), Code.FAILED_PRECONDITION, "a creation");
    scene.workflowIs(1, WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    scene.fixture.answer(
        scene.writer.restart(
            RestartJobRequest.newBuilder().setJobId(id()).setVersion(version("1-1-1")).build()));
    scene.assertRefused(scene.writer.rollBack(JOB, 2), Code.FAILED_PRECONDITION, "a restart");
  }

  @Test
  void noJobNoWayBack() {
    scene.assertRefused(scene.writer.rollBack(JOB, 1), Code.NOT_FOUND, JOB);
    scene.create(spec -> {});
    scene.delete();
    scene.assertRefused(scene.writer.rollBack(JOB, 1), Code.ABORTED, "is being deleted");
  }

  @Test
  void theSpecificationOfAWayBackIsKeptAsLongAsItsWorkflow() {
    scene.createAndRun();
    scene.replace("1-1-1", r -> {});
    scene.fixture.answer(scene.writer.rollBack(JOB, 2));
    scene.workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLED_BACK);

    scene.replace("3-1-2", r -> {});
    scene.replace("4-1-3", r -> {});

    assertThat(scene.job().specs()).containsKey(3L);
    assertThat(scene.job().workflowRequests().get(3L).getPreviousVersion()).isEqualTo(3);
  }

  // ---- refresh

  @Test
  void aRefreshIsCountedAndChangesNoVersion() {
    scene.create(spec -> {});

    scene.fixture.answer(scene.writer.refresh(refresh()));
    scene.fixture.answer(scene.writer.refresh(refresh()));

    assertThat(scene.job().goal().getRefresh()).isEqualTo(2);
    assertThat(scene.version()).isEqualTo("1-1-1");
  }

  @Test
  void aJobThatIsBeingDeletedMayBeRefreshed() {
    scene.create(spec -> {});
    scene.delete();

    scene.fixture.answer(scene.writer.refresh(refresh()));

    assertThat(scene.job().goal().getRefresh()).isEqualTo(1);
  }

  @Test
  void noJobNoRefresh() {
    scene.assertRefused(scene.writer.refresh(refresh()), Code.NOT_FOUND, JOB);
    assertThat(scene.fixture.records().jobs()).isEmpty();
  }

  private static RefreshJobRequest refresh() {
    return RefreshJobRequest.newBuilder().setJobId(id()).build();
  }

  private CompletableFuture<PauseJobWorkflowResponse> pause(
      String version, Optional<String> opaque) {
    PauseJobWorkflowRequest.Builder request =
        PauseJobWorkflowRequest.newBuilder().setJobId(id()).setVersion(version(version));
    opaque.ifPresent(data -> request.setOpaqueData(OpaqueData.newBuilder().setData(data)));
    return scene.writer.pauseWorkflow(request.build());
  }

  private CompletableFuture<ResumeJobWorkflowResponse> resume(
      String version, Optional<String> opaque) {
    ResumeJobWorkflowRequest.Builder request =
        ResumeJobWorkflowRequest.newBuilder().setJobId(id()).setVersion(version(version));
    opaque.ifPresent(data -> request.setOpaqueData(OpaqueData.newBuilder().setData(data)));
    return scene.writer.resumeWorkflow(request.build());
  }

  private CompletableFuture<AbortJobWorkflowResponse> abort(
      String version, Optional<String> opaque) {
    AbortJobWorkflowRequest.Builder request =
        AbortJobWorkflowRequest.newBuilder().setJobId(id()).setVersion(version(version));
    opaque.ifPresent(data -> request.setOpaqueData(OpaqueData.newBuilder().setData(data)));
    return scene.writer.abortWorkflow(request.build());
  }
}
