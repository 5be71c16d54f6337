package peloton.mesos.local.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.HealthCheck;
import peloton.mesos.local.loop.EventLoop;

/**
 * Checks one task's health again and again, by the rules of Mesos: failures before the first
 * success do not count within the grace period; the first success, and the first after failures, is
 * told; so is every failure that counts, and with enough of them in a row the task has to be
 * killed.
 */
final class HealthMonitor {

  private final EventLoop loop;
  private final HealthCheck check;
  private final Consumer<Consumer<Optional<String>>> probe;
  private final Listener listener;
  private final long startedAt;
  private EventLoop.Timer next = () -> {};
  private boolean neverHealthy = true;
  private int failures;
  private boolean stopped;

  /** What the checks found. */
  interface Listener {

    void healthy();

    void unhealthy(String why, boolean kill);
  }

  /**
   * @param probe checks once and tells what is wrong, or that nothing is
   */
  HealthMonitor(
      EventLoop loop,
      HealthCheck check,
      Consumer<Consumer<Optional<String>>> probe,
      Listener listener) {
    this.loop = loop;
    this.check = check;
    this.probe = probe;
    this.listener = listener;
    this.startedAt = loop.nanoTime();
    next = loop.schedule(seconds(check.getDelaySeconds()), this::probe);
  }

  void stop() {
    stopped = true;
    next.cancel();
  }

  private void probe() {
    probe.accept(this::result);
  }

  private void result(Optional<String> problem) {
    if (stopped) {
      return;
    }
    next = loop.schedule(seconds(check.getIntervalSeconds()), this::probe);
    if (problem.isPresent()) {
      failed(problem.get());
    } else {
      passed();
    }
  }

  private void passed() {
    boolean news = neverHealthy || failures > 0;
    neverHealthy = false;
    failures = 0;
    if (news) {
      listener.healthy();
    }
  }

  private void failed(String why) {
    var grace = seconds(check.getGracePeriodSeconds());
    boolean inGrace = loop.nanoTime() - startedAt <= grace.toNanos() && !grace.isZero();
    if (neverHealthy && inGrace) {
      return;
    }
    failures++;
    listener.unhealthy(why, failures >= check.getConsecutiveFailures());
  }

  static Duration seconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
