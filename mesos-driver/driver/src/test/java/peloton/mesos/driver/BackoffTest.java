package peloton.mesos.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1), new Random(7));

  @Test
  void doublesUpToTheLongestPauseAndDrawsFromTheUpperHalf() {
    List<Integer> ranges = List.of(200, 400, 800, 1000, 1000, 1000);
    for (int range : ranges) {
      assertThat(backoff.next()).isBetween(Duration.ofMillis(range / 2), Duration.ofMillis(range));
    }
  }

  @Test
  void isShortAgainAfterAReset() {
    IntStream.range(0, 5).forEach(i -> backoff.next());
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  void leavesTheSequenceAloneForAPauseOfItsOwn() {
    assertThat(backoff.jittered(Duration.ofMinutes(1)))
        .isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(200));
  }
}
