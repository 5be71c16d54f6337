package peloton.mesos.local.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerQueueTest {

  private final TimerQueue timers = new TimerQueue();
  private final List<String> ran = new ArrayList<>();

  @Test
  void timersRunByDueTimeAndThoseOfOneInstantInTheOrderTheyWereSet() {
    timers.add(0, Duration.ofNanos(20), () -> ran.add("late"));
    timers.add(0, Duration.ofNanos(10), () -> ran.add("first"));
    timers.add(5, Duration.ofNanos(5), () -> ran.add("second"));
    runUntil(10);
    assertThat(ran).containsExactly("first", "second");
    assertThat(timers.nanosToNext(10)).isEqualTo(10);
    runUntil(20);
    assertThat(ran).containsExactly("first", "second", "late");
    assertThat(timers.nanosToNext(20)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aCancelledTimerDoesNotRun() {
    var timer = timers.add(0, Duration.ofNanos(10), () -> ran.add("never"));
    timers.add(0, Duration.ofNanos(20), () -> ran.add("still"));
    timer.cancel();
    timer.cancel();
    runUntil(20);
    assertThat(ran).containsExactly("still");
  }

  @Test
  void manyCancelledTimersDoNotPileUp() {
    var keep = timers.add(0, Duration.ofNanos(1), () -> ran.add("kept"));
    for (int i = 0; i < 100_000; i++) {
      timers.add(0, Duration.ofHours(1), () -> ran.add("never")).cancel();
    }
    assertThat(timers.size()).isLessThan(3000);
    runUntil(1);
    assertThat(ran).containsExactly("kept");
    keep.cancel();
  }

  private void runUntil(long now) {
    for (var task = timers.pollDue(now); task != null; task = timers.pollDue(now)) {
      task.run();
    }
  }
}
