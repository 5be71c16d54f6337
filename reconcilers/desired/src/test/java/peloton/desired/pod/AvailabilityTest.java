package peloton.desired.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.desired.job.JobScene;
import peloton.records.PodGoalRecord;
import peloton.store.view.RecordKey;

class AvailabilityTest {
  private final JobScene scene = new JobScene();

  @ParameterizedTest
  @CsvSource({
    "RUNNING, DISABLED, AVAILABLE",
    "RUNNING, HEALTHY, AVAILABLE",
    "RUNNING, UNHEALTHY, UNAVAILABLE",
    "RUNNING, UNKNOWN, UNAVAILABLE",
    "PENDING, DISABLED, UNAVAILABLE",
    "LAUNCHED, DISABLED, UNAVAILABLE",
    "STARTING, DISABLED, UNAVAILABLE",
    "KILLING, DISABLED, UNAVAILABLE",
    "KILLED, DISABLED, UNAVAILABLE",
    "FAILED, DISABLED, UNAVAILABLE",
    "SUCCEEDED, DISABLED, UNAVAILABLE",
    "LOST, DISABLED, UNAVAILABLE"
  })
  void anInstanceThatIsToRunCountsByWhatItDoes(String state, String health, Availability is) {
    scene.createAndRun();
    scene.pod(
        1,
        pod ->
            pod.setState(PodState.valueOf("POD_STATE_" + state))
                .setHealth(HealthState.valueOf("HEALTH_STATE_" + health)));

    assertThat(Availability.of(scene.job(), 1, 3)).isEqualTo(is);
    assertThat(Availability.unavailable(scene.job(), 3))
        .isEqualTo(is == Availability.UNAVAILABLE ? 1 : 0);
  }

  @Test
  void anInstanceThatIsNotReadyOrCannotBeReachedIsUnavailable() {
    scene.createAndRun();
    scene.pod(0, pod -> pod.setReadiness(HealthState.HEALTH_STATE_UNHEALTHY));
    scene.pod(1, pod -> pod.setReadiness(HealthState.HEALTH_STATE_HEALTHY));
    scene.pod(2, pod -> pod.setUnreachableSince(1));

    assertThat(Availability.of(scene.job(), 0, 3)).isEqualTo(Availability.UNAVAILABLE);
    assertThat(Availability.of(scene.job(), 1, 3)).isEqualTo(Availability.AVAILABLE);
    assertThat(Availability.of(scene.job(), 2, 3)).isEqualTo(Availability.UNAVAILABLE);
  }

  @Test
  void aRunThatIsToBeReplacedIsUnavailable() {
    scene.createAndRun();
    scene.pod(0, pod -> pod.setDesiredRun(2));
    scene.pod(1, pod -> pod.setDesiredVersion(2));
    scene.fixture.put(
        new RecordKey.PodGoal(JobScene.JOB, 2),
        PodGoalRecord.newBuilder().setDesiredRun(2).build());

    assertThat(Availability.unavailable(scene.job(), 3)).isEqualTo(3);
  }

  @Test
  void whatIsNotToRunIsNotMissed() {
    scene.createAndRun();
    scene.stop();

    assertThat(Availability.of(scene.job(), 1, 3)).isEqualTo(Availability.IGNORED);
    assertThat(Availability.unavailable(scene.job(), 3)).isZero();
  }

  @Test
  void whatWasNeverLaunchedOrIsBeingRemovedIsNotMissed() {
    scene.create(spec -> {});
    scene.pod(2, pod -> pod.setState(PodState.POD_STATE_FAILED));

    assertThat(Availability.of(scene.job(), 1, 3)).isEqualTo(Availability.IGNORED);
    assertThat(Availability.of(scene.job(), 2, 2)).isEqualTo(Availability.IGNORED);
    assertThat(Availability.of(scene.job(), 2, 3)).isEqualTo(Availability.UNAVAILABLE);
  }
}
