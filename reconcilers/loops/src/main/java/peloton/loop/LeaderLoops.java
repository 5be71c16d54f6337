package peloton.loop;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.ids.PodName;
import peloton.api.ids.TaskId;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.desired.admin.Lockdowns;
import peloton.desired.secret.SecretSource;
import peloton.loop.LoopMeter.Count;
import peloton.loop.LoopMeter.Level;
import peloton.mesos.driver.MesosCalls;
import peloton.mesos.driver.MesosEvents;
import peloton.mesos.driver.MesosOperatorApi;
import peloton.pod.Eviction;
import peloton.records.FrameworkRecord;
import peloton.records.JobGoalRecord;
import peloton.records.LockdownRecord;
import peloton.records.PodRecord;
import peloton.records.ResourcePoolRecord;
import peloton.store.Timers;
import peloton.store.commit.ActualWriter;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordChange;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;
import peloton.store.view.ViewListener;

/**
 * The loops of one term of leadership. Made when a replica is elected, attached to its view, and
 * thrown away at the end of the term: all that must last is in etcd.
 *
 * <p>The methods of {@link MesosEvents} and {@link ViewListener} may be called from any thread;
 * they hand over to the control executor, which must run one task at a time, in order.
 */
public final class LeaderLoops implements MesosEvents, ViewListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaderLoops.class);
  private static final Duration RETRY_JOB = Duration.ofSeconds(10);

  /** How a term ends from within. */
  public interface TermEnd {
    /** This replica must not lead any longer. */
    void abdicate(String why);
  }

  private final Executor control;
  private final ActualWriter writer;
  private final MesosCalls calls;
  private final MesosOperatorApi operatorApi;
  private final Rollbacks rollbacks;
  private final SecretSource secrets;
  private final Timers timers;
  private final InstantSource clock;
  private final LoopSettings settings;
  private final TermEnd termEnd;
  private final LoopMeter meter;
  private final Map<String, AgentAddress> agents = new ConcurrentHashMap<>();

  private volatile Optional<FrameworkRecord> framework = Optional.empty();
  private volatile boolean closed;

  private Core core;

  public LeaderLoops(
      Executor control,
      ActualWriter writer,
      MesosCalls calls,
      MesosOperatorApi operatorApi,
      Rollbacks rollbacks,
      SecretSource secrets,
      Timers timers,
      InstantSource clock,
      LoopSettings settings,
      LoopMeter meter,
      TermEnd termEnd) {
    this.control = control;
    this.writer = writer;
    this.calls = calls;
    this.operatorApi = operatorApi;
    this.rollbacks = rollbacks;
    this.secrets = secrets;
    this.timers = timers;
    this.clock = clock;
    this.settings = settings;
    this.meter = meter;
    this.termEnd = termEnd;
  }

  /**
   * What the next subscription says; carries the framework id as soon as there is one. Empty while
   * a person must decide, since Mesos removed the framework.
   */
  public Optional<FrameworkInfo> frameworkInfo() {
    Optional<FrameworkRecord> known = framework;
    return known.isPresent() && known.get().getRemovedAt() != 0
        ? Optional.empty()
        : Optional.of(settings.framework().info(known.map(FrameworkRecord::getFrameworkId)));
  }

  /** The framework id, once Mesos gave one. */
  public Optional<String> frameworkId() {
    return framework.map(FrameworkRecord::getFrameworkId);
  }

  /** The addresses of the agents that have made offers, by agent id. */
  public Map<String, AgentAddress> agents() {
    return Collections.unmodifiableMap(agents);
  }

  /**
   * Where pods would go if they were placed now; changes nothing. Fails with {@link
   * IllegalStateException} if the term is over or has not begun.
   */
  public CompletableFuture<PlacementPlan> plan(PlacementPlan.Question question) {
    CompletableFuture<PlacementPlan> plan = new CompletableFuture<>();
    control.execute(
        () -> {
          if (closed || core == null) {
            plan.completeExceptionally(new IllegalStateException("the loops do not run"));
            return;
          }
          try {
            plan.complete(core.placement.plan(question));
          } catch (RuntimeException e) {
            plan.completeExceptionally(e);
          }
        });
    return plan;
  }

  // ---- the view ----------------------------------------------------------------------

  @Override
  public void onSnapshot(Records records, long revision) {
    Records copy = records.copy();
    framework = copy.framework();
    run(() -> begin(copy));
  }

  @Override
  public void onChanges(List<RecordChange> changes, long revision) {
    run(
        () -> {
          for (RecordChange change : changes) {
            core.desired(change);
          }
          core.settle();
        });
  }

  private void begin(Records records) {
    if (core == null) {
      core = new Core(records);
      core.adoptAll();
    } else {
      core.resync(records);
    }
    core.settle();
  }

  // ---- Mesos -------------------------------------------------------------------------

  @Override
  public void event(Event event) {
    run(
        () -> {
          core.mesos(event);
          core.settle();
        });
  }

  @Override
  public void disconnected(Disconnection disconnection) {
    run(
        () -> {
          log.warn("no subscription: {} ({})", disconnection.kind(), disconnection.detail());
          core.session.disconnected();
          meter.set(Level.SUBSCRIBED, 0);
          switch (disconnection.kind()) {
            case RETRYING, REFUSED -> {}
            case FAILED_OVER ->
                termEnd.abdicate("another scheduler subscribed with this framework's id");
            case REMOVED -> {
              core.session.removed();
              framework = core.desk.records().framework();
            }
          }
        });
  }

  /** Runs on the control thread, unless the term is over. */
  private void run(Runnable task) {
    control.execute(
        () -> {
          meter.change(Level.QUEUED_TURNS, -1);
          if (closed) {
            return;
          }
          long begun = timers.nanoTime();
          try {
            task.run();
            meter.add(Count.TURNS);
            meter.add(Count.BUSY_NANOS, timers.nanoTime() - begun);
          } catch (RuntimeException e) {
            // What is in memory can no longer be trusted; what is in etcd can.
            log.error("the loops failed and begin anew from etcd", e);
            closed = true;
            termEnd.abdicate("the loops failed: " + e);
          } catch (Error e) {
            // The process itself is in doubt: whoever watches over the thread ends it.
            closed = true;
            termEnd.abdicate("the loops failed: " + e);
            throw e;
          }
        });
    meter.change(Level.QUEUED_TURNS, 1);
  }

  @Override
  public void close() {
    closed = true;
    control.execute(
        () -> {
          if (core != null) {
            core.close();
          }
          meter.termEnded();
        });
  }

  /** The loops and what they share; everything in it belongs to the control thread. */
  private final class Core
      implements PlacementLoop.LaunchListener, PoolLoop.Evictor, HostLoop.Hands, VolumeLoop.Hands {
    private final Desk desk;
    private final Mesos mesos;
    private final Map<String, JobRuntime> jobs = new HashMap<>();
    private final Set<String> dirty = new LinkedHashSet<>();
    private final Wakeups wakeups;
    private final HostLoop hosts;
    private final VolumeLoop volumes;
    private final PlacementLoop placement;
    private final PoolLoop pools;
    private final PodLoop pods;
    private final SessionLoop session;
    private final WorkflowLoop workflows;
    private final JobLoop jobLoop;

    private Core(Records records) {
      Consumer<Runnable> later = this::turn;
      desk = new Desk(records, writer, this::turn, clock);
      mesos = new Mesos(calls, () -> !Lockdowns.contains(desk.records(), Component.Kill), meter);
      wakeups = new Wakeups(timers, desk::now, later, this::markDirty);
      hosts =
          new HostLoop(
              desk, new Maintenance(operatorApi, desk::now), timers, later, this::job, this);
      volumes = new VolumeLoop(desk, mesos, timers, later, settings.framework(), this);
      placement =
          new PlacementLoop(
              desk, mesos, timers, later, settings, secrets, this::job, hosts, volumes, this);
      pools = new PoolLoop(desk, placement, timers, later, settings.pools(), this::job, this);
      pods = new PodLoop(desk, mesos, settings, pools, wakeups);
      session = new SessionLoop(desk, mesos, timers, later, settings, placement, pods, volumes);
      workflows = new WorkflowLoop(desk, settings, rollbacks, timers, later, dirty::add);
      jobLoop = new JobLoop(desk, workflows, pods);
      new WaitingReasons(desk, timers, later, List.of(pools, placement)).start();
      scheduleLaunchSweep();
      hosts.start();
    }

    /** One turn of the control thread: what happened, and everything that follows from it. */
    private void turn(Runnable task) {
      run(
          () -> {
            task.run();
            settle();
          });
    }

    private void adoptAll() {
      for (JobEntry entry : desk.records().jobs()) {
        for (int instance = 0; instance < entry.pods().bound(); instance++) {
          PodRecord pod = entry.pods().get(instance);
          if (pod != null) {
            pods.adopt(job(entry.id()), new PodName(entry.id(), instance), pod);
          }
        }
      }
      markEverythingDirty();
    }

    /** The job's memory, made anew when its records were; null if there are no records. */
    private JobRuntime job(String id) {
      JobEntry entry = desk.records().job(id);
      if (entry == null) {
        jobs.remove(id);
        return null;
      }
      JobRuntime job = jobs.get(id);
      if (job == null || job.entry() != entry) {
        job = new JobRuntime(entry);
        jobs.put(id, job);
        workflows.adopt(job);
      }
      return job;
    }

    private void markDirty(PodName pod) {
      JobRuntime job = job(pod.job());
      if (job != null) {
        job.markDirty(pod.instance());
        dirty.add(pod.job());
      }
    }

    /** A desired record changed; actual ones are this leader's own. */
    private void desired(RecordChange change) {
      RecordKey key = change.key();
      if (key instanceof RecordKey.JobGoal goal) {
        JobEntry before = desk.records().job(goal.job());
        JobGoalRecord old = before == null ? null : before.goal();
        desk.records().apply(change);
        JobRuntime job = job(goal.job());
        if (job != null && !sameGoal(old, job.entry().goal())) {
          job.markAllDirty();
        }
        dirty.add(goal.job());
      } else if (key instanceof RecordKey.PodGoal pod) {
        desk.records().apply(change);
        markDirty(new PodName(pod.job(), pod.instance()));
      } else if (key instanceof RecordKey.JobSpec spec) {
        desk.records().apply(change);
        dirty.add(spec.job());
      } else if (key instanceof RecordKey.WorkflowRequest request) {
        desk.records().apply(change);
        dirty.add(request.job());
      } else if (key instanceof RecordKey.Secret) {
        desk.records().apply(change);
      } else if (key instanceof RecordKey.Pool) {
        desk.records().apply(change);
        pools.redefine();
      } else if (key instanceof RecordKey.HostGoal host) {
        desk.records().apply(change);
        hosts.goalChanged(host.hostname());
      } else if (key instanceof RecordKey.HostPool) {
        desk.records().apply(change);
        hosts.poolsChanged();
      } else if (key instanceof RecordKey.VolumeGoal volume) {
        desk.records().apply(change);
        volumes.goalChanged(volume.id());
      } else if (key instanceof RecordKey.Lockdown) {
        desk.records().apply(change);
        log.info("locked down: {}", Lockdowns.of(desk.records()));
        placement.lockdownChanged();
        markEverythingDirty();
      }
    }

    /** Whether nothing changed that an instance could feel without a workflow. */
    private boolean sameGoal(JobGoalRecord a, JobGoalRecord b) {
      return a != null
          && b != null
          && a.getGoal() == b.getGoal()
          && a.getDesiredStateVersion() == b.getDesiredStateVersion()
          && a.getStoppedBelow() == b.getStoppedBelow()
          && a.getGoalWorkflow() == b.getGoalWorkflow()
          && a.getConfigurationVersion() == b.getConfigurationVersion()
          && a.getRefresh() == b.getRefresh();
    }

    /** The view was read anew: take over its desired records, keep the actual ones. */
    private void resync(Records snapshot) {
      for (JobEntry entry : List.copyOf(desk.records().jobs())) {
        desk.records().applyDeleteAll(RecordKey.desiredOf(entry.id()));
      }
      jobs.clear();
      for (JobEntry entry : snapshot.jobs()) {
        String id = entry.id();
        Records records = desk.records();
        entry.specs().forEach((v, spec) -> records.apply(new RecordKey.JobSpec(id, v), spec, 0));
        entry
            .workflowRequests()
            .forEach((n, w) -> records.apply(new RecordKey.WorkflowRequest(id, n), w, 0));
        entry.podGoals().forEach((i, g) -> records.apply(new RecordKey.PodGoal(id, i), g, 0));
        entry.secrets().forEach((s, v) -> records.apply(new RecordKey.Secret(id, s), v, 0));
        if (entry.goal() != null) {
          records.apply(new RecordKey.JobGoal(id), entry.goal(), entry.goalRevision());
        }
      }
      desk.records().apply(new RecordKey.Lockdown(), lockdown(snapshot), 0);
      Map<String, ResourcePoolRecord> before = Map.copyOf(desk.records().pools());
      before.keySet().forEach(id -> desk.records().apply(new RecordKey.Pool(id), null, 0));
      snapshot
          .pools()
          .forEach(
              (id, pool) ->
                  desk.records().apply(new RecordKey.Pool(id), pool, snapshot.poolRevision(id)));
      pools.redefine();
      Set.copyOf(desk.records().volumes().goals().keySet())
          .forEach(id -> desk.records().apply(new RecordKey.VolumeGoal(id), null, 0));
      snapshot
          .volumes()
          .goals()
          .forEach((id, goal) -> desk.records().apply(new RecordKey.VolumeGoal(id), goal, 0));
      volumes.review();
      markEverythingDirty();
    }

    private static LockdownRecord lockdown(Records snapshot) {
      return snapshot.lockdown().getComponentsCount() == 0 ? null : snapshot.lockdown();
    }

    private void markEverythingDirty() {
      for (JobEntry entry : desk.records().jobs()) {
        job(entry.id()).markAllDirty();
        dirty.add(entry.id());
      }
    }

    private void mesos(Event event) {
      switch (event.getType()) {
        case SUBSCRIBED -> {
          String id = event.getSubscribed().getFrameworkId().getValue();
          session.subscribed(id);
          meter.add(Count.SUBSCRIPTIONS);
          meter.set(Level.SUBSCRIBED, 1);
          framework = desk.records().framework();
        }
        case OFFERS -> {
          event.getOffers().getOffersList().forEach(this::rememberAgent);
          meter.add(Count.OFFERS_RECEIVED, event.getOffers().getOffersCount());
          placement.offered(event.getOffers().getOffersList());
          pools.offered(event.getOffers().getOffersList());
        }
        case RESCIND -> {
          meter.add(Count.OFFERS_RESCINDED);
          placement.rescinded(event.getRescind().getOfferId());
        }
        case UPDATE -> status(event.getUpdate().getStatus());
        case FAILURE -> {
          log.info(
              "Mesos reports a failure of agent {} executor {}",
              event.getFailure().getAgentId().getValue(),
              event.getFailure().getExecutorId().getValue());
          if (!event.getFailure().hasExecutorId()) {
            pools.agentLost(event.getFailure().getAgentId().getValue());
          }
        }
        case ERROR -> log.error("Mesos reports an error: {}", event.getError().getMessage());
        case UPDATE_OPERATION_STATUS ->
            volumes.operation(event.getUpdateOperationStatus().getStatus());
        case INVERSE_OFFERS, RESCIND_INVERSE_OFFER, MESSAGE, HEARTBEAT, UNKNOWN ->
            log.debug("event {} is of no use yet", event.getType());
      }
    }

    private void rememberAgent(Offer offer) {
      if (offer.hasUrl()) {
        var address = offer.getUrl().getAddress();
        agents.put(
            offer.getAgentId().getValue(),
            new AgentAddress(offer.getHostname(), address.getIp(), address.getPort()));
      }
    }

    private void status(TaskStatus status) {
      String taskId = status.getTaskId().getValue();
      meter.updated(status.getState());
      session.confirmed(taskId);
      if (!isAlive(status.getState())) {
        mesos.kills().answered(taskId);
        pods.forgetOrphan(taskId);
      }
      Optional<TaskId> id = TaskId.find(taskId);
      JobRuntime job = id.map(task -> job(task.pod().job())).orElse(null);
      PodLoop.Meaning meaning;
      if (id.isEmpty()) {
        mesos.acknowledge(status);
        meaning = PodLoop.Meaning.ORPHAN;
      } else {
        meaning = pods.reported(job, id.get(), status);
        if (meaning == PodLoop.Meaning.KNOWN && status.getState() == TaskState.TASK_RUNNING) {
          volumes.running(id.get().pod());
        } else if (!isAlive(status.getState())) {
          volumes.ended(id.get().pod());
        }
        if (job != null) {
          dirty.add(job.id());
        }
      }
      if (meaning == PodLoop.Meaning.ORPHAN
          && isAlive(status.getState())
          && !Lockdowns.contains(desk.records(), Component.Kill)) {
        log.warn("task {} belongs to no pod: killed", taskId);
        meter.add(Count.ORPHANS);
        pods.foundOrphan(new Mesos.Task(taskId, status.getAgentId().getValue()));
      }
    }

    private static boolean isAlive(TaskState state) {
      return switch (state) {
        case TASK_STAGING, TASK_STARTING, TASK_RUNNING -> true;
        case TASK_KILLING,
            TASK_FINISHED,
            TASK_FAILED,
            TASK_KILLED,
            TASK_ERROR,
            TASK_LOST,
            TASK_DROPPED,
            TASK_UNREACHABLE,
            TASK_GONE,
            TASK_GONE_BY_OPERATOR,
            TASK_UNKNOWN ->
            false;
      };
    }

    /** Works off what is marked, then places what waits. */
    private void settle() {
      if (Lockdowns.contains(desk.records(), Component.GoalStateEngine)) {
        // What Mesos says is still taken in; what is marked stays marked.
        return;
      }
      while (!dirty.isEmpty()) {
        List<String> marked = List.copyOf(dirty);
        dirty.clear();
        for (String id : marked) {
          JobRuntime job = job(id);
          if (job != null) {
            reconcile(job);
          }
        }
      }
      pools.settle();
      placement.place();
      if (!dirty.isEmpty()) {
        settle();
      }
      meter.set(Level.WAITING_PODS, pools.waiting() + placement.waiting());
      meter.set(Level.HELD_AGENTS, placement.heldAgents());
    }

    /** A job that cannot be handled must not keep the others from being handled. */
    private void reconcile(JobRuntime job) {
      try {
        meter.add(Count.RECONCILIATIONS);
        jobLoop.reconcile(job);
      } catch (RuntimeException e) {
        meter.add(Count.FAILURES);
        log.error("job {} cannot be reconciled; next try in {}", job.id(), RETRY_JOB, e);
        timers.schedule(
            RETRY_JOB,
            () ->
                turn(
                    () -> {
                      JobRuntime again = job(job.id());
                      if (again != null) {
                        again.markAllDirty();
                        dirty.add(job.id());
                      }
                    }));
      }
    }

    /** Launches that Mesos never spoke of are looked for now and then, not timed one by one. */
    private void scheduleLaunchSweep() {
      timers.schedule(
          settings.launchTimeout().dividedBy(4),
          () ->
              turn(
                  () -> {
                    jobLoop.forgetOldDeletions();
                    placement.sweep();
                    volumes.review();
                    markEverythingDirty();
                    scheduleLaunchSweep();
                  }));
    }

    @Override
    public void notLaunched(PodName pod, long run, String why) {
      JobRuntime job = job(pod.job());
      if (job != null) {
        meter.add(Count.LAUNCHES_LOST);
        pods.notLaunched(job, pod, run, why);
        dirty.add(pod.job());
      }
    }

    @Override
    public void stageNotLaunched(PodName pod, long run, int stage) {
      JobRuntime job = job(pod.job());
      if (job != null) {
        meter.add(Count.LAUNCHES_LOST);
        pods.stageNotLaunched(job, pod, run, stage);
        dirty.add(pod.job());
      }
    }

    @Override
    public void recordChanged(PodName pod) {
      markDirty(pod);
    }

    @Override
    public void launched(PodName pod, PodRecord before, PodRecord after) {
      pools.podMoved(job(pod.job()), pod, before, after);
    }

    @Override
    public void vanished(PodName pod) {
      pools.withdraw(pod);
    }

    @Override
    public boolean mayKill() {
      return pods.mayKill() && !Lockdowns.contains(desk.records(), Component.GoalStateEngine);
    }

    @Override
    public boolean mayAct() {
      return !Lockdowns.contains(desk.records(), Component.GoalStateEngine);
    }

    @Override
    public void volumeChanged(PodName pod) {
      markDirty(pod);
    }

    @Override
    public void wantLeftovers() {
      placement.wantLeftovers();
    }

    @Override
    public void hostChanged(String hostname) {
      placement.hostChanged(hostname);
    }

    @Override
    public void evict(JobRuntime job, PodName pod) {
      pods.evict(job, pod, Eviction.HOST_MAINTENANCE);
      dirty.add(pod.job());
    }

    @Override
    public void preempt(JobRuntime job, PodName pod) {
      pods.evict(job, pod, Eviction.PREEMPTION);
      dirty.add(job.id());
    }

    private void close() {
      hosts.close();
      session.disconnected();
      wakeups.close();
    }
  }
}
