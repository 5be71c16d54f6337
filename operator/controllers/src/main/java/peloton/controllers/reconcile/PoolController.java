package peloton.controllers.reconcile;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.UpdateResourcePoolRequest;
import peloton.controllers.job.Holder;
import peloton.controllers.pool.PoolDecider;
import peloton.controllers.pool.PoolSeen;
import peloton.controllers.pool.PoolStep;
import peloton.controllers.spec.Mapped;
import peloton.controllers.spec.PoolSpecMapper;
import peloton.controllers.status.PoolFacts;
import peloton.controllers.status.PoolStatusMapper;
import peloton.controllers.status.Reason;
import peloton.controllers.status.Verdict;
import peloton.crds.ResourcePool;
import peloton.crds.pool.ResourcePoolStatus;
import peloton.crds.status.DeletionPolicy;
import peloton.desired.ApiException;
import peloton.desired.admin.Lockdowns;
import peloton.desired.owner.Ownership;
import peloton.desired.owner.Requester;
import peloton.desired.pool.PoolTree;
import peloton.desired.pool.PoolWriter;
import peloton.records.OwnerRecord;
import peloton.records.ResourcePoolRecord;
import peloton.store.view.Records;

/** Brings resource pools to what ResourcePools ask for, and says in these what came of it. */
public final class PoolController implements Passes<ResourcePool> {
  private static final Logger log = LoggerFactory.getLogger(PoolController.class);
  private static final int MOST_STEPS = 10;
  private static final Duration MOMENT = Duration.ofMillis(500);

  private final String cluster;
  private final Views views;
  private final PoolWriter writer;
  private final Waiter waiter;
  private final CustomResources resources;
  private final Followers followers;
  private final InstantSource clock;
  private final Statuses<ResourcePoolStatus> statuses;

  /**
   * @param cluster what the Kubernetes cluster is called in the records of owners
   */
  public PoolController(
      String cluster,
      Views views,
      PoolWriter writer,
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
    this.statuses = new Statuses<>(resources, ResourcePoolStatus::conditions);
  }

  @Override
  public boolean isNews(ResourcePool before, ResourcePool now) {
    return News.is(before, now) || !statuses.isShownBy(now);
  }

  @Override
  public void forget(ResourcePool resource) {
    followers.forget(ResourceKey.of(resource));
    statuses.forget(resource);
  }

  @Override
  public Optional<Duration> pass(ResourcePool resource) {
    if (Finalizer.isDeleting(resource) && !Finalizer.isOn(resource)) {
      forget(resource);
      return Optional.empty();
    }
    try {
      if (!Finalizer.isOn(resource)) {
        resources.addFinalizer(resource);
      }
      followers.followPools(ResourceKey.of(resource), true);
      followers.followLoad(ResourceKey.of(resource));
      Settled settled = settle(resource);
      if (settled.released()) {
        resources.removeFinalizer(resource);
        forget(resource);
        return Optional.empty();
      }
      show(resource, settled);
      return settled.again();
    } catch (ResourceConflictException changed) {
      log.debug("{} has changed meanwhile: {}", ResourceKey.of(resource), changed.getMessage());
      return Optional.of(MOMENT);
    }
  }

  private Settled settle(ResourcePool resource) {
    try {
      for (int step = 0; step < MOST_STEPS; step++) {
        Optional<Settled> settled = step(resource);
        if (settled.isPresent()) {
          return settled.get();
        }
      }
      return Settled.hindered(
          Reason.StoreUnavailable, "others write to the same pool again and again; trying on");
    } catch (ApiException refused) {
      if (refused.code() == ApiException.Code.INTERNAL) {
        log.warn("{}: a write failed", ResourceKey.of(resource), refused);
      }
      return Settled.hindered(Verdict.of(refused));
    } catch (CancellationException | ResourceConflictException ended) {
      throw ended;
    } catch (RuntimeException fault) {
      log.error("{}: a pass failed", ResourceKey.of(resource), fault);
      return Settled.hindered(Reason.InternalError, String.valueOf(fault));
    }
  }

  /** Makes one write; says where it came to once there is none to make. */
  private Optional<Settled> step(ResourcePool resource) {
    Records records = views.records();
    if (Lockdowns.contains(records, Component.Write)) {
      return Optional.of(
          Settled.hindered(Reason.LockedDown, "writes are locked down; waiting for the end of it"));
    }
    PoolTree tree = PoolTree.of(records);
    OwnerRecord self = Identity.owner(cluster, resource);
    Optional<ResourcePoolRecord> pool = find(records, tree, resource, self);
    boolean deleting = Finalizer.isDeleting(resource);
    String path = resource.getSpec().path();
    Optional<String> parent =
        pool.map(found -> found.getSpec().getParent().getValue())
            .or(() -> tree.lookup(PoolSpecMapper.parentPath(path)));
    Mapped<ResourcePoolSpec> mapped = PoolSpecMapper.pool(resource.getSpec(), parent.orElse(""));
    if (!deleting && !mapped.violations().isEmpty()) {
      return Optional.of(Settled.hindered(Verdict.of(mapped.violations())));
    }
    PoolStep step =
        PoolDecider.decide(
            new PoolDecider.Ask(
                deleting,
                DeletionPolicy.Orphan.name().equals(resource.getSpec().deletionPolicy()),
                Boolean.TRUE.equals(resource.getSpec().adopt()),
                parent.isPresent()),
            pool.map(found -> seen(tree, found, self, mapped.message())));
    String id = pool.map(ResourcePoolRecord::getId).orElseGet(() -> Identity.id(resource));
    return take(step, resource, id, pool, mapped.message(), self);
  }

