package peloton.controllers.reconcile;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.controllers.status.HostFacts;
import peloton.controllers.status.HostStatusMapper;
import peloton.controllers.status.Reason;
import peloton.controllers.status.Verdict;
import peloton.crds.HostMaintenance;
import peloton.crds.host.HostMaintenanceStatus;

/**
 * Says in HostMaintenances that hosts cannot be taken into maintenance yet. Holds no resource back:
 * there is nothing to be undone when one goes.
 */
public final class HostController implements Passes<HostMaintenance> {
  private static final Logger log = LoggerFactory.getLogger(HostController.class);
  private static final Verdict NOT_SERVED =
      new Verdict(
          Reason.NotSupported,
          "this operator does not take hosts into maintenance yet; drain them with Mesos' own"
              + " tools");

  private final InstantSource clock;
  private final Statuses<HostMaintenanceStatus> statuses;

  public HostController(CustomResources resources, InstantSource clock) {
    this.clock = clock;
    this.statuses = new Statuses<>(resources, HostMaintenanceStatus::conditions);
  }

  @Override
  public boolean isNews(HostMaintenance before, HostMaintenance now) {
    return News.is(before, now) || !statuses.isShownBy(now);
  }

  @Override
  public void forget(HostMaintenance resource) {
    statuses.forget(resource);
  }

  @Override
  public Optional<Duration> pass(HostMaintenance resource) {
    if (Finalizer.isDeleting(resource)) {
      return Optional.empty();
    }
    HostFacts facts =
        new HostFacts(
            resource.getMetadata().getGeneration() == null
                ? 0
                : resource.getMetadata().getGeneration(),
            false,
            Optional.of(NOT_SERVED),
            Map.of());
    try {
      statuses.write(
          resource,
          HostStatusMapper.map(statuses.of(resource), resource.getSpec(), facts, clock.instant()),
          clock.instant());
    } catch (ResourceConflictException changed) {
      log.debug("{} has changed meanwhile: {}", ResourceKey.of(resource), changed.getMessage());
    }
    return Optional.empty();
  }
}
