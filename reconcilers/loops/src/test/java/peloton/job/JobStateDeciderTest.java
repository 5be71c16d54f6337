package peloton.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.pod.Pod.PodState;

class JobStateDeciderTest {

  @ParameterizedTest
  @CsvSource({
    // goal, instances, running, pending, succeeded, failed, lost, killed -> state
    "RUNNING, 3, 0, 0, 0, 0, 0, 0, PENDING",
    "RUNNING, 3, 0, 3, 0, 0, 0, 0, PENDING",
    "RUNNING, 3, 1, 2, 0, 0, 0, 0, RUNNING",
    "RUNNING, 3, 1, 0, 0, 2, 0, 0, RUNNING",
    "RUNNING, 3, 0, 0, 3, 0, 0, 0, SUCCEEDED",
    "RUNNING, 3, 0, 0, 1, 2, 0, 0, FAILED",
    "RUNNING, 3, 0, 0, 0, 0, 3, 0, FAILED",
    "RUNNING, 3, 0, 0, 0, 2, 0, 1, KILLED",
    "RUNNING, 2, 3, 0, 0, 0, 0, 0, PENDING",
    "RUNNING, 0, 0, 0, 0, 0, 0, 0, PENDING",
    "KILLED, 3, 3, 0, 0, 0, 0, 0, KILLING",
    "KILLED, 3, 0, 0, 0, 1, 0, 2, KILLED",
    "KILLED, 3, 0, 0, 0, 0, 0, 0, KILLED",
    "DELETED, 3, 1, 0, 0, 0, 0, 2, KILLING",
    "DELETED, 3, 0, 0, 0, 0, 0, 3, KILLED",
  })
  void derivesTheStateFromGoalAndCounts(
      String goal,
      int instances,
      int running,
      int pending,
      int succeeded,
      int failed,
      int lost,
      int killed,
      String expected) {
    Map<PodState, Integer> counts =
        Map.of(
            PodState.POD_STATE_RUNNING, running,
            PodState.POD_STATE_PENDING, pending,
            PodState.POD_STATE_SUCCEEDED, succeeded,
            PodState.POD_STATE_FAILED, failed,
            PodState.POD_STATE_LOST, lost,
            PodState.POD_STATE_KILLED, killed);
    int recorded = running + pending + succeeded + failed + lost + killed;

    assertThat(
            JobStateDecider.decide(
                JobState.valueOf("JOB_STATE_" + goal),
                instances,
                recorded,
                0,
                state -> counts.getOrDefault(state, 0)))
        .isEqualTo(JobState.valueOf("JOB_STATE_" + expected));
  }

  @Test
  void anInstanceThatWasNeverLaunchedAndIsStoppedCountsAsKilled() {
    assertThat(partly(2, 3)).isEqualTo(JobState.JOB_STATE_KILLED);
    assertThat(partly(2, 2)).isEqualTo(JobState.JOB_STATE_PENDING);
    assertThat(partly(0, 5)).isEqualTo(JobState.JOB_STATE_KILLED);
  }

  private static JobState partly(int killed, int resting) {
    return JobStateDecider.decide(
        JobState.JOB_STATE_RUNNING,
        5,
        killed,
        resting,
        state -> state == PodState.POD_STATE_KILLED ? killed : 0);
  }
}
