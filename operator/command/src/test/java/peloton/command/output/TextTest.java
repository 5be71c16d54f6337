package peloton.command.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.pod.Pod.PodState;

class TextTest {
  @Test
  void shortensStates() {
    assertThat(Text.state(PodState.POD_STATE_RUNNING, "POD_STATE_")).isEqualTo("RUNNING");
    assertThat(Text.state(PodState.POD_STATE_INVALID, "POD_STATE_")).isEmpty();
    assertThat(Text.state(PodState.UNRECOGNIZED, "POD_STATE_")).isEqualTo("UNRECOGNIZED");
  }

  @Test
  void cutsTimesToTheSecond() {
    assertThat(Text.time("2026-01-02T03:04:05.678901234Z")).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(Text.time("")).isEmpty();
    assertThat(Text.time("soon")).isEqualTo("soon");
  }

  @Test
  void measuresBetweenTimes() {
    assertThat(Text.between("2026-01-01T00:00:00Z", "2026-01-02T01:02:03.9Z"))
        .isEqualTo("25:02:03");
    assertThat(Text.between("", "2026-01-02T01:02:03Z")).isEmpty();
  }

  @Test
  void showsNumbersToThreeDecimals() {
    assertThat(Text.number(4096)).isEqualTo("4096");
    assertThat(Text.number(0.5)).isEqualTo("0.5");
    assertThat(Text.number(0.1 + 0.2)).isEqualTo("0.3");
    assertThat(Text.number(0)).isEqualTo("0");
    assertThat(Text.number(Double.NaN)).isEqualTo("NaN");
  }
}
