package peloton.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.desired.host.HostPools;
import peloton.host.HostDecider;
import peloton.host.HostStep;
import peloton.host.HostView;
import peloton.host.SeenHost;
import peloton.pod.PodPhase;
import peloton.records.HostGoalRecord;
import peloton.records.HostRecord;
import peloton.records.PodRecord;
import peloton.store.Timers;
import peloton.store.view.HostTable;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;

/**
 * Brings hosts where people want them: into maintenance and back, and from pool to pool. What a
 * host is in is in etcd before anything is done about it, so a leader that takes over goes on from
 * there.
 *
 * <p>The master is asked for its agents once a minute, and more often while a host is on its way:
 * its answer is long in a large cluster. Records are written only when something has changed.
 */
final class HostLoop implements PlacementLoop.Hosts {
  private static final Logger log = LoggerFactory.getLogger(HostLoop.class);
  private static final Duration LOOK = Duration.ofMinutes(1);
  private static final Duration LOOK_CLOSELY = Duration.ofSeconds(3);

  /** How long the first look waits, so that it does not delay the first launches of a term. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

  private final Desk desk;
  private final Maintenance maintenance;
  private final Timers timers;
  private final Consumer<Runnable> later;
  private final Function<String, JobRuntime> jobs;
  private final Hands hands;

  private final Set<String> busy = new HashSet<>();
  private Map<String, SeenHost> seen = new HashMap<>();
  private boolean looked;
  private boolean drains;
  private boolean looking;
  private boolean onTheirWay;
  private boolean closed;
  private Timers.Cancellable nextLook = Timers.Cancellable.none();

  /** What this loop has others do. */
  interface Hands {
    /** Whether pods may be killed at all just now. */
    boolean mayKill();

    /** Whether anything may be done just now. */
    boolean mayAct();

    /** Ends a pod's task so that the next run is elsewhere. */
    void evict(JobRuntime job, PodName pod);

    /** A host takes pods no more, or again, or is in another pool. */
    void hostChanged(String hostname);
  }

  HostLoop(
      Desk desk,
      Maintenance maintenance,
      Timers timers,
      Consumer<Runnable> later,
      Function<String, JobRuntime> jobs,
      Hands hands) {
    this.desk = desk;
    this.maintenance = maintenance;
    this.timers = timers;
    this.later = later;
    this.jobs = jobs;
    this.hands = hands;
  }

  /** Begins to look. */
  void start() {
    nextLook = timers.schedule(FIRST_LOOK, () -> later.accept(this::look));
  }

  void close() {
    closed = true;
    nextLook.cancel();
  }

  @Override
  public boolean takesPods(String hostname) {
    HostTable table = desk.records().hosts();
    return goal(table, hostname) == HostState.HOST_STATE_UP
        && state(table.host(hostname)) == HostState.HOST_STATE_UP
        && !moves(table, hostname);
  }

  @Override
  public Optional<String> pool(String hostname) {
    HostTable table = desk.records().hosts();
    return HostPools.inUse(table)
        ? Optional.of(HostPools.current(table, hostname))
        : Optional.empty();
  }

  /** What people want of a host has changed. */
  void goalChanged(String hostname) {
    hands.hostChanged(hostname);
    lookSoon();
  }

  /** There are other pools of hosts than before. */
  void poolsChanged() {
    seen.keySet().forEach(hands::hostChanged);
    lookSoon();
  }

  private void lookSoon() {
    nextLook.cancel();
    later.accept(this::look);
  }

  private void look() {
    if (looking || closed) {
      return;
    }
    looking = true;
    nextLook.cancel();
    maintenance
        .look()
        .whenComplete((answer, failure) -> later.accept(() -> looked(answer, failure)));
  }

  private void looked(Maintenance.Look answer, Throwable failure) {
    looking = false;
    if (closed) {
      return;
    }
    if (failure != null) {
      log.warn("the master does not say what agents there are: {}", Futures.message(failure));
    } else {
      looked = true;
      seen = answer.hosts();
      drains = answer.drains();
      recordSeen();
    }
    decide();
    nextLook =
        timers.schedule(
            failure == null && onTheirWay ? LOOK_CLOSELY : LOOK, () -> later.accept(this::look));
  }

  /** Writes down what the master says of hosts, where that is new. */
  private void recordSeen() {
    HostTable table = desk.records().hosts();
    Desk.Change change = desk.change();
    boolean any = false;
    Set<String> names = new TreeSet<>(table.hosts().keySet());
    names.addAll(seen.keySet());
    for (String name : names) {
      HostRecord before = table.hosts().get(name);
      SeenHost now = seen.getOrDefault(name, SeenHost.NONE);
      if (before == null && !now.registered()) {
        continue;
      }
      HostRecord.Builder after =
          before == null
              ? HostRecord.newBuilder().setState(HostState.HOST_STATE_UP)
              : before.toBuilder();
      after.setRegistered(now.registered());
      if (now.registered()) {
        after.setIp(now.ip()).clearAttributes().addAllAttributes(now.attributes());
      }
      if (before == null || !after.build().equals(before)) {
        change.put(new RecordKey.Host(name), after.setUpdatedAt(desk.now()).build());
        any = true;
      }
    }
    if (any) {
      change.commit();
    }
  }

