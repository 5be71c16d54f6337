package peloton.operator.http;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells a thread that is stuck from one that is busy or idle: work waits, and none was finished for
 * a while. It is judged when somebody asks.
 */
public final class Stall {
  private final LongSupplier waiting;
  private final LongSupplier done;
  private final LongSupplier nanoTime;
  private final Duration patience;

  private long lastDone = -1;
  private long since;

  /**
   * @param waiting how much work waits
   * @param done how much was finished so far
   * @param nanoTime a monotonic clock
   * @param patience how long nothing may be finished while work waits
   */
  public Stall(LongSupplier waiting, LongSupplier done, LongSupplier nanoTime, Duration patience) {
    this.waiting = waiting;
    this.done = done;
    this.nanoTime = nanoTime;
    this.patience = patience;
  }

  /** What is wrong, if anything is. */
  public synchronized Optional<String> problem() {
    long now = nanoTime.getAsLong();
    long finished = done.getAsLong();
    if (finished != lastDone || waiting.getAsLong() == 0) {
      lastDone = finished;
      since = now;
      return Optional.empty();
    }
    Duration stuck = Duration.ofNanos(now - since);
    return stuck.compareTo(patience) < 0
        ? Optional.empty()
        : Optional.of(
            waiting.getAsLong() + " tasks wait and none was done for " + stuck.toSeconds() + " s");
  }
}
