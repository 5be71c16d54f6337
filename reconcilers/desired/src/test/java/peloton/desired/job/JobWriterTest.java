package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.volume.Volume.VolumeSpec;
import peloton.desired.ApiException;
import peloton.desired.ApiException.Code;
import peloton.desired.DesiredFixture;
import peloton.records.JobGoalRecord;
import peloton.records.JobStatusRecord;
import peloton.records.PodRecord;
import peloton.records.ResourcePoolRecord;
import peloton.records.WorkflowCommand;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;

class JobWriterTest {
  private static final String JOB = "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f11";
  private static final String POOL = "7f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f22";
  private static final String PARENT = "8f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f33";
  private static final UpdateSpec ONE_BY_ONE = UpdateSpec.newBuilder().setBatchSize(1).build();

  private final DesiredFixture fixture = new DesiredFixture();
  private final JobWriter writer = new JobWriter(fixture.desired, fixture.keys, fixture.clock());

  @BeforeEach
  void poolsExist() {
    putPool(PARENT, "root", "infra");
    putPool(POOL, PARENT, "web");
  }

  // ---- create

  @Test
  void aCreatedJobIsWrittenWhole() {
    fixture.timers.advance(Duration.ofNanos(1_234_567_891));
    CreateJobRequest request =
        createRequest(
            r ->
                r.setCreateSpec(
                        CreateSpec.newBuilder()
                            .setBatchSize(2)
                            .setMaxInstanceRetries(3)
                            .setMaxTolerableInstanceFailures(4)
                            .setStartPaused(true))
                    .getOpaqueDataBuilder()
                    .setData("opaque"));

    CreateJobResponse answer = fixture.answer(writer.create(request));

    assertThat(answer.getJobId().getValue()).isEqualTo(JOB);
    assertThat(answer.getVersion().getValue()).isEqualTo("1-1-1");
    long now = now();
    assertThat(job().goal())
        .isEqualTo(
            JobGoalRecord.newBuilder()
                .setConfigurationVersion(1)
                .setDesiredStateVersion(1)
                .setWorkflowVersion(1)
                .setGoal(JobState.JOB_STATE_RUNNING)
                .setWorkflow(1)
                .setCreatedAt(now)
                .setUpdatedAt(now)
                .setLastConfigurationVersion(1)
                .build());
    assertThat(job().workflowRequests().get(1L))
        .isEqualTo(
            WorkflowRequestRecord.newBuilder()
                .setNumber(1)
                .setType(WorkflowType.WORKFLOW_TYPE_UPDATE)
                .setVersion(1)
                .setUpdateSpec(
                    UpdateSpec.newBuilder()
                        .setBatchSize(2)
                        .setMaxInstanceRetries(3)
                        .setMaxTolerableInstanceFailures(4)
                        .setStartPaused(true))
                .setOpaqueData("opaque")
                .setCreatedAt(now)
                .setCommand(WorkflowCommand.WORKFLOW_COMMAND_PAUSE)
                .setDesiredStateVersion(1)
                .setWorkflowVersion(1)
                .build());
    JobSpec spec = job().currentSpec();
    assertThat(spec.toBuilder().clearRevision().build()).isEqualTo(request.getSpec());
    assertThat(spec.getRevision().getVersion()).isEqualTo(1);
    assertThat(spec.getRevision().getCreatedAt()).isEqualTo(now);
    assertThat(spec.getRevision().getUpdatedAt()).isEqualTo(now);
    assertThat(fixture.records().jobsNamed("web"))
        .containsExactly(new RecordKey.JobName("web", now, JOB));
  }

  @Test
  void aJobWithoutAnIdGetsOne() {
    CreateJobResponse answer =
        fixture.answer(writer.create(createRequest(CreateJobRequest.Builder::clearJobId)));

    String id = answer.getJobId().getValue();
    assertThat(peloton.api.ids.JobId.isValid(id)).isTrue();
    assertThat(fixture.records().job(id).complete()).isTrue();
  }