  private void decide() {
    if (!looked || !hands.mayAct()) {
      return;
    }
    HostTable table = desk.records().hosts();
    Set<String> names = new TreeSet<>(table.hosts().keySet());
    names.addAll(table.goals().keySet());
    names.removeIf(name -> busy.contains(name) || !isOfInterest(table, name));
    Map<String, List<PodName>> pods = podsOn(names);
    onTheirWay = !busy.isEmpty();
    for (String name : names) {
      List<PodName> here = pods.getOrDefault(name, List.of());
      HostStep step = HostDecider.decide(view(table, name, here.size()));
      onTheirWay |= !(step instanceof HostStep.Rest);
      act(name, step, here);
    }
  }

  /** Most hosts are up and should be: nothing is to be decided about them. */
  private boolean isOfInterest(HostTable table, String name) {
    return goal(table, name) == HostState.HOST_STATE_DOWN
        || state(table.host(name)) != HostState.HOST_STATE_UP
        || moves(table, name)
        || !seen.containsKey(name);
  }

  private HostView view(HostTable table, String name, int pods) {
    SeenHost now = seen.getOrDefault(name, SeenHost.NONE);
    return new HostView(
        goal(table, name),
        state(table.host(name)),
        now.registered(),
        now.withheld(),
        now.down(),
        pods,
        moves(table, name));
  }

  private static HostState goal(HostTable table, String name) {
    HostGoalRecord goal = table.goals().get(name);
    return goal != null && goal.getGoal() == HostState.HOST_STATE_DOWN
        ? HostState.HOST_STATE_DOWN
        : HostState.HOST_STATE_UP;
  }

  private static boolean moves(HostTable table, String name) {
    return !HostPools.desired(table, name).equals(HostPools.current(table, name));
  }

  private static HostState state(Optional<HostRecord> host) {
    HostState state = host.map(HostRecord::getState).orElse(HostState.HOST_STATE_UP);
    return state == HostState.HOST_STATE_INVALID ? HostState.HOST_STATE_UP : state;
  }

  private void act(String name, HostStep step, List<PodName> pods) {
    SeenHost host = seen.getOrDefault(name, SeenHost.NONE);
    if (step instanceof HostStep.Become become) {
      become(name, record(name).setState(become.state()).build());
    } else if (step instanceof HostStep.JoinPool) {
      String pool = HostPools.desired(desk.records().hosts(), name);
      become(
          name,
          record(name)
              .setPool(pool.equals(HostPools.DEFAULT) ? "" : pool)
              .setState(HostState.HOST_STATE_UP)
              .build());
    } else if (step instanceof HostStep.Withhold) {
      ask(name, "make no more offers of", maintenance.withhold(name, host, drains));
    } else if (step instanceof HostStep.TakeDown) {
      ask(name, "take down", maintenance.takeDown(name, host, drains));
    } else if (step instanceof HostStep.BringUp) {
      ask(name, "bring up", maintenance.bringUp(name, host, drains));
    } else if (step instanceof HostStep.MovePods) {
      movePods(pods);
    } else if (step instanceof HostStep.Forget && desk.records().hosts().host(name).isPresent()) {
      desk.change().delete(new RecordKey.Host(name)).commit();
    }
  }

  private HostRecord.Builder record(String name) {
    return desk.records().hosts().host(name).orElse(HostRecord.getDefaultInstance()).toBuilder()
        .setUpdatedAt(desk.now());
  }

  private void become(String name, HostRecord record) {
    log.info("host {} is {}", name, record.getState());
    busy.add(name);
    desk.change()
        .put(new RecordKey.Host(name), record)
        .commit(
            () -> {
              busy.remove(name);
              hands.hostChanged(name);
              decide();
            });
  }

  private void ask(String name, String what, CompletionStage<Void> call) {
    busy.add(name);
    call.whenComplete(
        (done, failure) ->
            later.accept(
                () -> {
                  busy.remove(name);
                  if (failure != null) {
                    log.warn(
                        "Mesos was asked to {} host {}, and says: {}",
                        what,
                        name,
                        Futures.message(failure));
                  } else if (!closed) {
                    log.info("Mesos was asked to {} host {}", what, name);
                    lookSoon();
                  }
                }));
  }

  /** Ends as many pods as their jobs can do without just now. */
  private void movePods(List<PodName> pods) {
    if (!hands.mayKill()) {
      return;
    }
    Map<String, Integer> room = new HashMap<>();
    for (PodName pod : pods) {
      JobRuntime job = jobs.apply(pod.job());
      if (job == null || !isLive(job, pod)) {
        continue;
      }
      int left = room.computeIfAbsent(pod.job(), id -> job.roomForLoss());
      if (left > 0) {
        room.put(pod.job(), left - 1);
        hands.evict(job, pod);
      }
    }
  }

  private static boolean isLive(JobRuntime job, PodName name) {
    return PodPhase.of(job.entry().pods().get(name.instance())) == PodPhase.LIVE;
  }

  /** The pods that have, or may have, a task on these hosts: a walk over all pods. */
  private Map<String, List<PodName>> podsOn(Set<String> hosts) {
    Map<String, List<PodName>> pods = new HashMap<>();
    if (hosts.isEmpty()) {
      return pods;
    }
    for (JobEntry job : desk.records().jobs()) {
      for (int instance = 0; instance < job.pods().bound(); instance++) {
        PodRecord pod = job.pods().get(instance);
        if (pod != null && hosts.contains(pod.getHost()) && PodPhase.of(pod).mayHaveTask()) {
          pods.computeIfAbsent(pod.getHost(), host -> new ArrayList<>())
              .add(new PodName(job.id(), instance));
        }
      }
    }
    return pods;
  }
}
