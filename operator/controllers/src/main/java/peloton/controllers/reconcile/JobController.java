package peloton.controllers.reconcile;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.controllers.job.Holder;
import peloton.controllers.job.JobAsk;
import peloton.controllers.job.JobDecider;
import peloton.controllers.job.JobSeen;
import peloton.controllers.job.JobStep;
import peloton.controllers.spec.JobSpecMapper;
import peloton.controllers.spec.Mapped;
import peloton.controllers.status.JobFacts;
import peloton.controllers.status.JobStatusMapper;
import peloton.controllers.status.Reason;
import peloton.controllers.status.Verdict;
import peloton.crds.StatelessJob;
import peloton.crds.job.StatelessJobSpec;
import peloton.crds.job.StatelessJobStatus;
import peloton.desired.ApiException;
import peloton.desired.admin.Lockdowns;
import peloton.desired.job.JobSnapshot;
import peloton.desired.job.JobWriter;
import peloton.desired.owner.Ownership;
import peloton.desired.pool.PoolTree;
import peloton.records.OwnerRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/** Brings jobs to what StatelessJobs ask for, and says in these what came of it. */
public final class JobController implements Passes<StatelessJob> {
  private static final Logger log = LoggerFactory.getLogger(JobController.class);

  /** More steps than any resource needs; whoever takes more quarrels with somebody. */
  private static final int MOST_STEPS = 10;

  private static final Duration MOMENT = Duration.ofMillis(500);
  private static final Duration AFTER_PATIENCE = JobSeen.PATIENCE.plusSeconds(1);

  private final String cluster;
  private final Views views;
  private final JobRequester requester;
  private final CustomResources resources;
  private final Followers followers;
  private final InstantSource clock;
  private final Statuses<StatelessJobStatus> statuses;

  /**
   * @param cluster what the Kubernetes cluster is called in the records of owners
   */
  public JobController(
      String cluster,
      Views views,
      JobWriter writer,
      Waiter waiter,
      CustomResources resources,
      Followers followers,
      InstantSource clock) {
    this.cluster = cluster;
    this.views = views;
    this.requester = new JobRequester(writer, waiter);
    this.resources = resources;
    this.followers = followers;
    this.clock = clock;
    this.statuses = new Statuses<>(resources, StatelessJobStatus::conditions);
  }

  @Override
  public boolean isNews(StatelessJob before, StatelessJob now) {
    return News.is(before, now) || !statuses.isShownBy(now);
  }

  @Override
  public void forget(StatelessJob resource) {
    followers.forget(ResourceKey.of(resource));
    statuses.forget(resource);
  }

