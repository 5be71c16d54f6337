package peloton.controllers.reconcile;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.controllers.status.HostFacts;
import peloton.controllers.status.HostStatusMapper;
import peloton.controllers.status.Reason;
import peloton.controllers.status.Verdict;
import peloton.crds.HostMaintenance;
import peloton.crds.host.HostMaintenanceStatus;
import peloton.crds.host.MaintainedHost;
import peloton.desired.ApiException;
import peloton.desired.admin.Lockdowns;
import peloton.desired.host.HostWriter;
import peloton.records.HostGoalRecord;
import peloton.records.HostRecord;
import peloton.records.OwnerRecord;
import peloton.store.view.HostTable;

/**
 * Takes the hosts of HostMaintenances out of service, and gives them back when no resource names
 * them any more. A resource may go as soon as that is asked for; the hosts come up by themselves.
 */
public final class HostController implements Passes<HostMaintenance> {
  private static final Logger log = LoggerFactory.getLogger(HostController.class);
  private static final Duration MOMENT = Duration.ofMillis(500);
  private static final Duration SHORTLY = Duration.ofSeconds(2);

  private final String cluster;
  private final Views views;
  private final HostWriter writer;
  private final Waiter waiter;
  private final CustomResources resources;
  private final Followers followers;
  private final InstantSource clock;
  private final Statuses<HostMaintenanceStatus> statuses;

  /**
   * @param cluster what the Kubernetes cluster is called in the records of holders
   */
  public HostController(
      String cluster,
      Views views,
      HostWriter writer,
      Waiter waiter,
      CustomResources resources,
      Followers followers,
      InstantSource clock) {
    this.cluster = cluster;
    this.views = views;
    this.writer = writer;
    this.waiter = waiter;
    this.resources = resources;
    this.followers = followers;
    this.clock = clock;
    this.statuses = new Statuses<>(resources, HostMaintenanceStatus::conditions);
  }

  @Override
  public boolean isNews(HostMaintenance before, HostMaintenance now) {
    return News.is(before, now) || !statuses.isShownBy(now);
  }

  @Override
  public void forget(HostMaintenance resource) {
    followers.forget(ResourceKey.of(resource));
    statuses.forget(resource);
  }

  @Override
  public Optional<Duration> pass(HostMaintenance resource) {
    boolean deleting = Finalizer.isDeleting(resource);
    if (deleting && !Finalizer.isOn(resource)) {
      forget(resource);
      return Optional.empty();
    }
    try {
      if (!Finalizer.isOn(resource)) {
        resources.addFinalizer(resource);
      }
      followers.followHosts(ResourceKey.of(resource));
      Optional<Verdict> hindrance = hold(resource, deleting);
      if (deleting && hindrance.isEmpty()) {
        resources.removeFinalizer(resource);
        forget(resource);
        return Optional.empty();
      }
      show(resource, deleting, hindrance);
      return hindrance.map(problem -> SHORTLY);
    } catch (ResourceConflictException changed) {
      log.debug("{} has changed meanwhile: {}", ResourceKey.of(resource), changed.getMessage());
      return Optional.of(MOMENT);
    }
  }

  /** Asks for what the resource wants; what hinders that, if anything does. */
  private Optional<Verdict> hold(HostMaintenance resource, boolean deleting) {
    try {
      if (Lockdowns.contains(views.records(), Component.Write)) {
        return Optional.of(
            new Verdict(Reason.LockedDown, "writes are locked down; waiting for the end of it"));
      }
      OwnerRecord self = Identity.owner(cluster, resource);
      Set<String> wanted = deleting ? Set.of() : Set.copyOf(resource.getSpec().hosts());
      while (!isHeld(views.records().hosts(), self, wanted)) {
        waiter.await(writer.hold(self, wanted));
      }
      return Optional.empty();
    } catch (ApiException refused) {
      return Optional.of(Verdict.of(refused));
    }
  }

  private static boolean isHeld(HostTable table, OwnerRecord self, Set<String> wanted) {
    HostGoalRecord none = HostGoalRecord.getDefaultInstance();
    boolean allHeld =
        wanted.stream()
            .filter(host -> table.host(host).isPresent())
            .allMatch(host -> HostWriter.isHeldBy(table.goals().getOrDefault(host, none), self));
    return allHeld
        && table.goals().entrySet().stream()
            .filter(goal -> !wanted.contains(goal.getKey()))
            .noneMatch(goal -> HostWriter.isHeldBy(goal.getValue(), self));
  }

  private void show(HostMaintenance resource, boolean deleting, Optional<Verdict> hindrance) {
    Map<String, HostState> states = new HashMap<>();
    try {
      HostTable table = views.records().hosts();
      resource
          .getSpec()
          .hosts()
          .forEach(host -> table.host(host).ifPresent(h -> states.put(host, state(h))));
      // Those that it held before are shown until they are up.
      statuses.of(resource).map(HostMaintenanceStatus::hosts).orElse(List.of()).stream()
          .map(MaintainedHost::hostname)
          .forEach(
              host ->
                  table
                      .host(host)
                      .filter(h -> state(h) != HostState.HOST_STATE_UP)
                      .ifPresent(h -> states.put(host, state(h))));
    } catch (ApiException stale) {
      log.debug("hosts cannot be read just now: {}", stale.getMessage());
    }
    HostFacts facts =
        new HostFacts(
            resource.getMetadata().getGeneration() == null
                ? 0
                : resource.getMetadata().getGeneration(),
            deleting,
            hindrance,
            states);
    statuses.write(
        resource,
        HostStatusMapper.map(statuses.of(resource), resource.getSpec(), facts, clock.instant()),
        clock.instant());
  }

  private static HostState state(HostRecord host) {
    return host.getState() == HostState.HOST_STATE_INVALID
        ? HostState.HOST_STATE_UP
        : host.getState();
  }
}
