package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.desired.job.JobScene.id;
import static peloton.desired.job.JobScene.version;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.desired.ApiException.Code;
import peloton.records.JobGoalRecord;
import peloton.records.WorkflowRequestRecord;

class RestartJobTest {
  private final JobScene scene = new JobScene();

  @Test
  void aRestartIsAWorkflowOnACopyOfTheSpecification() {
    scene.createAndRun();

    String version =
        restart(
            "1-1-1",
            r -> {
              r.getRestartSpecBuilder().setBatchSize(2).setInPlace(true).addRanges(range(0, 2));
              r.getOpaqueDataBuilder().setData("why");
            });

    assertThat(version).isEqualTo("2-1-2").isEqualTo(scene.version());
    assertThat(scene.workflow())
        .isEqualTo(
            WorkflowRequestRecord.newBuilder()
                .setNumber(2)
                .setType(WorkflowType.WORKFLOW_TYPE_RESTART)
                .setVersion(2)
                .setPreviousVersion(1)
                .setRestartSpec(
                    RestartSpec.newBuilder()
                        .setBatchSize(2)
                        .setInPlace(true)
                        .addRanges(range(0, 2)))
                .setOpaqueData("why")
                .setCreatedAt(scene.now())
                .setDesiredStateVersion(1)
                .setWorkflowVersion(2)
                .build());
    assertThat(StoredSpec.same(scene.job().spec(1), scene.job().spec(2))).isTrue();
    assertThat(scene.job().spec(2).getRevision().getVersion()).isEqualTo(2);
  }

  @Test
  void olderClientsSayTheSameInFieldsOfTheRequest() {
    scene.createAndRun();

    restart("1-1-1", r -> r.setBatchSize(2).addRanges(range(1, 3)));

    assertThat(scene.workflow().getRestartSpec())
        .isEqualTo(RestartSpec.newBuilder().setBatchSize(2).addRanges(range(1, 3)).build());
  }

  @Test
  void whereBothFormsAreGivenTheNewerCounts() {
    scene.createAndRun();

    restart(
        "1-1-1",
        r -> {
          r.setBatchSize(2).addRanges(range(1, 3));
          r.getRestartSpecBuilder().setBatchSize(1);
        });

    assertThat(scene.workflow().getRestartSpec())
        .isEqualTo(RestartSpec.newBuilder().setBatchSize(1).build());
  }

  @ParameterizedTest
  @CsvSource({
    "0-3, 0-3",
    "0-2;1-3, 0-3",
    "2-3;0-1, 0-1;2-3",
    "0-1;1-2, 0-2",
    "0-3;1-2, 0-3",
    "1-99, 1-3",
    "1-4294967295, 1-3",
    "1-1;2-3, 2-3",
    "3-9, 3-3",
    "4294967290-4294967295, 3-3",
    "1-1, 3-3"
  })
  void rangesAreCutToTheJobAndPutInOrder(String given, String stored) {
    scene.createAndRun();

    restart("1-1-1", r -> r.getRestartSpecBuilder().addAllRanges(ranges(given)));

    assertThat(scene.workflow().getRestartSpec().getRangesList()).isEqualTo(ranges(stored));
  }

  @Test
  void refusesARangeThatEndsBeforeItBegins() {
    scene.createAndRun();

    scene.assertRefused(
        scene.writer.restart(
            request("1-1-1", r -> r.getRestartSpecBuilder().addRanges(range(2, 1)))),
        Code.INVALID_ARGUMENT,
        "restart_spec.ranges[0]: given from 2 to 1; from must not be greater than to");
    scene.assertRefused(
        scene.writer.restart(
            request("1-1-1", r -> r.addRanges(range(0, 1)).addRanges(range(3, 2)))),
        Code.INVALID_ARGUMENT,
        "ranges[1]: given from 3 to 2");
  }

  @Test
  void whatNobodyUnderstandsIsNotStored() {
    scene.createAndRun();
    UnknownFieldSet large =
        UnknownFieldSet.newBuilder()
            .addField(
                99,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFrom(new byte[3_000_000]))
                    .build())
            .build();

    restart("1-1-1", r -> r.getRestartSpecBuilder().setBatchSize(1).setUnknownFields(large));
    assertThat(scene.workflow().getRestartSpec())
        .isEqualTo(RestartSpec.newBuilder().setBatchSize(1).build());
    scene.workflowIs(2, WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    scene.replace("2-1-2", r -> r.getUpdateSpecBuilder().setUnknownFields(large));
    assertThat(scene.workflow().getUpdateSpec().getSerializedSize()).isLessThan(10);
  }

  @Test
  void refusesOpaqueDataThatIsTooLarge() {
    scene.createAndRun();

    scene.assertRefused(
        scene.writer.restart(
            request(
                "1-1-1",
                r -> r.getOpaqueDataBuilder().setData("x".repeat(JobWriter.MAX_OPAQUE_BYTES + 1)))),
        Code.INVALID_ARGUMENT,
        "opaque_data");
  }

