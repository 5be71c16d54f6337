package peloton.operator.health;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.store.Timers;

/** Keeps the health service up to date: SERVING while the view is live. */
public final class ViewHealth implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ViewHealth.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final HealthStatusManager manager = new HealthStatusManager();
  private final List<String> services;
  private final BooleanSupplier live;
  private final Timers timers;

  private ServingStatus told = ServingStatus.UNKNOWN;
  private boolean closed;

  /**
   * @param services full names; the server as a whole needs none
   */
  public ViewHealth(List<String> services, BooleanSupplier live, Timers timers) {
    this.services = List.copyOf(services);
    this.live = live;
    this.timers = timers;
  }

  /** The service to bind. */
  public BindableService service() {
    return manager.getHealthService();
  }

  /** Tells how things are, now and from now on. */
  public synchronized void start() {
    if (closed) {
      return;
    }
    ServingStatus status = live.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    if (status != told) {
      log.info("health: {}", status);
      told = status;
      manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
      services.forEach(service -> manager.setStatus(service, status));
    }
    timers.schedule(INTERVAL, this::start);
  }

  /** NOT_SERVING from now on, whatever happens: the server is about to stop. */
  @Override
  public synchronized void close() {
    closed = true;
    manager.enterTerminalState();
  }
}
