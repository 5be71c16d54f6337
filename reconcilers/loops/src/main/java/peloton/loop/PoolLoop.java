package peloton.loop;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.mesos.v1.Protos.Offer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.admission.PoolBook;
import peloton.admission.PoolDefinition;
import peloton.admission.PoolState;
import peloton.admission.Refusal;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.desired.pool.PoolTree;
import peloton.entitlement.Amounts;
import peloton.entitlement.ResourceKind;
import peloton.pod.PodPhase;
import peloton.records.PodRecord;
import peloton.records.PoolUsageRecord;
import peloton.records.WaitingGroupRecord;
import peloton.records.WaitingStage;
import peloton.store.Timers;
import peloton.store.view.RecordKey;

/**
 * Stands between pods that want to run and placement: lets in whom their resource pools have room
 * for, and takes pods back from pools that have more than they may keep while others wait.
 *
 * <p>Nothing is decided by what it stores: what pods use follows from their records, and who waits
 * from goals.
 */
final class PoolLoop implements WaitingSource {
  private static final Logger log = LoggerFactory.getLogger(PoolLoop.class);

  /** How long other pools than the one that changed may wait until they are looked at. */
  private static final Duration SWEEP = Duration.ofMillis(100);

  /** How often pools are looked over as long as something changes. */
  private static final Duration REVIEW = Duration.ofSeconds(1);

  /** How often it is written at most how the pools stand. */
  private static final Duration REPORT = Duration.ofSeconds(3);

  /** While pods wait for their pools: how often agents are looked for that make no offers. */
  private static final Duration LOOK_AROUND = Duration.ofSeconds(30);

  private final Desk desk;
  private final PlacementLoop placement;
  private final Timers timers;
  private final Consumer<Runnable> later;
  private final PoolSettings settings;
  private final Function<String, JobRuntime> jobs;
  private final Evictor evictor;
  private final OfferedCapacity capacity = new OfferedCapacity();
  private final PoolBook<PodName> book;
  private final Map<PodName, Waiting> waiting = new HashMap<>();
  private long reportedAt;
  private boolean changed;
  private boolean sweepScheduled;
  private boolean reviewScheduled;
  private boolean lookScheduled;

  /** Ends the tasks of pods that must go. */
  interface Evictor {
    /** Whether pods may be killed at all just now. */
    boolean mayKill();

    void preempt(JobRuntime job, PodName pod);
  }

  /** What a pod that has no task yet is to be placed with, and since when it is here. */
  private record Waiting(PodSpec spec, String host, long since) {}

  PoolLoop(
      Desk desk,
      PlacementLoop placement,
      Timers timers,
      Consumer<Runnable> later,
      PoolSettings settings,
      Function<String, JobRuntime> jobs,
      Evictor evictor) {
    this.desk = desk;
    this.placement = placement;
    this.timers = timers;
    this.later = later;
    this.settings = settings;
    this.jobs = jobs;
    this.evictor = evictor;
    this.book =
        new PoolBook<>(
            PoolTree.ROOT,
            Comparator.comparing(PodName::job).thenComparingInt(PodName::instance),
            settings.patience());
    redefine();
  }

  /** The pools are others, or have changed. */
  void redefine() {
    book.define(
        desk.records().pools().values().stream()
            .map(pool -> PoolDefinition.of(pool.getId(), pool.getSpec()))
            .toList());
    changed = true;
  }

  // ---- pods --------------------------------------------------------------------------

  /**
   * A pod wants to run.
   *
   * @param pod the run that waits, or null if there has been none
   * @param host where it should run again; "" for anywhere
   */
  void submit(JobRuntime job, PodName name, PodRecord pod, PodSpec spec, String host) {
    long version = pod == null ? PodFacts.version(job.entry(), null) : pod.getVersion();
    boolean in =
        book.submit(name, job.pool(), job.podClass(name.instance(), version), waitsSince(job, pod));
    changed = true;
    Waiting before = waiting.get(name);
    waiting.put(name, new Waiting(spec, host, before == null ? desk.now() : before.since()));
    if (in) {
      placement.submit(name, spec, host);
    } else {
      placement.withdraw(name);
    }
  }

  /** Since when a pod waits, as far as it can be told after a restart, too. */
  private static long waitsSince(JobRuntime job, PodRecord pod) {
    return pod == null ? job.entry().goal().getUpdatedAt() : pod.getUpdatedAt();
  }

  /** The next containers of a run are to be launched; its pool is charged for them already. */
  void submitStage(PodName name, String agentId) {
    placement.submitStage(name, agentId);
  }

  /** A pod does not want to run any more. */
  void withdraw(PodName name) {
    waiting.remove(name);
    placement.withdraw(name);
    book.withdraw(name);
    changed = true;
  }

  /** A pod's record has changed: who has a task is charged for it. */
  void podMoved(JobRuntime job, PodName name, PodRecord before, PodRecord after) {
    placement.podMoved(name, before, after);
    boolean had = PodPhase.of(before).mayHaveTask();
    boolean has = PodPhase.of(after).mayHaveTask();
    if (!had && !has) {
      return;
    }
    changed = true;
    Amounts gave = had ? book.need(name) : Amounts.NONE;
    Amounts takes = Amounts.NONE;
    if (has) {
      waiting.remove(name);
      book.placed(
          name,
          job.pool(),
          job.podClass(name.instance(), after.getVersion()),
          after.getCreatedAt(),
          PodPhase.of(after) == PodPhase.KILLING);
      takes = book.need(name);
    } else {
      book.ended(name);
    }
    if (!had || !has || gave != takes || !before.getAgentId().equals(after.getAgentId())) {
      capacity.used(had ? before.getAgentId() : "", gave, -1);
      capacity.used(has ? after.getAgentId() : "", takes, 1);
    }
  }

