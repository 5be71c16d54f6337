package peloton.operator.read;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.goal;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.request;
import static peloton.operator.TestCluster.spec;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowEvent;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowInfo;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.operator.TestCluster;
import peloton.records.InstanceRange;
import peloton.records.JobSpecRecord;
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
