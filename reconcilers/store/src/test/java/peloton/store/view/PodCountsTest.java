package peloton.store.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.PodRecord;
import peloton.records.WorkflowMark;

class PodCountsTest {
  private final PodCounts counts = new PodCounts();

  @Test
  void followsEachRecordFromStateToState() {
    PodRecord pending = pod(1, PodState.POD_STATE_PENDING, 1, WorkflowMark.WORKFLOW_MARK_CURRENT);
    PodRecord running = pod(2, PodState.POD_STATE_RUNNING, 1, WorkflowMark.WORKFLOW_MARK_DONE);
    counts.replace(0, null, pending);
    counts.replace(7, null, pending);
    counts.replace(7, pending, running);

    assertThat(counts.byVersion())
        .isEqualTo(
            Map.of(
                1L, Map.of(PodState.POD_STATE_PENDING, 1),
                2L, Map.of(PodState.POD_STATE_RUNNING, 1)));
    assertThat(counts.marked(1, WorkflowMark.WORKFLOW_MARK_CURRENT)).isEqualTo(1);
    assertThat(counts.marked(1, WorkflowMark.WORKFLOW_MARK_DONE)).isEqualTo(1);
    assertThat(counts.current(1)).containsExactly(0);
    assertThat(counts.current(2)).isEmpty();
  }

  @Test
  void forgetsWhatIsRemoved() {
    PodRecord pod = pod(1, PodState.POD_STATE_RUNNING, 3, WorkflowMark.WORKFLOW_MARK_CURRENT);
    counts.replace(4, null, pod);
    counts.replace(4, pod, null);

    assertThat(counts.byVersion()).isEmpty();
    assertThat(counts.marked(3, WorkflowMark.WORKFLOW_MARK_CURRENT)).isZero();
    assertThat(counts.current(3)).isEmpty();
  }

  private static PodRecord pod(long version, PodState state, long workflow, WorkflowMark mark) {
    return PodRecord.newBuilder()
        .setVersion(version)
        .setState(state)
        .setWorkflow(workflow)
        .setMark(mark)
        .build();
  }
}