  private PoolSeen seen(
      PoolTree tree, ResourcePoolRecord pool, OwnerRecord self, ResourcePoolSpec asked) {
    return new PoolSeen(
        Holder.of(self, owner(pool)),
        PoolWriter.same(pool, asked),
        !tree.children(pool.getId()).isEmpty()
            || views.pool(pool.getId()).map(view -> view.jobs() > 0).orElse(false));
  }

  private Optional<Settled> take(
      PoolStep step,
      ResourcePool resource,
      String id,
      Optional<ResourcePoolRecord> pool,
      ResourcePoolSpec spec,
      OwnerRecord self) {
    PoolWriter own = writer.as(new Requester.Resource(self));
    ResourcePoolID poolId = ResourcePoolID.newBuilder().setValue(id).build();
    String path = resource.getSpec().path();
    String held =
        pool.flatMap(PoolController::owner).map(Ownership::describe).orElse("no resource");
    return switch (step) {
      case NOTHING -> Optional.of(Settled.DONE);
      case RELEASE -> Optional.of(Settled.RELEASED);
      case AWAIT_PARENT ->
          Optional.of(
              Settled.hindered(
                  Reason.ParentPoolNotFound,
                  "waiting for a resource pool at " + PoolSpecMapper.parentPath(path)));
      case ADOPTION_REQUIRED ->
          Optional.of(
              Settled.hindered(
                  Reason.AdoptionRequired,
                  "there is a pool at "
                      + path
                      + " already, which belongs to "
                      + held
                      + "; set spec.adopt to take it over"));
      case NOT_OWNED ->
          Optional.of(
              Settled.hindered(Reason.NotOwned, "the pool at " + path + " belongs to " + held));
      case AWAIT_EMPTY ->
          Optional.of(
              Settled.hindered(
                  Reason.PoolInUse,
                  "waiting until the pool at " + path + " has no jobs and no child pools"));
      case CREATE -> {
        waiter.await(
            own.create(
                CreateResourcePoolRequest.newBuilder().setRespoolId(poolId).setSpec(spec).build()));
        yield Optional.empty();
      }
      case UPDATE -> {
        waiter.await(
            own.update(
                UpdateResourcePoolRequest.newBuilder().setRespoolId(poolId).setSpec(spec).build()));
        yield Optional.empty();
      }
      case ADOPT -> {
        waiter.await(own.claim(id));
        yield Optional.empty();
      }
      case DISOWN -> {
        waiter.await(own.disown(id));
        yield Optional.empty();
      }
      case DELETE -> delete(own, poolId);
    };
  }

  private Optional<Settled> delete(PoolWriter own, ResourcePoolID pool) {
    try {
      waiter.await(own.delete(DeleteResourcePoolRequest.newBuilder().setRespoolId(pool).build()));
      return Optional.empty();
    } catch (ApiException refused) {
      return switch (refused.code()) {
        case NOT_FOUND -> Optional.empty();
        case FAILED_PRECONDITION, INVALID_ARGUMENT ->
            Optional.of(Settled.hindered(Reason.PoolInUse, refused.getMessage()));
        default -> throw refused;
      };
    }
  }

  /** The pool that is the resource's own, or else the one that is where it should be. */
  private Optional<ResourcePoolRecord> find(
      Records records, PoolTree tree, ResourcePool resource, OwnerRecord self) {
    Optional<ResourcePoolRecord> byId = tree.pool(Identity.id(resource));
    return byId.or(
            () ->
                records.pools().values().stream()
                    .filter(pool -> Holder.of(self, owner(pool)) == Holder.SELF)
                    .findFirst())
        .or(() -> tree.lookup(resource.getSpec().path()).flatMap(tree::pool));
  }

  private static Optional<OwnerRecord> owner(ResourcePoolRecord pool) {
    return pool.hasOwner() ? Optional.of(pool.getOwner()) : Optional.empty();
  }

  private void show(ResourcePool resource, Settled settled) {
    Optional<Views.PoolView> view = view(resource);
    PoolFacts facts =
        new PoolFacts(
            resource.getMetadata().getGeneration() == null
                ? 0
                : resource.getMetadata().getGeneration(),
            Finalizer.isDeleting(resource),
            settled.hindrance(),
            view.map(Views.PoolView::info),
            view.map(Views.PoolView::jobs).orElse(0),
            view.map(Views.PoolView::entitlement).orElse(Map.of()));
    statuses.write(
        resource,
        PoolStatusMapper.map(statuses.of(resource), facts, clock.instant()),
        clock.instant());
  }

  /** The pool as the API shows it, if it is the resource's own. */
  private Optional<Views.PoolView> view(ResourcePool resource) {
    try {
      Records records = views.records();
      OwnerRecord self = Identity.owner(cluster, resource);
      return find(records, PoolTree.of(records), resource, self)
          .filter(pool -> Holder.of(self, owner(pool)) == Holder.SELF)
          .flatMap(pool -> views.pool(pool.getId()));
    } catch (ApiException stale) {
      return Optional.empty();
    }
  }
}