  @Test
  void refusesAJobThatIsNotThereOrGoesOrHasAnotherVersion() {
    scene.assertRefused(
        scene.writer.restart(RestartJobRequest.getDefaultInstance()), Code.NOT_FOUND, "job \"\"");
    scene.assertRefused(
        scene.writer.restart(request("1-1-1", r -> {})), Code.NOT_FOUND, JobScene.JOB);
    scene.createAndRun();
    scene.assertRefused(
        scene.writer.restart(request("1-1-2", r -> {})), Code.ABORTED, "unexpected entity version");
    scene.delete();
    scene.assertRefused(
        scene.writer.restart(request("1-2-1", r -> {})), Code.ABORTED, "is being deleted");
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkflowState.class,
      names = {
        "WORKFLOW_STATE_INITIALIZED",
        "WORKFLOW_STATE_ROLLING_FORWARD",
        "WORKFLOW_STATE_ROLLING_BACKWARD",
        "WORKFLOW_STATE_PAUSED"
      })
  void doesNotTakeOverFromAnUpdateThatIsAtWork(WorkflowState state) {
    scene.createAndRun();
    scene.workflowIs(1, state);

    scene.assertRefused(
        scene.writer.restart(request("1-1-1", r -> {})),
        Code.INVALID_ARGUMENT,
        "workflow RESTART cannot overwrite workflow UPDATE");
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
  void followsAnUpdateThatIsOver(WorkflowState state) {
    scene.createAndRun();
    scene.workflowIs(1, state);

    assertThat(restart("1-1-1", r -> {})).isEqualTo("2-1-2");
  }

  @Test
  void theSameRestartAgainIsNoRestartWhileItRolls() {
    scene.createAndRun();
    restart("1-1-1", r -> r.getRestartSpecBuilder().setBatchSize(1).addRanges(range(0, 2)));
    scene.workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);
    long before = scene.fixture.data.revision();

    String version =
        restart(
            "2-1-2",
            r ->
                r.getRestartSpecBuilder()
                    .setBatchSize(1)
                    .addRanges(range(1, 2))
                    .addRanges(range(0, 1)));

    assertThat(version).isEqualTo("2-1-2");
    assertThat(scene.fixture.data.revision()).isEqualTo(before);
  }

  @Test
  void newOpaqueDataOfTheSameRestartIsSaved() {
    scene.createAndRun();
    restart("1-1-1", r -> {});
    scene.workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);

    assertThat(restart("2-1-2", r -> r.getOpaqueDataBuilder().setData("new"))).isEqualTo("2-1-3");
    assertThat(scene.workflow().getNumber()).isEqualTo(2);
    assertThat(scene.workflow().getOpaqueData()).isEqualTo("new");
  }

  @Test
  void anotherRestartWaitsForTheFirst() {
    scene.createAndRun();
    restart("1-1-1", r -> r.addRanges(range(0, 1)));
    scene.workflowIs(2, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);

    scene.assertRefused(
        scene.writer.restart(request("2-1-2", r -> r.addRanges(range(1, 2)))),
        Code.INVALID_ARGUMENT,
        "workflow RESTART cannot overwrite workflow RESTART");
    scene.assertRefused(
        scene.writer.replace(JobScene.replaceRequest("2-1-2", r -> {})),
        Code.INVALID_ARGUMENT,
        "workflow UPDATE cannot overwrite workflow RESTART");
  }

  @Test
  void aRestartOfAStoppedJobStartsWhatItTouchesAndNothingElse() {
    scene.createAndRun();
    scene.stop();

    assertThat(restart("1-2-1", r -> r.addRanges(range(0, 1)))).isEqualTo("2-2-2");

    assertThat(scene.job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(scene.job().goal().getStoppedBelow()).isEqualTo(3);
    assertThat(scene.job().goal().getGoalWorkflow()).isEqualTo(1);
  }

  @Test
  void aRestartThatTouchesNothingLeavesAStoppedJobStopped() {
    scene.createAndRun();
    scene.stop();

    assertThat(restart("1-2-1", r -> r.addRanges(range(3, 9)))).isEqualTo("2-2-2");

    assertThat(scene.job().goal().getGoal()).isEqualTo(JobState.JOB_STATE_KILLED);
  }

  @Test
  void aStoppedJobIsNotRestartedInAPoolThatIsGone() {
    scene.createAndRun();
    scene.stop();
    scene.poolGoes();

    scene.assertRefused(
        scene.writer.restart(request("1-2-1", r -> {})),
        Code.FAILED_PRECONDITION,
        "does not exist any more");
  }

  @Test
  void theStartOfAllPodsEndsWhatAPartialStartHasLeft() {
    scene.createAndRun();
    scene.stop();
    restart("1-2-1", r -> r.addRanges(range(0, 1)));
    scene.start();

    JobGoalRecord goal = scene.job().goal();
    assertThat(goal.getStoppedBelow()).isZero();
    assertThat(goal.getGoalWorkflow()).isEqualTo(2);
  }

  private String restart(String version, Consumer<RestartJobRequest.Builder> change) {
    return scene
        .fixture
        .answer(scene.writer.restart(request(version, change)))
        .getVersion()
        .getValue();
  }

  private static RestartJobRequest request(
      String version, Consumer<RestartJobRequest.Builder> change) {
    RestartJobRequest.Builder request =
        RestartJobRequest.newBuilder().setJobId(id()).setVersion(version(version));
    change.accept(request);
    return request.build();
  }

  private static List<InstanceIDRange> ranges(String text) {
    return Stream.of(text.split(";"))
        .map(range -> range.split("-"))
        .map(ends -> range(Long.parseLong(ends[0]), Long.parseLong(ends[1])))
        .toList();
  }

  private static InstanceIDRange range(long from, long to) {
    return InstanceIDRange.newBuilder().setFrom((int) from).setTo((int) to).build();
  }
}
