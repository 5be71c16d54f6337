package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.desired.job.JobScene.JOB;

import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.desired.ApiException.Code;
import peloton.desired.DesiredFixture;

class PatchJobTest {
  private final JobScene scene = new JobScene();

  @Test
  void aPatchIsRolledOutAsAReplacementIs() {
    scene.createAndRun();

    String version =
        patch(
            "1-1-1",
            r -> {
              r.getSpecBuilder().setInstanceCount(5);
              r.getUpdateSpecBuilder().setBatchSize(2).setRollbackOnFailure(true);
              r.getOpaqueDataBuilder().setData("why");
            });

    assertThat(version).isEqualTo("2-1-2").isEqualTo(scene.version());
    assertThat(scene.job().currentSpec().toBuilder().clearRevision().build())
        .isEqualTo(Specs.job(JobScene.POOL).toBuilder().setInstanceCount(5).build());
    assertThat(scene.job().currentSpec().getRevision().getVersion()).isEqualTo(2);
    assertThat(scene.workflow().getType()).isEqualTo(WorkflowType.WORKFLOW_TYPE_UPDATE);
    assertThat(scene.workflow().getPreviousVersion()).isEqualTo(1);
    assertThat(scene.workflow().getOpaqueData()).isEqualTo("why");
    assertThat(scene.workflow().getUpdateSpec())
        .isEqualTo(UpdateSpec.newBuilder().setBatchSize(2).setRollbackOnFailure(true).build());
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkflowState.class,
      names = {
        "WORKFLOW_STATE_INITIALIZED",
        "WORKFLOW_STATE_ROLLING_FORWARD",
        "WORKFLOW_STATE_PAUSED",
        "WORKFLOW_STATE_SUCCEEDED",
        "WORKFLOW_STATE_FAILED"
      })
  void aPatchThatChangesNothingStartsNoWorkflow(WorkflowState state) {
    scene.createAndRun();
    scene.workflowIs(1, state);
    long before = scene.fixture.data.revision();

    assertThat(patch("1-1-1", r -> {})).isEqualTo("1-1-1");
    assertThat(patch("1-1-1", r -> r.getSpecBuilder().setName("web").setInstanceCount(3)))
        .isEqualTo("1-1-1");
    assertThat(patch("1-1-1", r -> r.setSpec(EffectivePodSpec.readable(Specs.job(JobScene.POOL)))))
        .isEqualTo("1-1-1");

    assertThat(scene.fixture.data.revision()).isEqualTo(before);
  }

  @Test
  void aPatchIsMergedIntoWhatTheJobShouldBeNotIntoWhatItRuns() {
    scene.createAndRun();
    patch("1-1-1", r -> r.getSpecBuilder().setOwner("me"));

    patch("2-1-2", r -> r.getSpecBuilder().setInstanceCount(4));

    assertThat(scene.job().currentSpec().getOwner()).isEqualTo("me");
    assertThat(scene.job().currentSpec().getInstanceCount()).isEqualTo(4);
  }

  @Test
  void checksIdJobPoolVersionAndResultInThisOrder() {
    Consumer<PatchJobRequest.Builder> wrong =
        r -> r.getSpecBuilder().getSlaBuilder().setRevocable(true);
    Consumer<PatchJobRequest.Builder> stale =
        wrong.andThen(r -> r.getVersionBuilder().setValue("0-0-0"));
    Consumer<PatchJobRequest.Builder> otherPool =
        stale.andThen(r -> r.getSpecBuilder().getRespoolIdBuilder().setValue("other"));
    Consumer<PatchJobRequest.Builder> badId =
        otherPool.andThen(r -> r.getJobIdBuilder().setValue("x"));

    assertRefused(badId, Code.INVALID_ARGUMENT, "job_id: jobID is not valid UUID: given \"x\"");
    assertRefused(otherPool, Code.NOT_FOUND, "job \"" + JOB + "\" not found");
    scene.createAndRun();
    assertRefused(
        otherPool, Code.INVALID_ARGUMENT, "resource pool identifier is immutable: given \"other\"");
    assertRefused(stale, Code.ABORTED, "unexpected entity version");
    assertRefused(wrong, Code.INVALID_ARGUMENT, "a revocable job must be preemptible");
    scene.delete();
    assertRefused(wrong, Code.ABORTED, "is being deleted");
  }

  @Test
  void aPatchMayNameThePoolThatTheJobIsIn() {
    scene.createAndRun();

    assertThat(
            patch(
                "1-1-1",
                r ->
                    r.getSpecBuilder()
                        .setOwner("me")
                        .getRespoolIdBuilder()
                        .setValue(JobScene.POOL)))
        .isEqualTo("2-1-2");
  }

  @Test
  void refusesASecondContainerThatSaysNothing() {
    scene.createAndRun();

    assertRefused(
        r -> r.getSpecBuilder().getDefaultSpecBuilder().addContainersBuilder().setName("sidecar"),
        Code.INVALID_ARGUMENT,
        "spec.default_spec.containers[1].command: given no command.value");
  }

  @Test
  void refusesSecretsAndTooMuchOpaqueData() {
    scene.createAndRun();

    assertRefused(
        r -> r.addSecrets(Secret.getDefaultInstance()),
        Code.INVALID_ARGUMENT,
        "secrets: given 1 secrets; secrets are given when a job is created");
    assertRefused(
        r -> r.getOpaqueDataBuilder().setData("x".repeat(JobWriter.MAX_OPAQUE_BYTES + 1)),
        Code.INVALID_ARGUMENT,
        "opaque_data");
  }

  @Test
  void doesNotTakeOverFromARestart() {
    scene.createAndRun();
    scene.fixture.answer(
        scene.writer.restart(
            RestartJobRequest.newBuilder()
                .setJobId(JobScene.id())
                .setVersion(JobScene.version("1-1-1"))
                .build()));

    scene.assertRefused(
        scene.writer.patch(request("2-1-2", r -> r.getSpecBuilder().setOwner("me"))),
        Code.INVALID_ARGUMENT,
        "workflow UPDATE cannot overwrite workflow RESTART");
  }

  @Test
  void ofTwoPatchesOnTheSameReadingNoneIsLostUnsaid() {
    scene.createAndRun();
    DesiredFixture other = scene.fixture.replica();
    JobScene otherScene = new JobScene(other, Optional.empty());
    scene.fixture.settle();
    scene.fixture.store.beforeCommit(
        txn -> {
          scene.fixture.store.beforeCommit(next -> {});
          other.answer(
              otherScene.writer.patch(request("1-1-1", r -> r.getSpecBuilder().setOwner("you"))));
        });

    assertRefused(
        r -> r.getSpecBuilder().setOwner("me"), Code.ABORTED, "unexpected entity version");

    assertThat(scene.job().currentSpec().getOwner()).isEqualTo("you");
  }

  private String patch(String version, Consumer<PatchJobRequest.Builder> change) {
    return scene
        .fixture
        .answer(scene.writer.patch(request(version, change)))
        .getVersion()
        .getValue();
  }

  private void assertRefused(Consumer<PatchJobRequest.Builder> change, Code code, String message) {
    scene.assertRefused(scene.writer.patch(request("1-1-1", change)), code, message);
  }

  private static PatchJobRequest request(String version, Consumer<PatchJobRequest.Builder> change) {
    PatchJobRequest.Builder request =
        PatchJobRequest.newBuilder()
            .setJobId(JobScene.id())
            .setVersion(JobScene.version(version))
            .setSpec(JobSpec.getDefaultInstance());
    change.accept(request);
    return request.build();
  }
}
