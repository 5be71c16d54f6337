package peloton.operator.read;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.goal;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.request;
import static peloton.operator.TestCluster.spec;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowEvent;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowInfo;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.operator.TestCluster;
import peloton.records.InstanceRange;
import peloton.records.JobSpecRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowEventRecord;
import peloton.records.WorkflowMark;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.RecordKey;

class WorkflowReaderTest {
  private final TestCluster cluster = TestCluster.started();

  @BeforeEach
  void createJob() {
    cluster.createJob(JOB, spec(6).build());
  }

  @Test
  void aCreationThatHasNotBegunHasAllInstancesBeforeIt() {
    WorkflowStatus status = status();

    assertThat(status.getState()).isEqualTo(WorkflowState.WORKFLOW_STATE_INITIALIZED);
    assertThat(status.getNumInstancesRemaining()).isEqualTo(6);
    assertThat(status.getVersion().getValue()).isEqualTo("1-1-1");
    assertThat(status.getPrevVersion().getValue()).isEqualTo("0-1-1");
    assertThat(status.getCreationTime()).isEqualTo("1970-01-01T00:00:01.000000001Z");
    assertThat(status.getCompletionTime()).isEmpty();
  }

  @Test
  void progressIsCountedFromThePodsThatTheWorkflowTouched() {
    replace();
    cluster.write(
        new RecordKey.WorkflowStatus(JOB, 2),
        WorkflowStatusRecord.newBuilder()
            .setNumber(2)
            .setState(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD)
            .setPreviousState(WorkflowState.WORKFLOW_STATE_INITIALIZED)
            .addUpdated(range(0, 5))
            .addRemoved(range(5, 8))
            .setRemovedDone(1)
            .build());
    mark(0, 2, WorkflowMark.WORKFLOW_MARK_DONE);
    mark(1, 2, WorkflowMark.WORKFLOW_MARK_FAILED);
    mark(2, 2, WorkflowMark.WORKFLOW_MARK_CURRENT);
    mark(3, 1, WorkflowMark.WORKFLOW_MARK_DONE);
    mark(4, 2, WorkflowMark.WORKFLOW_MARK_CURRENT);

    WorkflowStatus status = status();

    assertThat(status.getNumInstancesCompleted()).isEqualTo(2);
    assertThat(status.getNumInstancesFailed()).isEqualTo(1);
    assertThat(status.getNumInstancesRemaining()).isEqualTo(5);
    assertThat(status.getInstancesCurrentList()).containsExactly(2, 4);
    assertThat(status.getVersion().getValue()).isEqualTo("2-1-2");
    assertThat(status.getPrevVersion().getValue()).isEqualTo("1-1-2");
  }

  @Test
  void aFinishedWorkflowKeepsItsFinalCounts() {
    cluster.write(
        new RecordKey.WorkflowStatus(JOB, 1),
        WorkflowStatusRecord.newBuilder()
            .setNumber(1)
            .setState(WorkflowState.WORKFLOW_STATE_FAILED)
            .setCompleted(4)
            .setFailed(1)
            .setRemaining(1)
            .setCompletedAt(3_000_000_000L)
            .setUpdatedAt(3_000_000_000L)
            .build());
    mark(0, 1, WorkflowMark.WORKFLOW_MARK_CURRENT);

    WorkflowStatus status = status();

    assertThat(status.getNumInstancesCompleted()).isEqualTo(4);
    assertThat(status.getNumInstancesFailed()).isEqualTo(1);
    assertThat(status.getNumInstancesRemaining()).isEqualTo(1);
    assertThat(status.getInstancesCurrentList()).isEmpty();
    assertThat(status.getCompletionTime()).isEqualTo("1970-01-01T00:00:03Z");
    assertThat(status.getUpdateTime()).isEqualTo("1970-01-01T00:00:03Z");
  }

  @Test
  void theStoryHoldsEventsNewestFirstAndHalfOpenRanges() {
    cluster.write(
        new RecordKey.WorkflowStatus(JOB, 1),
        WorkflowStatusRecord.newBuilder()
            .setNumber(1)
            .setState(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD)
            .addAdded(range(0, 3))
            .addAdded(range(4, 6))
            .addEvents(event(WorkflowState.WORKFLOW_STATE_INITIALIZED, 1))
            .addEvents(event(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 2))
            .build(),
        new RecordKey.WorkflowRequest(JOB, 1),
        request(1, 1, 0).setOpaqueData("ours").build());

    WorkflowInfo info = cluster.jobs.workflow(cluster.job(JOB)).orElseThrow();

    assertThat(info.getInstancesAddedList())
        .containsExactly(
            InstanceIDRange.newBuilder().setTo(3).build(),
            InstanceIDRange.newBuilder().setFrom(4).setTo(6).build());
    assertThat(info.getEventsList())
        .extracting(WorkflowEvent::getState)
        .containsExactly(
            WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, WorkflowState.WORKFLOW_STATE_INITIALIZED);
    assertThat(info.getEvents(0).getTimestamp()).isEqualTo("1970-01-01T00:00:02Z");
    assertThat(info.getUpdateSpec().getBatchSize()).isEqualTo(2);
    assertThat(info.getOpaqueData().getData()).isEqualTo("ours");
  }

