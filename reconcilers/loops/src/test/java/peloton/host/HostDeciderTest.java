package peloton.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.host.Host.HostState;

class HostDeciderTest {
  private static final Map<String, HostStep> STEPS =
      Map.of(
          "draining", new HostStep.Become(HostState.HOST_STATE_DRAINING),
          "drained", new HostStep.Become(HostState.HOST_STATE_DRAINED),
          "down", new HostStep.Become(HostState.HOST_STATE_DOWN),
          "up", new HostStep.Become(HostState.HOST_STATE_UP),
          "withhold", new HostStep.Withhold(),
          "move", new HostStep.MovePods(),
          "take down", new HostStep.TakeDown(),
          "bring up", new HostStep.BringUp(),
          "join pool", new HostStep.JoinPool(),
          "rest", new HostStep.Rest());

  @ParameterizedTest(name = "goal DOWN, {0}, pods {4}: {5}")
  @CsvSource({
    // state, registered, withheld, down, pods, step
    "UP,       true,  false, false, 3, draining",
    "UP,       false, false, false, 0, draining",
    "DRAINING, true,  false, false, 3, withhold",
    "DRAINING, true,  true,  false, 3, move",
    "DRAINING, true,  true,  false, 0, drained",
    "DRAINING, false, false, false, 3, move",
    "DRAINING, false, false, false, 0, drained",
    "DRAINED,  true,  true,  false, 0, take down",
    "DRAINED,  true,  false, false, 0, take down",
    "DRAINED,  true,  true,  true,  0, down",
    "DRAINED,  false, true,  true,  0, down",
    "DRAINED,  false, false, false, 0, down",
    "DRAINED,  true,  true,  false, 1, draining",
    "DOWN,     true,  true,  true,  0, rest",
    "DOWN,     false, true,  true,  0, rest",
    "DOWN,     false, false, false, 0, rest",
    "DOWN,     true,  false, false, 0, take down",
    "DOWN,     true,  false, false, 2, draining",
  })
  void theWayIntoMaintenance(
      String state, boolean registered, boolean withheld, boolean down, int pods, String step) {
    assertThat(decide(HostState.HOST_STATE_DOWN, state, registered, withheld, down, pods, false))
        .isEqualTo(STEPS.get(step));
  }

  @ParameterizedTest(name = "goal UP, {0}: {5}")
  @CsvSource({
    "UP,       true,  false, false, 3, rest",
    "UP,       true,  true,  false, 3, rest",
    "DRAINING, true,  true,  false, 3, bring up",
    "DRAINING, true,  false, false, 3, up",
    "DRAINED,  true,  true,  false, 0, bring up",
    "DRAINED,  true,  true,  true,  0, bring up",
    "DOWN,     true,  true,  true,  0, bring up",
    "DOWN,     false, true,  true,  0, bring up",
    "DOWN,     false, false, false, 0, rest",
    "DOWN,     true,  false, false, 0, up",
  })
  void theWayBack(
      String state, boolean registered, boolean withheld, boolean down, int pods, String step) {
    assertThat(decide(HostState.HOST_STATE_UP, state, registered, withheld, down, pods, false))
        .isEqualTo(STEPS.get(step));
  }

  @ParameterizedTest(name = "to another pool, {0}, pods {1}: {2}")
  @CsvSource({
    "UP,       3, draining",
    "DRAINING, 3, move",
    "DRAINING, 0, join pool",
  })
  void theWayToAnotherPool(String state, int pods, String step) {
    assertThat(decide(HostState.HOST_STATE_UP, state, true, false, false, pods, true))
        .isEqualTo(STEPS.get(step));
  }

  @Test
  void aHostThatMesosKnowsNoMoreIsForgotten() {
    assertThat(decide(HostState.HOST_STATE_UP, "UP", false, false, false, 0, false))
        .isEqualTo(new HostStep.Forget());
  }

  private static HostStep decide(
      HostState goal,
      String state,
      boolean registered,
      boolean withheld,
      boolean down,
      int pods,
      boolean moving) {
    return HostDecider.decide(
        new HostView(
            goal,
            HostState.valueOf("HOST_STATE_" + state),
            registered,
            withheld,
            down,
            pods,
            moving));
  }
}
