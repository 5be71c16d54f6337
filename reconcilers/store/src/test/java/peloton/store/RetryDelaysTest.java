package peloton.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryDelaysTest {

  @Test
  void doubleUpToTheLimitAndBeginAnewAfterASuccess() {
    RetryDelays delays = new RetryDelays(Duration.ofMillis(100), Duration.ofMillis(350));

    assertThat(delays.next()).isEqualTo(Duration.ofMillis(100));
    assertThat(delays.next()).isEqualTo(Duration.ofMillis(200));
    assertThat(delays.next()).isEqualTo(Duration.ofMillis(350));
    assertThat(delays.next()).isEqualTo(Duration.ofMillis(350));
    delays.reset();
    assertThat(delays.next()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void mustBeGreaterThanZeroAndGrow() {
    assertThatThrownBy(() -> new RetryDelays(Duration.ZERO, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RetryDelays(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
