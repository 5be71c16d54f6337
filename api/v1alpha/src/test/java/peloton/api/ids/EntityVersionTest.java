package peloton.api.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityVersionTest {

  @Test
  void readsWhatItWrites() {
    EntityVersion version = EntityVersion.parse("3-12-9223372036854775807");

    assertThat(version).isEqualTo(new EntityVersion(3, 12, Long.MAX_VALUE));
    assertThat(version).hasToString("3-12-9223372036854775807");
    assertThat(version.toProto().getValue()).isEqualTo("3-12-9223372036854775807");
  }

  @Test
  void knowsTheFirstVersionAndThatOfAPod() {
    assertThat(EntityVersion.FIRST).hasToString("1-1-1");
    assertThat(EntityVersion.ofConfiguration(7)).hasToString("7-0-0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1-1",
        "1-1-1-1",
        "1-1-",
        "-1-1",
        "--",
        "1--1",
        "a-1-1",
        "1-1-x",
        "01-1-1",
        "1-1-1 ",
        " 1-1-1",
        "+1-1-1",
        "1-1--1",
        "1-9223372036854775808-1",
        "१-1-1"
      })
  void refusesTextThatIsNoVersion(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntityVersion.parse(text))
        .withMessage(
            "entityVersion has wrong format: \""
                + text
                + "\", give it as the server did, three numbers such as 1-1-1");
  }

  @Test
  void refusesNegativeParts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EntityVersion(1, -2, 1))
        .withMessage("entity version 1--2-1: no part may be negative");
  }
}
