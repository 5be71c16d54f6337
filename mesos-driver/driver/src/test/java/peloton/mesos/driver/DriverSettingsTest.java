package peloton.mesos.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriverSettingsTest {
  private final DriverSettings defaults = DriverSettings.of(StaticMasters.parse("a"));

  @Test
  void refusesTimesAndLimitsOutOfRange() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> defaults.withTimes(second, Duration.ZERO, second, second, second))
        .hasMessage("the response timeout must be positive and is PT0S");
    assertThatThrownBy(
            () -> defaults.withTimes(second, second, Duration.ofSeconds(2), second, second))
        .hasMessage("the shortest back-off PT2S exceeds the longest, PT1S");
    assertThatThrownBy(() -> defaults.withLimits(0, 1, 1, 1))
        .hasMessage("missed heartbeats must be from 1 to 1000 and is 0");
    assertThatThrownBy(() -> defaults.withLimits(5, 1, 1, 1025))
        .hasMessage("pipelined calls must be from 1 to 1024 and is 1025");
  }

  @Test
  void keepsTheSecretOutOfItsText() {
    Credential credential = new Credential("peloton", "hush");
    assertThat(defaults.withCredential(credential).toString())
        .contains("principal=peloton")
        .doesNotContain("hush");
    assertThatThrownBy(() -> new Credential("a:b", "c")).hasMessageContaining("\"a:b\"");
  }

  @Test
  void readsAListOfMasters() {
    assertThat(StaticMasters.parse("A:1, [fd00::1]:2,c").masters())
        .isEqualTo(
            List.of(
                new MasterAddress("a", 1),
                new MasterAddress("fd00::1", 2),
                new MasterAddress("c", 5050)));
    assertThatThrownBy(() -> StaticMasters.parse(" , ")).hasMessageContaining("at least one");
    assertThatThrownBy(() -> StaticMasters.parse("a:70000"))
        .hasMessage("port 70000 of the Mesos master at a is not from 1 to 65535");
  }
}
