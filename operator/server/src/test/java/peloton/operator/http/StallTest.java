package peloton.operator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StallTest {
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong now = new AtomicLong();
  private final Stall stall = new Stall(waiting::get, done::get, now::get, Duration.ofSeconds(60));

  @Test
  void anIdleThreadIsNotStuck() {
    stall.problem();
    pass(Duration.ofHours(1));

    assertThat(stall.problem()).isEmpty();
  }

  @Test
  void aBusyThreadThatFinishesSomethingIsNotStuck() {
    waiting.set(7);
    for (int i = 0; i < 10; i++) {
      done.incrementAndGet();
      assertThat(stall.problem()).isEmpty();
      pass(Duration.ofSeconds(59));
    }
  }

  @Test
  void aThreadThatFinishesNothingWhileWorkWaitsIsStuckAfterAWhile() {
    waiting.set(7);
    stall.problem();
    pass(Duration.ofSeconds(59));
    assertThat(stall.problem()).isEmpty();

    pass(Duration.ofSeconds(1));

    assertThat(stall.problem()).contains("7 tasks wait and none was done for 60 s");
  }

  @Test
  void workThatComesAfterALongRestIsGivenItsTime() {
    stall.problem();
    pass(Duration.ofHours(1));
    assertThat(stall.problem()).isEmpty();
    waiting.set(1);

    pass(Duration.ofSeconds(30));

    assertThat(stall.problem()).isEmpty();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