  @Test
  void manyFailuresAreClampedInWhatIsStored() {
    create(
        r ->
            r.getSpecBuilder()
                .getDefaultSpecBuilder()
                .getRestartPolicyBuilder()
                .setMaxFailures(5_000));

    assertThat(job().currentSpec().getDefaultSpec().getRestartPolicy().getMaxFailures())
        .isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f1", "root"})
  void refusesAnIdThatIsNoUuid(String id) {
    assertRefused(
        writer.create(createRequest(r -> r.getJobIdBuilder().setValue(id))),
        Code.INVALID_ARGUMENT,
        "jobID is not valid UUID");
  }

  @Test
  void checksTheIdThenThePoolThenTheSpecification() {
    Consumer<CreateJobRequest.Builder> wrong = r -> r.getSpecBuilder().setInstanceCount(200_000);
    Consumer<CreateJobRequest.Builder> unknownPool =
        r -> r.getSpecBuilder().getRespoolIdBuilder().setValue("nowhere");
    Consumer<CreateJobRequest.Builder> badId = r -> r.getJobIdBuilder().setValue("x");

    assertRefused(
        writer.create(createRequest(wrong.andThen(unknownPool).andThen(badId))),
        Code.INVALID_ARGUMENT,
        "job_id");
    assertRefused(
        writer.create(createRequest(wrong.andThen(unknownPool))),
        Code.NOT_FOUND,
        "resource pool not found: spec.respool_id is \"nowhere\"");
    assertRefused(
        writer.create(createRequest(wrong)),
        Code.INVALID_ARGUMENT,
        "spec.instance_count: given 200000");
    assertThat(fixture.records().jobs()).isEmpty();
  }

  @Test
  void refusesAJobWithoutAPool() {
    assertRefused(
        writer.create(createRequest(r -> r.getSpecBuilder().clearRespoolId())),
        Code.INVALID_ARGUMENT,
        "resource pool ID is null");
  }

  @Test
  void refusesAJobInTheRootOrInAPoolWithChildren() {
    assertRefused(
        writer.create(
            createRequest(r -> r.getSpecBuilder().getRespoolIdBuilder().setValue("root"))),
        Code.INVALID_ARGUMENT,
        "never in the root");
    assertRefused(
        writer.create(
            createRequest(r -> r.getSpecBuilder().getRespoolIdBuilder().setValue(PARENT))),
        Code.INVALID_ARGUMENT,
        "at /infra, which has child pools; a job runs in a pool without children, such as"
            + " /infra/web");
  }

  @Test
  void saysWhatIsNotServed() {
    assertRefused(
        writer.create(
            createRequest(
                r ->
                    r.getSpecBuilder()
                        .getDefaultSpecBuilder()
                        .addVolumesBuilder()
                        .setName("scratch")
                        .setType(VolumeSpec.VolumeType.VOLUME_TYPE_EMPTY_DIR)
                        .getEmptyDirBuilder()
                        .setMedium("Memory"))),
        Code.UNIMPLEMENTED,
        "spec.default_spec.volumes[0].empty_dir.medium");
  }

  @Test
  void refusesSecretsAndTooMuchOpaqueData() {
    assertRefused(
        writer.create(createRequest(r -> r.addSecrets(Secret.getDefaultInstance()))),
        Code.INVALID_ARGUMENT,
        "secrets: given 1 secrets; secrets are not enabled");
    assertRefused(
        writer.create(createRequest(r -> r.getOpaqueDataBuilder().setData("x".repeat(300_000)))),
        Code.INVALID_ARGUMENT,
        "opaque_data: given 300000 bytes; may take at most 262144 bytes");
  }

  @Test
  void theLargestSpecificationAndOpaqueDataFit() {
    create(
        r -> {
          r.getSpecBuilder().setName("ü/".repeat(512)).setDescription("x".repeat(520_000));
          r.getOpaqueDataBuilder().setData("x".repeat(JobWriter.MAX_OPAQUE_BYTES));
        });

    assertThat(fixture.records().jobsNamed("ü/".repeat(512))).hasSize(1);
  }

  @Test
  void anIdIsTakenUntilTheJobIsErased() {
    create();
    assertRefused(
        writer.create(createRequest(r -> {})), Code.ALREADY_EXISTS, JOB + " already exists");
    fixture.answer(writer.delete(deleteRequest("1-1-1", true)));
    assertRefused(
        writer.create(createRequest(r -> {})), Code.ALREADY_EXISTS, "and is being deleted");
    fixture.deleteBelow(RecordKey.desiredOf(JOB));
    fixture.timers.advance(Duration.ofSeconds(1));

    create();

    assertThat(version()).isEqualTo("1-1-1");
    assertThat(fixture.records().jobsNamed("web")).hasSize(2);
  }

  @Test
  void aRefusedCreationChangesNothing() {
    create();
    JobGoalRecord before = job().goal();

    fixture.refusal(writer.create(createRequest(r -> r.getSpecBuilder().setInstanceCount(9))));

    assertThat(job().goal()).isEqualTo(before);
    assertThat(job().currentSpec().getInstanceCount()).isEqualTo(3);
  }

  @Test
  void recognisesItsOwnCreationEvenIfTheJobWasChangedSince() {
    DesiredFixture other = fixture.replica();
    JobWriter otherWriter = new JobWriter(other.desired, other.keys, other.clock());
    fixture.store.failNextCommit(true);
    fixture.store.afterCommit(
        txn -> {
          fixture.store.afterCommit(next -> {});
          other.settle();
          other.answer(otherWriter.stop(stopRequest("1-1-1")));
        });

    CreateJobResponse answer = fixture.answer(writer.create(createRequest(r -> {})));

    assertThat(answer.getVersion().getValue()).isEqualTo("1-1-1");
    assertThat(version()).isEqualTo("1-2-1");
  }

  @Test
  void ofTwoCreationsOfOneIdOneIsRefused() {
    DesiredFixture other = fixture.replica();
    JobWriter otherWriter = new JobWriter(other.desired, other.keys, other.clock());
    fixture.store.beforeCommit(
        txn -> {
          fixture.store.beforeCommit(next -> {});
          other.answer(
              otherWriter.create(createRequest(r -> r.getSpecBuilder().setInstanceCount(9))));
        });

    assertRefused(
        writer.create(createRequest(r -> {})), Code.ALREADY_EXISTS, JOB + " already exists");
    assertThat(job().currentSpec().getInstanceCount()).isEqualTo(9);
  }

  @Test
  void seesAPoolThatAnotherReplicaHasJustMade() {
    DesiredFixture other = fixture.replica();
    String fresh = "9f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f44";
    fixture.holdViewBack(true);
    other.put(new RecordKey.Pool(fresh), pool(fresh, "root", "fresh"));
    CompletableFuture<CreateJobResponse> request =
        writer.create(createRequest(r -> r.getSpecBuilder().getRespoolIdBuilder().setValue(fresh)));
    fixture.settle();

    fixture.holdViewBack(false);

    assertThat(fixture.answer(request).getVersion().getValue()).isEqualTo("1-1-1");
  }

  // ---- replace

  @Test
  void aReplacementIsANewConfigurationAndANewWorkflow() {
    create();
    long createdAt = now();
    fixture.timers.advance(Duration.ofSeconds(9));

    String version = replace("1-1-1", r -> r.getSpecBuilder().setInstanceCount(5));

    assertThat(version).isEqualTo("2-1-2").isEqualTo(version());
    assertThat(job().goal().getWorkflow()).isEqualTo(2);
    assertThat(job().goal().getLastConfigurationVersion()).isEqualTo(2);
    assertThat(job().spec(1).getInstanceCount()).isEqualTo(3);
    assertThat(job().currentSpec().getInstanceCount()).isEqualTo(5);
    assertThat(job().currentSpec().getRevision().getVersion()).isEqualTo(2);
    assertThat(job().currentSpec().getRevision().getCreatedAt()).isEqualTo(createdAt);
    assertThat(job().currentSpec().getRevision().getUpdatedAt()).isEqualTo(now());
    WorkflowRequestRecord workflow = job().workflowRequests().get(2L);
    assertThat(workflow.getVersion()).isEqualTo(2);
    assertThat(workflow.getPreviousVersion()).isEqualTo(1);
    assertThat(workflow.getUpdateSpec()).isEqualTo(ONE_BY_ONE);
    assertThat(workflow.getWorkflowVersion()).isEqualTo(2);
  }

  @Test
  void aNewConfigurationFollowsTheLargestEverGivenOut() {
    create();
    fixture.put(
        new RecordKey.JobGoal(JOB),
        job().goal().toBuilder().setLastConfigurationVersion(6).build());

    assertThat(replace("1-1-1", r -> {})).isEqualTo("7-1-2");
    assertThat(job().workflowRequests().get(2L).getPreviousVersion()).isEqualTo(1);
  }

  @Test
  void aNewNameIsRecordedAndTheOldOneStays() {
    create();
    fixture.timers.advance(Duration.ofSeconds(1));

    replace("1-1-1", r -> r.getSpecBuilder().setName("api"));

    assertThat(fixture.records().jobsNamed("web")).hasSize(1);
    assertThat(fixture.records().jobsNamed("api"))
        .containsExactly(new RecordKey.JobName("api", now(), JOB));
  }

  @Test
  void replaceChecksIdSpecificationJobPoolAndVersionInThisOrder() {
    Consumer<ReplaceJobRequest.Builder> staleVersion = r -> r.getVersionBuilder().setValue("0-0-0");
    Consumer<ReplaceJobRequest.Builder> otherPool =
        staleVersion.andThen(r -> r.getSpecBuilder().getRespoolIdBuilder().setValue(PARENT));
    Consumer<ReplaceJobRequest.Builder> wrong =
        otherPool.andThen(r -> r.getSpecBuilder().getSlaBuilder().setRevocable(true));
    Consumer<ReplaceJobRequest.Builder> badId =
        wrong.andThen(r -> r.getJobIdBuilder().setValue("x"));

    assertRefused(writer.replace(replaceRequest("1-1-1", badId)), Code.INVALID_ARGUMENT, "job_id");
    assertRefused(
        writer.replace(replaceRequest("1-1-1", wrong)),
        Code.INVALID_ARGUMENT,
        "a revocable job must be preemptible");
    assertRefused(
        writer.replace(replaceRequest("1-1-1", otherPool)),
        Code.NOT_FOUND,
        "job \"" + JOB + "\" not found");
    create();
    assertRefused(
        writer.replace(replaceRequest("1-1-1", otherPool)),
        Code.INVALID_ARGUMENT,
        "resource pool identifier is immutable");
    assertRefused(
        writer.replace(replaceRequest("1-1-1", staleVersion)),
        Code.ABORTED,
        "unexpected entity version: version is \"0-0-0\", but job "
            + JOB
            + " is at \"1-1-1\"; read the job, and try again with the version that it has");
    assertThat(version()).isEqualTo("1-1-1");
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkflowState.class,
      names = {"WORKFLOW_STATE_ROLLING_FORWARD", "WORKFLOW_STATE_ROLLING_BACKWARD"})
  void theSameUpdateAgainIsNoUpdateWhileItRolls(WorkflowState state) {
    create();
    replace("1-1-1", r -> r.getSpecBuilder().setInstanceCount(5));
    workflowIs(2, state);
    long before = fixture.data.revision();

    String version = replace("2-1-2", r -> r.getSpecBuilder().setInstanceCount(5));

    assertThat(version).isEqualTo("2-1-2");
    assertThat(fixture.data.revision()).isEqualTo(before);
  }

  @Test
  void theSameUpdateReadBackAndSentAgainIsNoUpdateEither() {
    create();
    replace("1-1-1", r -> r.getSpecBuilder().setInstanceCount(5));
    workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);
    JobSpec readBack = EffectivePodSpec.readable(job().currentSpec());

    assertThat(replace("2-1-2", r -> r.setSpec(readBack))).isEqualTo("2-1-2");
  }