  @Override
  public Optional<Duration> pass(StatelessJob resource) {
    if (Finalizer.isDeleting(resource) && !Finalizer.isOn(resource)) {
      forget(resource);
      return Optional.empty();
    }
    try {
      if (!Finalizer.isOn(resource)) {
        resources.addFinalizer(resource);
      }
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

  private Settled settle(StatelessJob resource) {
    try {
      for (int step = 0; step < MOST_STEPS; step++) {
        Optional<Settled> settled = step(resource);
        if (settled.isPresent()) {
          return settled.get();
        }
      }
      return Settled.hindered(
          Reason.StoreUnavailable, "others write to the same job again and again; trying on");
    } catch (ApiException refused) {
      if (refused.code() == ApiException.Code.INTERNAL) {
        log.warn("{}: a write failed", ResourceKey.of(resource), refused);
      }
      return Settled.hindered(Verdict.of(refused));
    } catch (CancellationException stopping) {
      throw stopping;
    } catch (ResourceConflictException changed) {
      throw changed;
    } catch (RuntimeException fault) {
      log.error("{}: a pass failed", ResourceKey.of(resource), fault);
      return Settled.hindered(Reason.InternalError, String.valueOf(fault));
    }
  }

  /** Makes one write; says where it came to once there is none to make. */
  private Optional<Settled> step(StatelessJob resource) {
    Records records = views.records();
    ResourceKey key = ResourceKey.of(resource);
    if (Lockdowns.contains(records, Component.Write)) {
      followers.followJob(key, jobId(resource));
      return Optional.of(
          Settled.hindered(Reason.LockedDown, "writes are locked down; waiting for the end of it"));
    }
    String id = jobId(resource);
    followers.followJob(key, id);
    JobEntry entry = records.job(id);
    Optional<JobSnapshot> job = Optional.ofNullable(entry).flatMap(JobSnapshot::of);
    if (entry != null && job.isEmpty()) {
      // Coming, or being erased.
      return Optional.of(Settled.waiting(MOMENT));
    }
    boolean deleting = Finalizer.isDeleting(resource);
    OwnerRecord self = Identity.owner(cluster, resource);
    Optional<OwnerRecord> owner = job.flatMap(JobSnapshot::owner);
    Optional<OwnerRecord> before =
        owner.filter(held -> Ownership.same(self, held) || Ownership.succeeds(self, held));
    Optional<String> pool =
        job.map(found -> found.spec().getRespoolId().getValue())
            .or(() -> PoolTree.of(records).lookup(resource.getSpec().respool()));
    followers.followPools(key, job.isEmpty());
    Mapped<JobSpec> mapped =
        JobSpecMapper.job(
            key.name(),
            resource.getSpec(),
            pool.orElse(""),
            job.map(found -> OptionalInt.of(found.spec().getInstanceCount()))
                .orElse(OptionalInt.empty()));
    if (!deleting && !mapped.violations().isEmpty()) {
      return Optional.of(Settled.hindered(Verdict.of(mapped.violations())));
    }
    JobAsk ask =
        JobAsk.of(
            resource.getSpec(),
            mapped.message(),
            deleting,
            before.map(OwnerRecord::getHandledRestart),
            before.map(OwnerRecord::getHandledAbort));
    if (job.isEmpty() && wasAdopted(resource, id)) {
      ask = ask.withoutAdoption();
    }
    JobStep next =
        JobDecider.decide(
            ask, job.map(found -> JobSeen.of(found, self, ask(mapped), clock.instant())));
    return take(
        next, new JobRequester.Job(id, job, ask, resource.getSpec(), self, before), pool, records);
  }

  private static JobSpec ask(Mapped<JobSpec> mapped) {
    return mapped.message();
  }

  private Optional<Settled> take(
      JobStep step, JobRequester.Job job, Optional<String> pool, Records records) {
    String held =
        job.found().flatMap(JobSnapshot::owner).map(Ownership::describe).orElse("no resource");
    return switch (step) {
      case NOTHING -> Optional.of(Settled.DONE);
      case RELEASE -> Optional.of(Settled.RELEASED);
      case AWAIT_DELETION -> Optional.of(Settled.waiting(AFTER_PATIENCE));
      case MISSING ->
          Optional.of(
              Settled.hindered(
                  Reason.AdoptedJobNotFound,
                  "spec.adoptJobId: there is no job " + job.id() + " to take over"));
      case ADOPTION_REQUIRED ->
          Optional.of(
              Settled.hindered(
                  Reason.AdoptionRequired,
                  "job "
                      + job.id()
                      + " is there already and belongs to "
                      + held
                      + "; to take it over, create a resource with spec.adoptJobId"));
      case NOT_OWNED ->
          Optional.of(Settled.hindered(Reason.NotOwned, "job " + job.id() + " belongs to " + held));
      case ADOPT -> adopt(job, records);
      case CREATE -> {
        if (pool.isEmpty()) {
          yield Optional.of(
              Settled.hindered(
                  Reason.ResourcePoolNotFound,
                  "waiting for a resource pool at " + job.given().respool()));
        }
        requester.make(step, job);
        yield Optional.empty();
      }
      case REPLACE,
          START,
          STOP,
          RESTART,
          PAUSE,
          RESUME,
          ABORT,
          NOTHING_TO_ABORT,
          DELETE,
          DISOWN -> {
        requester.make(step, job);
        yield Optional.empty();
      }
    };
  }

  private Optional<Settled> adopt(JobRequester.Job job, Records records) {
    String pool = job.found().orElseThrow().spec().getRespoolId().getValue();
    String path = PoolTree.of(records).path(pool).orElse("no path");
    if (!path.equals(job.given().respool())) {
      return Optional.of(
          Settled.hindered(
              Reason.InvalidSpec,
              "spec.respool: given "
                  + job.given().respool()
                  + ", but job "
                  + job.id()
                  + " is in the pool at "
                  + path
                  + " and stays there"));
    }
    requester.make(JobStep.ADOPT, job);
    return Optional.empty();
  }

  /** The job that a resource stands for: adopted once, it stays that one. */
  private String jobId(StatelessJob resource) {
    StatelessJobSpec spec = resource.getSpec();
    return spec.adoptJobId() != null
        ? spec.adoptJobId().toLowerCase(java.util.Locale.ROOT)
        : followers
            .adoptedBy(resource.getMetadata().getUid())
            .orElseGet(() -> Identity.id(resource));
  }

  /** A job that was taken over and is gone was deleted by somebody else: it is created again. */
  private static boolean wasAdopted(StatelessJob resource, String id) {
    return resource.getStatus() != null && id.equals(resource.getStatus().jobId());
  }

  private void show(StatelessJob resource, Settled settled) {
    OwnerRecord self = Identity.owner(cluster, resource);
    Optional<JobEntry> entry = currentJob(jobId(resource));
    Optional<OwnerRecord> owner = entry.flatMap(JobSnapshot::of).flatMap(JobSnapshot::owner);
    boolean own = Holder.of(self, owner) == Holder.SELF;
    Optional<Views.JobView> view = own ? entry.flatMap(views::job) : Optional.empty();
    JobFacts facts =
        new JobFacts(
            resource.getMetadata().getGeneration() == null
                ? 0
                : resource.getMetadata().getGeneration(),
            Finalizer.isDeleting(resource),
            settled.hindrance(),
            view.map(Views.JobView::info),
            view.map(Views.JobView::readyPods).orElse(0),
            view.map(Views.JobView::updatedPods).orElse(0),
            owner.filter(o -> own).map(OwnerRecord::getHandledRestart).filter(t -> !t.isEmpty()),
            owner.filter(o -> own).map(OwnerRecord::getHandledAbort).filter(t -> !t.isEmpty()));
    statuses.write(
        resource,
        JobStatusMapper.map(statuses.of(resource), facts, clock.instant()),
        clock.instant());
  }

  private Optional<JobEntry> currentJob(String id) {
    try {
      return Optional.ofNullable(views.records().job(id));
    } catch (ApiException stale) {
      return Optional.empty();
    }
  }
}
