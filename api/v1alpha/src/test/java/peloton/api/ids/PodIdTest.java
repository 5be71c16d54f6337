package peloton.api.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodIdTest {

  private static final String JOB = "5F1C2A9E-0b7d-4d8e-9a36-2f0e7c1b4d55";

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 12, Long.MAX_VALUE})
  void readsWhatItWrites(long run) {
    PodId id = new PodId(JOB, 3, run);

    assertThat(id).hasToString(JOB + "-3-" + run);
    assertThat(PodId.parse(id.toString())).isEqualTo(id);
    assertThat(id.toProto().getValue()).isEqualTo(id.toString());
    assertThat(id.name()).isEqualTo(new PodName(JOB, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "somebody-elses-task",
        JOB,
        JOB + "-1",
        JOB + "-1-",
        JOB + "--1",
        JOB + "-1-01",
        JOB + "-00-1",
        JOB + "-1-1-1",
        JOB + "-2147483648-1",
        JOB + "-1-9223372036854775808"
      })
  void refusesTextThatIsNoPod(String text) {
    assertThat(PodId.find(text)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PodId.parse(text))
        .withMessage(
            "invalid pod id \""
                + text
                + "\": must be <job id>-<instance>-<run>, a UUID and two numbers from 0");
  }

  @Test
  void refusesNegativeParts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PodId(JOB, -1, 1))
        .withMessage("instance -1 of a job: must be 0 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PodId(JOB, 1, -1))
        .withMessage("run -1 of a pod: must be 0 or more");
  }
}
