package peloton.api.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodNameTest {

  private static final String JOB = "5f1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d55";

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 49_999, Integer.MAX_VALUE})
  void readsWhatItWrites(int instance) {
    PodName name = new PodName(JOB, instance);

    assertThat(name).hasToString(JOB + "-" + instance);
    assertThat(PodName.parse(name.toString())).isEqualTo(name);
    assertThat(name.toProto().getValue()).isEqualTo(name.toString());
  }

  @Test
  void namesTheRunsOfItsInstance() {
    assertThat(new PodName(JOB, 4).run(2)).isEqualTo(new PodId(JOB, 4, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "web-0",
        JOB,
        JOB + "-",
        JOB + "-01",
        JOB + "--1",
        JOB + "-x",
        JOB + "-0-1",
        JOB + "-2147483648",
        "-" + JOB + "-0",
        "zf1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d55-0"
      })
  void refusesTextThatIsNoName(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PodName.parse(text))
        .withMessage(
            "invalid pod name \""
                + text
                + "\": must be <job id>-<instance>, a UUID and a number from 0");
  }

  @Test
  void shortensWhatIsTooLongToShow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PodName.parse("x".repeat(2_000_000)))
        .withMessageStartingWith(
            "invalid pod name \"" + "x".repeat(80) + "…\" (2000000 characters): must be");
  }

  @Test
  void refusesANegativeInstance() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PodName(JOB, -1))
        .withMessage("instance -1 of a job: must be 0 or more");
  }
}
