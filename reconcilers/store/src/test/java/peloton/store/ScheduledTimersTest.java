package peloton.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScheduledTimersTest {
  private final ScheduledTimers timers = new ScheduledTimers("timers-under-test");

  @AfterEach
  void close() {
    timers.close();
  }

  @Test
  void runTasksInTimeOnTheirThread() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    CompletableFuture<String> last = new CompletableFuture<>();
    // Handed in in the order in which they fall due, so that a slow machine cannot turn it round.
    timers.schedule(Duration.ofMillis(-5), () -> order.add("first"));
    timers.schedule(Duration.ofMillis(10), () -> order.add("second"));
    timers.schedule(Duration.ofMillis(30), () -> last.complete(Thread.currentThread().getName()));

    assertThat(last.get(90, TimeUnit.SECONDS)).isEqualTo("timers-under-test");
    assertThat(order).containsExactly("first", "second");
  }

  @Test
  void aCancelledTaskDoesNotRunAndAFailedOneHarmsNobody() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    CompletableFuture<Void> last = new CompletableFuture<>();
    List<String> ran = new CopyOnWriteArrayList<>();
    // The thread is kept busy until the task that waits behind it is cancelled.
    timers.schedule(Duration.ZERO, () -> await(cancelled));
    Timers.Cancellable task = timers.schedule(Duration.ZERO, () -> ran.add("cancelled"));
    timers.schedule(
        Duration.ZERO,
        () -> {
          throw new IllegalStateException("this task fails on purpose");
        });
    timers.schedule(Duration.ZERO, () -> last.complete(null));
    task.cancel();
    cancelled.countDown();

    last.get(90, TimeUnit.SECONDS);
    assertThat(ran).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(90, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatComesAfterTheEndIsDropped() {
    timers.close();
    timers.schedule(Duration.ZERO, () -> {}).cancel();

    assertThat(timers.nanoTime()).isLessThanOrEqualTo(System.nanoTime());
  }
}
