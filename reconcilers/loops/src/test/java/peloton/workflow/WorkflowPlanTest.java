package peloton.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.records.InstanceRange;

class WorkflowPlanTest {

  @Test
  void aRestartWithoutRangesIsOneOfAll() {
    assertThat(restarted(4)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void rangesAreClippedAndJoined() {
    assertThat(restarted(5, range(3, 9), range(1, 2), range(3, 4))).containsExactly(1, 3, 4);
  }

  @Test
  void rangesBeyondTheJobRestartNothing() {
    assertThat(restarted(5, range(7, 9))).isEmpty();
    assertThat(restarted(5, range(5, 5))).isEmpty();
    assertThat(restarted(5, range(3, 1))).isEmpty();
    assertThat(restarted(5, range(-1, -1))).isEmpty();
  }

  @Test
  void aRangeUpToTheLargestNumberIsOneToTheEnd() {
    assertThat(restarted(3, range(1, -1))).containsExactly(1, 2);
  }

  @Test
  void aRestartAddsAndRemovesNothing() {
    WorkflowPlan plan = WorkflowPlan.forRestart(3, List.of());
    assertThat(plan.added()).isEmpty();
    assertThat(plan.removed()).isEmpty();
    assertThat(plan.updated())
        .containsExactly(InstanceRange.newBuilder().setFrom(0).setTo(3).build());
  }

  private static List<Integer> restarted(int count, InstanceIDRange... ranges) {
    List<Integer> instances = new ArrayList<>();
    InstanceRanges.forEach(
        WorkflowPlan.forRestart(count, List.of(ranges)).updated(), instances::add);
    return instances;
  }

  private static InstanceIDRange range(int from, int to) {
    return InstanceIDRange.newBuilder().setFrom(from).setTo(to).build();
  }
}
