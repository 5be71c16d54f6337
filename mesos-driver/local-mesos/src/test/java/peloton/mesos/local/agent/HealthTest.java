package peloton.mesos.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.junit.jupiter.api.Test;
import peloton.mesos.local.loop.ManualEventLoop;

class HealthTest {

  private final ManualEventLoop loop = new ManualEventLoop();
  private final List<String> told = new ArrayList<>();
  private Optional<String> problem = Optional.empty();
  private final HealthMonitor monitor =
      new HealthMonitor(
          loop,
          HealthCheck.newBuilder()
              .setDelaySeconds(5)
              .setIntervalSeconds(10)
              .setGracePeriodSeconds(20)
              .setConsecutiveFailures(3)
              .build(),
          result -> result.accept(problem),
          new HealthMonitor.Listener() {
            @Override
            public void healthy() {
              told.add("healthy");
            }

            @Override
            public void unhealthy(String why, boolean kill) {
              told.add(kill ? "kill" : "unhealthy");
            }
          });

  @Test
  void theFirstSuccessIsToldOnce() {
    loop.advance(Duration.ofMillis(4999));
    assertThat(told).isEmpty();
    loop.advance(Duration.ofMillis(1));
    assertThat(told).containsExactly("healthy");
    loop.advance(Duration.ofMinutes(10));
    assertThat(told).containsExactly("healthy");
  }

  @Test
  void failuresBeforeTheFirstSuccessDoNotCountWithinTheGracePeriod() {
    problem = Optional.of("not yet");
    loop.advance(Duration.ofSeconds(20));
    assertThat(told).isEmpty();
    loop.advance(Duration.ofSeconds(5));
    assertThat(told).containsExactly("unhealthy");
    problem = Optional.empty();
    loop.advance(Duration.ofSeconds(10));
    assertThat(told).containsExactly("unhealthy", "healthy");
  }

  @Test
  void enoughFailuresInARowKill() {
    loop.advance(Duration.ofSeconds(5));
    problem = Optional.of("broken");
    loop.advance(Duration.ofSeconds(20));
    problem = Optional.empty();
    loop.advance(Duration.ofSeconds(10));
    problem = Optional.of("broken");
    loop.advance(Duration.ofSeconds(30));
    assertThat(told)
        .containsExactly(
            "healthy", "unhealthy", "unhealthy", "healthy", "unhealthy", "unhealthy", "kill");
  }

  @Test
  void nothingIsToldAfterTheStop() {
    monitor.stop();
    loop.advance(Duration.ofMinutes(1));
    assertThat(told).isEmpty();
  }
}