  @Test
  void aWorkflowThatRollsBackLeadsToTheCopyOfTheOldSpec() {
    replace();
    cluster.write(
        new RecordKey.WorkflowRequest(JOB, 2),
        request(2, 2, 1).setRollbackVersion(3).build(),
        new RecordKey.WorkflowStatus(JOB, 2),
        WorkflowStatusRecord.newBuilder()
            .setNumber(2)
            .setState(WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD)
            .addEvents(event(WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD, 5))
            .build());

    assertThat(status().getVersion().getValue()).isEqualTo("3-1-2");
    assertThat(status().getPrevVersion().getValue()).isEqualTo("2-1-2");
  }

  @Test
  void workflowsComeNewestFirstWithTheEventsOfTheirInstances() {
    replace();
    cluster.write(
        new RecordKey.WorkflowStatus(JOB, 1),
        WorkflowStatusRecord.newBuilder().setNumber(1).addAdded(range(0, 6)).build(),
        new RecordKey.WorkflowStatus(JOB, 2),
        WorkflowStatusRecord.newBuilder().setNumber(2).addUpdated(range(2, 4)).build(),
        new RecordKey.Pod(JOB, 2),
        story().build());

    List<WorkflowInfo> all = cluster.jobs.workflows(cluster.job(JOB), 0, OptionalInt.of(0));
    assertThat(all)
        .extracting(info -> info.getStatus().getVersion().getValue())
        .containsExactly("2-1-2", "1-1-2");
    assertThat(all.get(0).getInstanceEventsList())
        .singleElement()
        .satisfies(
            events -> {
              assertThat(events.getInstanceId()).isEqualTo(2);
              assertThat(events.getEventsList())
                  .extracting(WorkflowEvent::getTimestamp)
                  .containsExactly("1970-01-01T00:00:05Z", "1970-01-01T00:00:04Z");
            });
    assertThat(all.get(1).getInstanceEvents(0).getEventsCount()).isEqualTo(1);
    assertThat(cluster.jobs.workflows(cluster.job(JOB), 1, OptionalInt.empty()))
        .singleElement()
        .satisfies(info -> assertThat(info.getInstanceEventsList()).isEmpty());
  }

  @Test
  void eventsOfAnInstanceAreOfTheWorkflowInForceAndLimitedBeforeEqualOnesAreJoined() {
    replace();
    cluster.write(new RecordKey.Pod(JOB, 2), story().build());

    assertThat(cluster.jobs.workflowEvents(cluster.job(JOB), 2, 0))
        .extracting(WorkflowEvent::getState)
        .containsExactly(
            WorkflowState.WORKFLOW_STATE_SUCCEEDED, WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);
    assertThat(cluster.jobs.workflowEvents(cluster.job(JOB), 2, 2)).hasSize(2);
    assertThat(cluster.jobs.workflowEvents(cluster.job(JOB), 2, 1))
        .extracting(WorkflowEvent::getState)
        .containsExactly(WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    assertThat(cluster.jobs.workflowEvents(cluster.job(JOB), 99, 0)).isEmpty();
    assertThat(cluster.jobs.workflowEvents(cluster.job(JOB), -1, 0)).isEmpty();
  }

  @Test
  void aRestartIsSaidInBothOfItsForms() {
    cluster.write(
        new RecordKey.WorkflowRequest(JOB, 1),
        request(1, 1, 1)
            .setType(WorkflowType.WORKFLOW_TYPE_RESTART)
            .clearUpdateSpec()
            .setRestartSpec(
                RestartSpec.newBuilder()
                    .setBatchSize(4)
                    .addRanges(InstanceIDRange.newBuilder().setTo(3)))
            .build());

    WorkflowInfo info = cluster.jobs.workflow(cluster.job(JOB)).orElseThrow();

    assertThat(info.getRestartSpec().getBatchSize()).isEqualTo(4);
    assertThat(info.getRestartBatchSize()).isEqualTo(4);
    assertThat(info.getRestartRangesList()).isEqualTo(info.getRestartSpec().getRangesList());
    assertThat(info.hasUpdateSpec()).isFalse();
  }

  /** One event of the first workflow, three of the second, of which two are alike. */
  private static PodRecord.Builder story() {
    return pod(1, PodState.POD_STATE_RUNNING)
        .addWorkflowEvents(event(WorkflowState.WORKFLOW_STATE_SUCCEEDED, 2).setWorkflow(1))
        .addWorkflowEvents(event(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 3).setWorkflow(2))
        .addWorkflowEvents(event(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 4).setWorkflow(2))
        .addWorkflowEvents(event(WorkflowState.WORKFLOW_STATE_SUCCEEDED, 5).setWorkflow(2));
  }

  private void replace() {
    cluster.write(
        new RecordKey.JobSpec(JOB, 2),
        JobSpecRecord.newBuilder().setVersion(2).setSpec(spec(5)).build(),
        new RecordKey.JobGoal(JOB),
        goal(2, 1, 2, 2).build(),
        new RecordKey.WorkflowRequest(JOB, 2),
        request(2, 2, 1).build());
  }

  private void mark(int instance, long workflow, WorkflowMark mark) {
    cluster.write(
        new RecordKey.Pod(JOB, instance),
        pod(1, PodState.POD_STATE_RUNNING).setWorkflow(workflow).setMark(mark).build());
  }

  private WorkflowStatus status() {
    return cluster.jobs.status(cluster.job(JOB)).getWorkflowStatus();
  }

  private static InstanceRange range(int from, int to) {
    return InstanceRange.newBuilder().setFrom(from).setTo(to).build();
  }

  private static WorkflowEventRecord.Builder event(WorkflowState state, int second) {
    return WorkflowEventRecord.newBuilder().setState(state).setAt(second * 1_000_000_000L);
  }
}
