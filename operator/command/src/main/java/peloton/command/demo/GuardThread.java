package peloton.command.demo;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Takes a census some ten times a second and keeps the first thing that is wrong. */
final class GuardThread implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 100;

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "pod-guard");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicReference<String> wrong = new AtomicReference<>();

  /** Begins at once; does nothing where no census is possible. */
  GuardThread(TaskCensus census, PodGuard guard) {
    if (!census.isPossible()) {
      return;
    }
    executor.scheduleWithFixedDelay(
        () -> {
          try {
            guard.judge(census.take()).ifPresent(text -> wrong.compareAndSet(null, text));
          } catch (RuntimeException e) {
            wrong.compareAndSet(null, "the processes could not be counted: " + e);
          }
        },
        0,
        INTERVAL_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  /** The first thing that was wrong, if anything was. */
  Optional<String> wrong() {
    return Optional.ofNullable(wrong.get());
  }

  @Override
  public void close() {
    finish();
  }

  /** Ends the counting; returns when the last census is over. */
  void finish() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