  @Test
  void newOpaqueDataOfTheSameUpdateIsSaved() {
    create();
    replace("1-1-1", r -> r.getSpecBuilder().setInstanceCount(5));
    workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);

    String version =
        replace(
            "2-1-2",
            r -> {
              r.getSpecBuilder().setInstanceCount(5);
              r.getOpaqueDataBuilder().setData("new");
            });

    assertThat(version).isEqualTo("2-1-3").isEqualTo(version());
    assertThat(job().goal().getWorkflow()).isEqualTo(2);
    assertThat(job().workflowRequests().get(2L).getOpaqueData()).isEqualTo("new");
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkflowState.class,
      names = {
        "WORKFLOW_STATE_INITIALIZED",
        "WORKFLOW_STATE_PAUSED",
        "WORKFLOW_STATE_SUCCEEDED",
        "WORKFLOW_STATE_FAILED",
        "WORKFLOW_STATE_ABORTED",
        "WORKFLOW_STATE_ROLLED_BACK"
      })
  void theSameUpdateAgainIsAnUpdateUnlessItRolls(WorkflowState state) {
    create();
    replace("1-1-1", r -> {});
    workflowIs(2, state);

    assertThat(replace("2-1-2", r -> {})).isEqualTo("3-1-3");
  }

  @Test
  void theSameUpdateAgainIsAnUpdateOnceAPauseWasAskedFor() {
    create();
    replace("1-1-1", r -> {});
    workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);
    fixture.put(
        new RecordKey.WorkflowRequest(JOB, 2),
        job().workflowRequests().get(2L).toBuilder()
            .setCommand(WorkflowCommand.WORKFLOW_COMMAND_PAUSE)
            .build());

    assertThat(replace("2-1-2", r -> {})).isEqualTo("3-1-3");
  }

  @Test
  void anotherUpdateSpecificationIsAnotherUpdate() {
    create();
    replace("1-1-1", r -> {});
    workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);

    assertThat(replace("2-1-2", r -> r.getUpdateSpecBuilder().setBatchSize(2))).isEqualTo("3-1-3");
    assertThat(job().workflowRequests().get(3L).getPreviousVersion()).isEqualTo(2);
  }

  @Test
  void anUpdateCannotTakeOverFromARestartThatRuns() {
    create();
    fixture.put(
        new RecordKey.WorkflowRequest(JOB, 1),
        job().workflowRequests().get(1L).toBuilder()
            .setType(WorkflowType.WORKFLOW_TYPE_RESTART)
            .build());
    workflowIs(1, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);

    assertRefused(
        writer.replace(replaceRequest("1-1-1", r -> {})),
        Code.INVALID_ARGUMENT,
        "workflow UPDATE cannot overwrite workflow RESTART");

    workflowIs(1, WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(replace("1-1-1", r -> {})).isEqualTo("2-1-2");
  }

  @Test
  void aStoppedJobMayBeReplacedAndStaysStopped() {
    create();
    fixture.answer(writer.stop(stopRequest("1-1-1")));

    assertThat(replace("1-2-1", r -> {})).isEqualTo("2-2-2");
    assertThat(job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_KILLED);
  }

  @Test
  void podsThatAreBeingStoppedAreNotStartedByAnUpdate() {
    create();
    putPod(0, 1, PodState.POD_STATE_KILLING);
    fixture.answer(writer.stop(stopRequest("1-1-1")));

    assertRefused(
        writer.replace(replaceRequest("1-2-1", r -> r.getUpdateSpecBuilder().setStartPods(true))),
        Code.ABORTED,
        "whose pods have not all ended");
    putPod(0, 1, PodState.POD_STATE_KILLED);

    assertThat(replace("1-2-1", r -> r.getUpdateSpecBuilder().setStartPods(true)))
        .isEqualTo("2-2-2");
  }

  @Test
  void keepsTheNewestTenWorkflowsAndEverySpecificationInUse() {
    create();
    putPod(0, 2, PodState.POD_STATE_RUNNING);
    for (int version = 1; version <= 14; version++) {
      replace(version + "-1-" + version, r -> {});
    }

    assertThat(job().workflowRequests().keySet())
        .containsExactly(6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L);
    assertThat(job().specs().keySet())
        .as("2 runs, 5 is what the oldest workflow came from")
        .containsExactly(2L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L);
  }

  @Test
  void anOldPastGoesInPartsThatFitIntoATransaction() {
    create();
    for (long version = 2; version <= 200; version++) {
      fixture.put(new RecordKey.JobSpec(JOB, version), job().specs().get(1L));
    }
    fixture.put(
        new RecordKey.JobGoal(JOB),
        job().goal().toBuilder().setLastConfigurationVersion(200).build());

    replace("1-1-1", r -> {});
    assertThat(job().specs()).hasSize(201 - Retention.MOST_DELETED);
    replace("201-1-2", r -> {});
    replace("202-1-3", r -> {});
    replace("203-1-4", r -> {});

    assertThat(job().specs().keySet()).containsExactly(1L, 201L, 202L, 203L, 204L);
  }

  @Test
  void ofTwoUpdatesOnTheSameReadingOneIsRefused() {
    create();
    DesiredFixture other = fixture.replica();
    JobWriter otherWriter = new JobWriter(other.desired, other.keys, other.clock());
    fixture.holdViewBack(true);
    other.answer(otherWriter.replace(replaceRequest("1-1-1", r -> {})));
    CompletableFuture<?> late = writer.replace(replaceRequest("1-1-1", r -> {}));
    fixture.settle();
    fixture.holdViewBack(false);

    ApiException refusal = fixture.refusal(late);

    assertThat(refusal.code()).isEqualTo(Code.ABORTED);
    assertThat(refusal).hasMessageContaining("unexpected entity version");
    assertThat(version()).isEqualTo("2-1-2");
  }

  // ---- start, stop, delete

  @Test
  void startAndStopSetTheGoalAndCountEachTime() {
    create();

    assertThat(fixture.answer(writer.stop(stopRequest("1-1-1"))).getVersion().getValue())
        .isEqualTo("1-2-1");
    assertThat(job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_KILLED);
    assertThat(fixture.answer(writer.stop(stopRequest("1-2-1"))).getVersion().getValue())
        .isEqualTo("1-3-1");
    assertThat(fixture.answer(writer.start(startRequest("1-3-1"))).getVersion().getValue())
        .isEqualTo("1-4-1");
    assertThat(job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(version()).isEqualTo("1-4-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1-1-2", "01-1-1", "1", " 1-1-1"})
  void refusesAnyOtherVersion(String version) {
    create();

    assertRefused(writer.start(startRequest(version)), Code.ABORTED, "unexpected entity version");
    assertRefused(writer.stop(stopRequest(version)), Code.ABORTED, "unexpected entity version");
    assertRefused(
        writer.delete(deleteRequest(version, true)), Code.ABORTED, "unexpected entity version");
    assertThat(version()).isEqualTo("1-1-1");
  }

  @Test
  void aJobThatIsNotThereIsNotFound() {
    assertRefused(writer.start(startRequest("1-1-1")), Code.NOT_FOUND, JOB);
    assertRefused(writer.stop(stopRequest("1-1-1")), Code.NOT_FOUND, JOB);
    assertRefused(writer.delete(deleteRequest("1-1-1", true)), Code.NOT_FOUND, JOB);
    assertRefused(
        writer.delete(DeleteJobRequest.getDefaultInstance()), Code.NOT_FOUND, "job \"\" not found");
  }

  @Test
  void aJobIsNotStartedInAPoolThatIsGone() {
    create();
    fixture.answer(writer.stop(stopRequest("1-1-1")));
    fixture.deleteBelow(new RecordKey.Pool(POOL).path());

    assertRefused(
        writer.start(startRequest("1-2-1")),
        Code.FAILED_PRECONDITION,
        "the resource pool \"" + POOL + "\" of job " + JOB + " does not exist any more");
  }

  @Test
  void aJobIsNotStoppedByHalfAnUpdateThatStartsPods() {
    create();
    replace("1-1-1", r -> r.getUpdateSpecBuilder().setStartPods(true));
    workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);

    assertRefused(writer.stop(stopRequest("2-1-2")), Code.ABORTED, "start_pods");

    workflowIs(2, WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    fixture.answer(writer.stop(stopRequest("2-1-2")));
    assertThat(version()).isEqualTo("2-2-2");
  }

  @Test
  void anAbortedUpdateThatStartsPodsDoesNotHinder() {
    create();
    replace("1-1-1", r -> r.getUpdateSpecBuilder().setStartPods(true));
    fixture.put(
        new RecordKey.WorkflowRequest(JOB, 2),
        job().workflowRequests().get(2L).toBuilder()
            .setCommand(WorkflowCommand.WORKFLOW_COMMAND_ABORT)
            .build());

    fixture.answer(writer.stop(stopRequest("2-1-2")));

    assertThat(version()).isEqualTo("2-2-2");
  }

  @ParameterizedTest
  @EnumSource(
      value = JobState.class,
      names = {"JOB_STATE_KILLED", "UNRECOGNIZED"},
      mode = EnumSource.Mode.EXCLUDE)
  void onlyAStoppedJobIsDeletedWithoutForce(JobState state) {
    create();
    fixture.answer(writer.stop(stopRequest("1-1-1")));
    fixture.put(new RecordKey.JobStatus(JOB), JobStatusRecord.newBuilder().setState(state).build());

    assertRefused(writer.delete(deleteRequest("1-2-1", false)), Code.ABORTED, "job is not stopped");
    fixture.answer(writer.delete(deleteRequest("1-2-1", true)));

    assertThat(job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_DELETED);
  }

  @Test
  void aJobThatWasJustStartedAgainIsNotTakenAsStopped() {
    create();
    fixture.put(
        new RecordKey.JobStatus(JOB),
        JobStatusRecord.newBuilder().setState(JobState.JOB_STATE_KILLED).build());

    assertRefused(writer.delete(deleteRequest("1-1-1", false)), Code.ABORTED, "job is not stopped");
  }

  @Test
  void aStoppedJobIsDeleted() {
    create();
    fixture.answer(writer.stop(stopRequest("1-1-1")));
    fixture.put(
        new RecordKey.JobStatus(JOB),
        JobStatusRecord.newBuilder().setState(JobState.JOB_STATE_KILLED).build());

    fixture.answer(writer.delete(deleteRequest("1-2-1", false)));

    assertThat(job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_DELETED);
    assertThat(version()).isEqualTo("1-3-1");
  }

  @Test
  void aJobThatIsBeingDeletedIsNotChangedAnyMore() {
    create();
    fixture.answer(writer.delete(deleteRequest("1-1-1", true)));

    for (String version : List.of("1-1-1", "1-2-1")) {
      assertRefused(writer.start(startRequest(version)), Code.ABORTED, "is being deleted");
      assertRefused(writer.stop(stopRequest(version)), Code.ABORTED, "is being deleted");
      assertRefused(writer.delete(deleteRequest(version, true)), Code.ABORTED, "is being deleted");
      assertRefused(
          writer.replace(replaceRequest(version, r -> {})), Code.ABORTED, "is being deleted");
    }
    assertThat(version()).isEqualTo("1-2-1");
  }

  @Test
  void recognisesItsOwnDeletionEvenIfTheJobIsErased() {
    create();
    fixture.store.failNextCommit(true);
    fixture.store.afterCommit(
        txn -> {
          fixture.store.afterCommit(next -> {});
          fixture.deleteBelow(RecordKey.desiredOf(JOB));
        });

    fixture.answer(writer.delete(deleteRequest("1-1-1", true)));

    assertThat(fixture.records().job(JOB)).isNull();
  }

  @Test
  void recognisesItsOwnStop() {
    create();
    fixture.store.failNextCommit(true);

    assertThat(fixture.answer(writer.stop(stopRequest("1-1-1"))).getVersion().getValue())
        .isEqualTo("1-2-1");
    assertThat(version()).isEqualTo("1-2-1");
  }

  private void create() {
    create(r -> {});
  }

  private void create(Consumer<CreateJobRequest.Builder> change) {
    fixture.answer(writer.create(createRequest(change)));
  }

  private String replace(String version, Consumer<ReplaceJobRequest.Builder> change) {
    return fixture.answer(writer.replace(replaceRequest(version, change))).getVersion().getValue();
  }

  private static CreateJobRequest createRequest(Consumer<CreateJobRequest.Builder> change) {
    CreateJobRequest.Builder request = CreateJobRequest.newBuilder().setSpec(Specs.job(POOL));
    request.getJobIdBuilder().setValue(JOB);
    change.accept(request);
    return request.build();
  }

  private static ReplaceJobRequest replaceRequest(
      String version, Consumer<ReplaceJobRequest.Builder> change) {
    ReplaceJobRequest.Builder request =
        ReplaceJobRequest.newBuilder().setSpec(Specs.job(POOL)).setUpdateSpec(ONE_BY_ONE);
    request.getJobIdBuilder().setValue(JOB);
    request.getVersionBuilder().setValue(version);
    change.accept(request);
    return request.build();
  }

  private static StartJobRequest startRequest(String version) {
    StartJobRequest.Builder request = StartJobRequest.newBuilder();
    request.getJobIdBuilder().setValue(JOB);
    request.getVersionBuilder().setValue(version);
    return request.build();
  }

  private static StopJobRequest stopRequest(String version) {
    StopJobRequest.Builder request = StopJobRequest.newBuilder();
    request.getJobIdBuilder().setValue(JOB);
    request.getVersionBuilder().setValue(version);
    return request.build();
  }

  private static DeleteJobRequest deleteRequest(String version, boolean force) {
    DeleteJobRequest.Builder request = DeleteJobRequest.newBuilder().setForce(force);
    request.getJobIdBuilder().setValue(JOB);
    request.getVersionBuilder().setValue(version);
    return request.build();
  }

  private void assertRefused(CompletableFuture<?> request, Code code, String message) {
    ApiException refusal = fixture.refusal(request);
    assertThat(refusal).hasMessageContaining(message);
    assertThat(refusal.code()).isEqualTo(code);
  }

  private JobEntry job() {
    return fixture.records().job(JOB);
  }

  private String version() {
    return JobVersions.of(job().goal()).toString();
  }

  private long now() {
    java.time.Instant now = fixture.clock().instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private void workflowIs(long number, WorkflowState state) {
    fixture.put(
        new RecordKey.WorkflowStatus(JOB, number),
        WorkflowStatusRecord.newBuilder().setNumber(number).setState(state).build());
  }

  private void putPod(int instance, long version, PodState state) {
    fixture.put(
        new RecordKey.Pod(JOB, instance),
        PodRecord.newBuilder()
            .setRun(1)
            .setState(state)
            .setVersion(version)
            .setDesiredVersion(version)
            .build());
  }

  private void putPool(String id, String parent, String name) {
    fixture.put(new RecordKey.Pool(id), pool(id, parent, name));
  }

  private static ResourcePoolRecord pool(String id, String parent, String name) {
    ResourcePoolRecord.Builder pool = ResourcePoolRecord.newBuilder().setId(id);
    pool.getSpecBuilder().setName(name).getParentBuilder().setValue(parent);
    return pool.build();
  }
}
