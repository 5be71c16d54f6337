package peloton.operator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.operator.TestCluster;
import peloton.store.view.RecordKey;

class SortedInstancesTest {
  private final TestCluster cluster = TestCluster.started();
  private final SortedInstances sorted = new SortedInstances(5);
  private final List<String> sorts = new ArrayList<>();

  @BeforeEach
  void createJobs() {
    cluster.createJob(JOB, spec(3).build());
    cluster.createJob(OTHER, spec(3).build());
  }

  @Test
  void anOrderIsWorkedOutOnceForEachRevisionOfItsJob() {
    assertThat(get(JOB, "+host", 2, 1, 0)).containsExactly(2, 1, 0);
    assertThat(get(JOB, "+host")).containsExactly(2, 1, 0);
    cluster.write(new RecordKey.Pod(OTHER, 0), pod(1, PodState.POD_STATE_RUNNING).build());
    assertThat(get(JOB, "+host")).containsExactly(2, 1, 0);

    cluster.write(new RecordKey.Pod(JOB, 0), pod(1, PodState.POD_STATE_RUNNING).build());

    assertThat(get(JOB, "+host", 0, 2, 1)).containsExactly(0, 2, 1);
    assertThat(sorts).containsExactly("+host from []", "+host from [2, 1, 0]");
  }

  @Test
  void theOrderThatWasUsedLongestAgoMakesRoom() {
    get(JOB, "+host", 0, 1);
    get(JOB, "-host", 1, 0);
    get(JOB, "+host");
    get(OTHER, "+host", 0, 1);

    assertThat(sorted.kept()).isEqualTo(4);
    assertThat(get(JOB, "+host")).containsExactly(0, 1);
    assertThat(get(JOB, "-host", 1, 0)).containsExactly(1, 0);
    assertThat(sorts)
        .containsExactly("+host from []", "-host from []", "+host from []", "-host from []");
  }

  @Test
  void anOrderThatIsLargerThanTheRoomIsNotKept() {
    assertThat(get(JOB, "+host", 5, 4, 3, 2, 1, 0)).hasSize(6);

    assertThat(sorted.kept()).isZero();
  }

  private int[] get(String job, String order, int... result) {
    return sorted.get(
        cluster.job(job),
        order,
        before -> {
          sorts.add(order + " from " + java.util.Arrays.toString(before));
          return result;
        });
  }
}
