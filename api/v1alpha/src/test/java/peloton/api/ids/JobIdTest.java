package peloton.api.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5f1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d55",
        "5F1C2A9E-0B7D-4D8E-9A36-2F0E7C1B4D55",
        "00000000-0000-0000-0000-000000000000"
      })
  void givesBackAUuidAsItWasWritten(String text) {
    assertThat(JobId.require(text)).isEqualTo(text);
    assertThat(JobId.toProto(text).getValue()).isEqualTo(text);
  }

  @RepeatedTest(10)
  void makesIdsThatItAccepts() {
    assertThat(JobId.require(JobId.random())).matches("[0-9a-f]{8}-[0-9a-f]{4}-4.*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "web",
        "1-1-1-1-1",
        "5f1c2a9e0b7d4d8e9a362f0e7c1b4d55",
        "5f1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d5",
        "5f1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d555",
        "5f1c2a9e-0b7d-4d8e-9a362-f0e7c1b4d55",
        "gf1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d55",
        "{5f1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d55}"
      })
  void refusesTextThatIsNoUuid(String text) {
    assertThat(JobId.isValid(text)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JobId.require(text))
        .withMessage(
            "jobID is not valid UUID: \""
                + text
                + "\", give 36 characters such as 5f1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d55");
  }
}