  /** How many pods wait for their pools. */
  int waiting() {
    return book.waiting();
  }

  @Override
  public void forEachWaiting(Visitor visitor) {
    if (book.waiting() == 0) {
      return;
    }
    waiting.forEach(
        (pod, one) ->
            book.whyWaiting(pod).ifPresent(refusal -> visitor.waits(pod, one.since(), refusal)));
  }

  @Override
  public WaitingGroupRecord why(Object cause) {
    Refusal refusal = (Refusal) cause;
    return WaitingGroupRecord.newBuilder()
        .setStage(WaitingStage.WAITING_STAGE_ADMISSION)
        .setReason("POOL_" + refusal.rule().name().replaceFirst("^POOL_", ""))
        .setMessage(refusal.describe())
        .build();
  }

  // ---- the cluster -------------------------------------------------------------------

  void offered(List<Offer> offers) {
    capacity.offered(offers);
    changed = true;
  }

  void agentLost(String agent) {
    capacity.lost(agent);
    changed = true;
  }

  // ---- turns -------------------------------------------------------------------------

  /** Lets in whom there is room for; to be called when everything that changed is known. */
  void settle() {
    if (!changed) {
      return;
    }
    changed = false;
    admit(false);
    if (book.isOverlooked() && !sweepScheduled) {
      sweepScheduled = true;
      timers.schedule(
          SWEEP,
          () ->
              later.accept(
                  () -> {
                    sweepScheduled = false;
                    admit(true);
                  }));
    }
    scheduleReview();
    lookAround();
  }

  private void admit(boolean everywhere) {
    book.capacity(capacity.total());
    for (PodName name : book.admit(everywhere, desk.now())) {
      Waiting one = waiting.get(name);
      placement.submit(name, one.spec(), one.host());
    }
  }

  private void scheduleReview() {
    if (!reviewScheduled) {
      reviewScheduled = true;
      timers.schedule(REVIEW, () -> later.accept(this::review));
    }
  }

  private void review() {
    reviewScheduled = false;
    book.capacity(capacity.total());
    if (evictor.mayKill()) {
      takeBack();
    }
    if (!report() || book.isAnyOver()) {
      scheduleReview();
    }
  }

  /**
   * Writes how the pools stand, for replicas to show; each pool when it has changed, and all not
   * more often than people can read.
   *
   * @return whether all is written
   */
  private boolean report() {
    if (desk.now() - reportedAt < REPORT.toNanos()) {
      return false;
    }
    reportedAt = desk.now();
    Map<String, PoolUsageRecord> written = desk.records().poolUsages();
    Set<String> gone = new HashSet<>(written.keySet());
    for (PoolState state : book.states()) {
      gone.remove(state.id());
      PoolUsageRecord usage = usage(state);
      PoolUsageRecord before = written.get(state.id());
      if (before == null || !before.toBuilder().clearUpdatedAt().build().equals(usage)) {
        desk.change()
            .put(
                new RecordKey.PoolUsage(state.id()),
                usage.toBuilder().setUpdatedAt(desk.now()).build())
            .commit();
      }
    }
    gone.forEach(id -> desk.change().delete(new RecordKey.PoolUsage(id)).commit());
    return true;
  }

  private static PoolUsageRecord usage(PoolState state) {
    PoolUsageRecord.Builder usage = PoolUsageRecord.newBuilder();
    for (ResourceKind kind : ResourceKind.values()) {
      usage
          .addAllocation(state.allocation().get(kind))
          .addSlack(state.slack().get(kind))
          .addDemand(state.demand().get(kind))
          .addEntitlement(state.entitlement().get(kind));
    }
    return usage.build();
  }

  private void takeBack() {
    List<PoolBook.Taken<PodName>> taken =
        book.takeBack(desk.now(), settings.hold(), this::roomForLoss, PodName::job);
    for (PoolBook.Taken<PodName> each : taken) {
      JobRuntime job = jobs.apply(each.pod().job());
      if (job == null) {
        continue;
      }
      changed = true;
      if (each.placed()) {
        log.info("pod {} is preempted: its resource pool must give back", each.pod());
        evictor.preempt(job, each.pod());
      } else {
        placement.withdraw(each.pod());
      }
    }
  }

  /** How many more pods of the pod's job may be unavailable. */
  private int roomForLoss(PodName pod) {
    JobRuntime job = jobs.apply(pod.job());
    return job == null ? Integer.MAX_VALUE : job.roomForLoss();
  }

  /** Agents that have come since offers were last wanted are not known: ask for offers again. */
  private void lookAround() {
    if (book.waiting() > 0 && !lookScheduled) {
      lookScheduled = true;
      timers.schedule(
          LOOK_AROUND,
          () ->
              later.accept(
                  () -> {
                    lookScheduled = false;
                    if (book.waiting() > 0) {
                      placement.lookAround();
                      lookAround();
                    }
                  }));
    }
  }
}
