package peloton.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.ids.PodId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.desired.admin.Lockdowns;
import peloton.desired.job.EffectivePods;
import peloton.desired.job.PodVolumes;
import peloton.desired.secret.SealedSecretException;
import peloton.desired.secret.SecretSource;
import peloton.placement.AgentIndex;
import peloton.placement.AgentOffers;
import peloton.placement.Label;
import peloton.placement.Need;
import peloton.placement.Pass;
import peloton.placement.Refusals;
import peloton.placement.Shape;
import peloton.placement.TaskInfos;
import peloton.pod.Containers;
import peloton.pod.GroupTransitions;
import peloton.pod.PodPhase;
import peloton.pod.PodTransitions;
import peloton.pod.Stages;
import peloton.records.FrameworkRecord;
import peloton.records.PodRecord;
import peloton.records.WaitingGroupRecord;
import peloton.store.Timers;
import peloton.store.view.JobEntry;
import peloton.store.view.LastRuns;
import peloton.store.view.RecordKey;

/**
 * Brings waiting pods and offers together. The intent of a launch is in etcd before ACCEPT is sent;
 * if by then the offers are gone or the pod is wanted no longer, nothing is sent and the pod tries
 * again under a new run.
 */
final class PlacementLoop implements WaitingSource {
  private static final Logger log = LoggerFactory.getLogger(PlacementLoop.class);

  /** Offers that fit nobody go back for this long, so that others can use them. */
  private static final double REFUSE_UNFIT_SECONDS = 30;

  /** Nothing waits: offers are not wanted until REVIVE. */
  private static final double REFUSE_IDLE_SECONDS = 3600;

  /** A lost REVIVE must not mean "no offers for ever". */
  private static final Duration REVIVE_AGAIN = Duration.ofSeconds(15);

  /** Offers from agents that will be down soon are not used (Peloton's three hours). */
  private static final long NEAR_MAINTENANCE_NANOS = Duration.ofHours(3).toNanos();

  /** How long a pod that is to stay on its host insists on it (Peloton's stateless engine). */
  private static final Duration SAME_HOST = Duration.ofSeconds(120);

  /** When secrets are tried again that could not be opened: someone has to add a key. */
  private static final Duration SECRETS_AGAIN = Duration.ofSeconds(30);

  /** When a pod is tried again whose host had disk for its volume, but reserved for others. */
  private static final Duration VOLUME_AGAIN = Duration.ofSeconds(30);

  /** How long new launches wait while the master has too much to do. */
  private static final Duration CATCH_UP = Duration.ofMillis(100);

  /** Why a run ends that was to be launched: said to users, on the run. */
  private static final String OFFER_GONE =
      "the host's offer was withdrawn before the task could be launched; another host is looked for";

  private static final String NOT_WANTED =
      "the task was not launched: what the pod should be changed before";

  private final Desk desk;
  private final Mesos mesos;
  private final Timers timers;
  private final Consumer<Runnable> later;
  private final LoopSettings settings;
  private final SecretSource secrets;
  private final Function<String, JobRuntime> jobs;
  private final Hosts hosts;
  private final VolumeLoop volumes;
  private final LaunchListener listener;

  private final AgentIndex index;
  private final Shapes shapes = new Shapes();
  private final Map<String, AgentOffers> offers = new LinkedHashMap<>();
  private final Map<PodName, Waiting> waiting = new LinkedHashMap<>();
  private final Set<PodName> homeward = new LinkedHashSet<>();
  private final Map<PodName, String> stages = new LinkedHashMap<>();
  private final Set<Flight> flights = new HashSet<>();
  private final Set<String> unsent = new HashSet<>();
  private boolean open;
  private boolean catchingUp;
  private boolean suppressed;

  /** Offers went back for a time, and Mesos may hold back now what the next pod needs. */
  private boolean refusing;

  /** Something came that may let a pod be placed. */
  private boolean hopeful;

  private long indexAtLastPass;
  private boolean idleScheduled;
  private Timers.Cancellable idle = Timers.Cancellable.none();
  private Timers.Cancellable reviveAgain = Timers.Cancellable.none();

  /** What is to be known of hosts. */
  interface Hosts {
    boolean takesPods(String hostname);

    /** The pool that people put a host into; empty while there are none. */
    Optional<String> pool(String hostname);
  }

  /** Hears of launches that came to nothing. */
  interface LaunchListener {
    void notLaunched(PodName pod, long run, String why);

    void stageNotLaunched(PodName pod, long run, int stage);

    void recordChanged(PodName pod);

    /** A run is on its way to an agent. */
    void launched(PodName pod, PodRecord before, PodRecord after);

    /** A pod that waited belongs to no job any more. */
    void vanished(PodName pod);
  }

  /**
   * A pod in line.
   *
   * @param host where alone it is to go; "" for anywhere
   * @param hostUntil until when it insists on that and others do not get the room, Unix nanoseconds
   * @param volume the one that it has to go to, wherever that is; "" for none
   * @param since when it got in line, Unix nanoseconds
   */
  private record Waiting(Shape shape, String host, long hostUntil, String volume, long since) {
    private boolean isBound() {
      return !volume.isEmpty();
    }
  }

  /**
   * Why a pod waits here.
   *
   * @param host the one that it insists on; "" for none
   * @param volume the one that it has to go to; "" for none
   */
  private record Cause(Shape shape, String host, String volume) {}

  /**
   * Tasks of a run whose intent is on its way to etcd.
   *
   * @param stage which of the run's containers they are, see {@link Stages}
   * @param first what has to be done to the offers before
   */
  private record Departure(
      PodId id, int stage, List<Offer.Operation> first, TaskInfos.Launch launch) {}

  /** An ACCEPT that waits for its intents to be in etcd. */
  private static final class Flight {
    private final List<OfferID> offers;
    private boolean grounded;

    private Flight(List<OfferID> offers) {
      this.offers = offers;
    }
  }

  PlacementLoop(
      Desk desk,
      Mesos mesos,
      Timers timers,
      Consumer<Runnable> later,
      LoopSettings settings,
      SecretSource secrets,
      Function<String, JobRuntime> jobs,
      Hosts hosts,
      VolumeLoop volumes,
      LaunchListener listener) {
    this.desk = desk;
    this.mesos = mesos;
    this.timers = timers;
    this.later = later;
    this.settings = settings;
    this.secrets = secrets;
    this.jobs = jobs;
    this.hosts = hosts;
    this.volumes = volumes;
    this.listener = listener;
    this.index = new AgentIndex(settings.placement());
  }

  /** A subscription stands and the framework id is in etcd: offers may be used. */
  void opened() {
    open = true;
    suppressed = false;
    refusing = false;
    hopeful = true;
    scheduleIdle();
  }

  /** The subscription is over: offers are void, and what is on its way will not be sent. */
  void closed() {
    open = false;
    offers.clear();
    index.withdrawnAll();
    flights.forEach(flight -> flight.grounded = true);
    idle.cancel();
    idleScheduled = false;
    reviveAgain.cancel();
  }

  /**
   * Puts a pod in line.
   *
   * @param desiredHost where it should run again; "" for anywhere
   */
  void submit(PodName pod, PodSpec spec, String desiredHost) {
    Waiting before = waiting.get(pod);
    String volume = volumes.bound(pod, spec).orElse("");
    String host = volume.isEmpty() ? desiredHost : volumes.host(volume);
    long hostUntil = 0;
    if (before != null && before.host().equals(host)) {
      hostUntil = before.hostUntil();
    } else if (!host.isEmpty()) {
      hostUntil = desk.now() + SAME_HOST.toNanos();
      timers.schedule(SAME_HOST, () -> later.accept(() -> tryAnyHost(pod)));
    }
    Shape shape = shapeOf(pod, spec);
    if (before == null || !before.shape().equals(shape) || !before.host().equals(host)) {
      hopeful = true;
    }
    long since = before == null ? desk.now() : before.since();
    waiting.put(pod, new Waiting(shape, host, hostUntil, volume, since));
    if (host.isEmpty()) {
      homeward.remove(pod);
    } else {
      homeward.add(pod);
    }
    if (before == null) {
      wantOffers();
    }
  }

  /**
   * Puts the next containers of a run in line, for the agent that the run is on. What they take has
   * just been given back there by those before them.
   */
  void submitStage(PodName pod, String agentId) {
    if (stages.put(pod, agentId) == null) {
      wantOffers();
    }
  }

  private boolean nothingWaits() {
    return waiting.isEmpty() && stages.isEmpty();
  }

  /** What the pod needs of an agent: the volume that it has is there already. */
  private Shape shapeOf(PodName pod, PodSpec spec) {
    return shapes.of(
        volumes.bound(pod, spec).isPresent() ? spec.toBuilder().clearVolume().build() : spec);
  }

  /** Volumes are to go, and agents have to offer them for that. */
  void wantLeftovers() {
    tidy(List.copyOf(offers.values()));
    wantOffers();
  }

  /** Undoes what is left of volumes, on the offers that show it; these are used up then. */
  private void tidy(Iterable<AgentOffers> agents) {
    for (AgentOffers held : agents) {
      List<Offer.Operation> undo = volumes.look(held);
      if (undo.isEmpty()) {
        show(held);
      } else {
        offers.remove(held.agentId());
        index.withdrawn(held.agentId());
        mesos.accept(held.ids(), undo, List.of());
      }
    }
  }

  /** What was locked down has changed. */
  void lockdownChanged() {
    hopeful = true;
    if (!nothingWaits() && !lockedDown()) {
      wantOffers();
    }
  }

  /** Has agents that we do not know make themselves known by an offer. */
  void lookAround() {
    wantOffers();
  }

  private void wantOffers() {
    if ((suppressed || refusing) && open) {
      suppressed = false;
      refusing = false;
      mesos.revive();
      scheduleRevive();
    }
  }

  /** A pod has waited for its host for long enough; now any will do. */
  private void tryAnyHost(PodName pod) {
    if (waiting.containsKey(pod)) {
      hopeful = true;
      wantOffers();
      place();
    }
  }

  /** Takes a pod out of the line. */
  void withdraw(PodName pod) {
    waiting.remove(pod);
    homeward.remove(pod);
    stages.remove(pod);
  }

  int waiting() {
    return waiting.size();
  }

  int heldAgents() {
    return offers.size();
  }

  @Override
  public void forEachWaiting(Visitor visitor) {
    long now = desk.now();
    waiting.forEach(
        (pod, one) ->
            visitor.waits(
                pod,
                one.since(),
                new Cause(
                    one.shape(),
                    one.isBound() || now < one.hostUntil() ? one.host() : "",
                    one.volume())));
  }

  @Override
  public WaitingGroupRecord why(Object cause) {
    Cause asked = (Cause) cause;
    if (lockedDown()) {
      return PlacementReasons.lockedDown();
    }
    if (!open) {
      return PlacementReasons.noMesos();
    }
    if (!asked.volume().isEmpty()) {
      return PlacementReasons.boundTo(asked.volume(), asked.host());
    }
    Refusals refusals = new Pass(index, 1).explain(asked.shape());
    return asked.host().isEmpty()
        ? PlacementReasons.of(refusals)
        : PlacementReasons.comingBack(asked.host(), refusals);
  }

  /** Where pods would go now; changes nothing. */
  PlacementPlan plan(PlacementPlan.Question question) {
    AgentIndex supposed = index.copy();
    question.leaving().forEach(instance -> supposed.gone(question.job(), instance));
    supposed.offerAllKnown();
    EffectivePods pods = new EffectivePods(question.spec());
    Pass pass = new Pass(supposed, question.arriving().size());
    Map<String, List<Integer>> byHost = new TreeMap<>();
    Map<Shape, List<Integer>> left = new LinkedHashMap<>();
    for (int instance : question.arriving()) {
      Shape shape = shapes.of(pods.pod(instance));
      Optional<String> agent = pass.place(question.job(), instance, shape);
      if (agent.isPresent()) {
        byHost
            .computeIfAbsent(supposed.hostname(agent.get()), host -> new ArrayList<>())
            .add(instance);
      } else {
        left.computeIfAbsent(shape, s -> new ArrayList<>()).add(instance);
      }
    }
    List<PlacementPlan.NotPlaced> notPlaced = new ArrayList<>();
    left.forEach(
        (shape, instances) ->
            notPlaced.add(new PlacementPlan.NotPlaced(instances, pass.explain(shape))));
    return new PlacementPlan(byHost, notPlaced, supposed.offering());
  }

  /** Forgets agents that are gone; to be called now and then. */
  void sweep() {
    if (open && !suppressed && !refusing) {
      index.sweep();
    }
  }

  /** Tasks whose intent is on its way to etcd and of which Mesos was not told. */
  boolean isUnsent(String taskId) {
    return unsent.contains(taskId);
  }

  /** Keeps account of which pod is on which agent. */
  void podMoved(PodName name, PodRecord before, PodRecord after) {
    String agent = agentOf(after);
    if (agent.isEmpty()) {
      index.gone(name.job(), name.instance());
    } else if (!agent.equals(agentOf(before)) || before.getVersion() != after.getVersion()) {
      JobRuntime job = jobs.apply(name.job());
      PodSpec spec = job == null ? null : PodFacts.spec(job, name.instance(), after.getVersion());
      index.placed(
          name.job(), name.instance(), agent, spec == null ? Shapes.UNKNOWN : shapes.of(spec));
    }
  }

  /** Where the pod may have a task; "" for nowhere. */
  private static String agentOf(PodRecord pod) {
    return pod != null && PodPhase.of(pod).mayHaveTask() ? pod.getAgentId() : "";
  }

  void offered(List<Offer> received) {
    List<OfferID> unwanted = new ArrayList<>();
    Set<AgentOffers> changed = new LinkedHashSet<>();
    long now = desk.now();
    for (Offer offer : received) {
      if (nearMaintenance(offer, now) || !hosts.takesPods(offer.getHostname())) {
        unwanted.add(offer.getId());
        continue;
      }
      AgentOffers held = offers.get(offer.getAgentId().getValue());
      if (held == null) {
        held = new AgentOffers(offer, now);
        offers.put(offer.getAgentId().getValue(), held);
      } else {
        held.add(offer, now);
      }
      changed.add(held);
    }
    tidy(changed);
    if (!unwanted.isEmpty()) {
      mesos.decline(unwanted, REFUSE_UNFIT_SECONDS);
    }
    scheduleIdle();
  }

  private void show(AgentOffers held) {
    index.offered(held.agentId(), held.hostname(), labels(held), held.capacity());
  }

  /** The agent's own labels, and the pool that people put its host into. */
  private List<Label> labels(AgentOffers held) {
    Optional<String> pool = hosts.pool(held.hostname());
    if (pool.isEmpty()) {
      return held.labels();
    }
    List<Label> labels = new ArrayList<>(held.labels());
    labels.removeIf(label -> label.key().equals(Label.HOST_POOL));
    labels.add(new Label(Label.HOST_POOL, pool.get()));
    return labels;
  }

  /** A host takes pods no more, or again, or is in another pool. */
  void hostChanged(String hostname) {
    List<OfferID> unwanted = new ArrayList<>();
    for (AgentOffers held : List.copyOf(offers.values())) {
      if (!held.hostname().equals(hostname)) {
        continue;
      }
      if (hosts.takesPods(hostname)) {
        show(held);
      } else {
        unwanted.addAll(held.ids());
        offers.remove(held.agentId());
        index.withdrawn(held.agentId());
      }
    }
    if (!unwanted.isEmpty()) {
      mesos.decline(unwanted, REFUSE_UNFIT_SECONDS);
    } else if (!waiting.isEmpty() && hosts.takesPods(hostname)) {
      wantOffers();
    }
  }

  void rescinded(OfferID id) {
    for (AgentOffers held : List.copyOf(offers.values())) {
      if (held.remove(id)) {
        if (held.isEmpty()) {
          offers.remove(held.agentId());
          index.withdrawn(held.agentId());
        } else {
          show(held);
        }
        break;
      }
    }
    for (Flight flight : flights) {
      if (flight.offers.contains(id)) {
        flight.grounded = true;
      }
    }
  }

  /** Places what can be placed; to be called when pods or offers have come. */
  void place() {
    if (!open || nothingWaits() || offers.isEmpty() || lockedDown()) {
      return;
    }
    if (mesos.isBehind()) {
      // Each launch brings several acknowledgements, which cannot wait.
      placeWhenMesosHasCaughtUp();
      return;
    }
    launchStages();
    if (!hopeful && indexAtLastPass == index.changes()) {
      return;
    }
    hopeful = false;
    int most = settings.maxPlacementsPerPass();
    Pass pass = new Pass(index, Math.min(waiting.size(), most));
    Map<String, List<PodName>> byAgent = new LinkedHashMap<>();
    Set<PodName> atHome = bringHome(pass, byAgent);
    int placed = byAgent.values().stream().mapToInt(List::size).sum();
    for (Map.Entry<PodName, Waiting> each : waiting.entrySet()) {
      if (placed == most) {
        break;
      }
      PodName pod = each.getKey();
      if (!atHome.isEmpty() && atHome.contains(pod)) {
        continue;
      }
      Optional<String> agent = pass.place(pod.job(), pod.instance(), each.getValue().shape());
      if (agent.isPresent()) {
        byAgent.computeIfAbsent(agent.get(), id -> new ArrayList<>()).add(pod);
        placed++;
      }
    }
    byAgent.forEach((agent, pods) -> launch(offers.remove(agent), pods));
    indexAtLastPass = index.changes();
    if (placed == most) {
      hopeful = true;
      later.accept(this::place);
    }
    scheduleIdle();
  }

  /** Places the pods that insist on a host; the answer is those that go nowhere else. */
  private Set<PodName> bringHome(Pass pass, Map<String, List<PodName>> byAgent) {
    if (homeward.isEmpty()) {
      return Set.of();
    }
    long now = desk.now();
    Map<String, String> agentsByHost = new HashMap<>();
    offers.values().forEach(held -> agentsByHost.put(held.hostname(), held.agentId()));
    Map<String, String> agentsByVolume = VolumeLoop.agents(offers.values());
    Set<PodName> atHome = new HashSet<>();
    for (PodName pod : homeward) {
      Waiting one = waiting.get(pod);
      boolean insists = now < one.hostUntil();
      if (!insists && !one.isBound()) {
        continue;
      }
      String agent =
          one.isBound() ? agentsByVolume.get(one.volume()) : agentsByHost.get(one.host());
      if (agent == null) {
        atHome.add(pod);
        continue;
      }
      switch (pass.placeHome(pod.job(), pod.instance(), one.shape(), agent, insists)) {
        case PLACED -> {
          byAgent.computeIfAbsent(agent, id -> new ArrayList<>()).add(pod);
          atHome.add(pod);
        }
        case KEPT -> atHome.add(pod);
        case NOT_ALLOWED -> {
          if (one.isBound()) {
            atHome.add(pod);
          }
        }
      }
    }
    return atHome;
  }

  private void placeWhenMesosHasCaughtUp() {
    if (!catchingUp) {
      catchingUp = true;
      timers.schedule(
          CATCH_UP,
          () ->
              later.accept(
                  () -> {
                    catchingUp = false;
                    place();
                  }));
    }
  }

  private boolean lockedDown() {
    return Lockdowns.contains(desk.records(), Component.Launch)
        || Lockdowns.contains(desk.records(), Component.GoalStateEngine);
  }

  private void launch(AgentOffers held, List<PodName> pods) {
    index.withdrawn(held.agentId());
    AgentOffers.Purse purse = held.open();
    Desk.Change change = desk.change();
    List<Departure> departures = new ArrayList<>();
    for (PodName name : pods) {
      Shape shape = waiting.remove(name).shape();
      homeward.remove(name);
      JobRuntime job = jobs.apply(name.job());
      if (job == null) {
        index.gone(name.job(), name.instance());
        listener.vanished(name);
        continue;
      }
      PodRecord before = job.entry().pods().get(name.instance());
      PodRecord run = before == null ? firstRun(job, name.instance()) : before;
      PodSpec spec = PodFacts.spec(job, name.instance(), run.getVersion());
      if (spec == null || !shapeOf(name, spec).equals(shape)) {
        index.gone(name.job(), name.instance());
        // Its spec has changed since it got in line: it has to queue up again.
        listener.recordChanged(name);
        continue;
      }
      Optional<PodSpec> opened = withSecrets(job, name, spec);
      if (opened.isEmpty()) {
        index.gone(name.job(), name.instance());
        continue;
      }
      PodId id = new PodId(name.job(), name.instance(), run.getRun());
      Optional<AgentOffers.Purse.Volume> volume = Optional.empty();
      if (spec.hasVolume()) {
        volume = volumes.give(id, spec.getVolume(), held, purse, change);
        if (volume.isEmpty()) {
          index.gone(name.job(), name.instance());
          timers.schedule(VOLUME_AGAIN, () -> later.accept(() -> listener.recordChanged(name)));
          continue;
        }
      }
      if (before == null && run.getPreviousRun() != 0) {
        change.delete(new RecordKey.InstanceLastRun(name.job(), name.instance()));
      }
      TaskInfos.Launch launch =
          TaskInfos.of(
              id,
              job.entry().spec(run.getVersion()),
              opened.get(),
              held.agentId(),
              frameworkId(),
              purse);
      PodRecord launched =
          PodTransitions.launched(
                  run,
                  new PodTransitions.Placement(held.hostname(), held.agentId(), launch.ports()),
                  Containers.of(spec, launch.executor()),
                  desk.now())
              .toBuilder()
              .setVolume(volume.map(AgentOffers.Purse.Volume::id).orElse(""))
              .build();
      change.put(new RecordKey.Pod(name.job(), name.instance()), launched);
      listener.launched(name, before, launched);
      List<Offer.Operation> first = volume.map(v -> v.operations()).orElse(List.of());
      TaskInfos.Launch whole = volume.map(v -> on(launch, v.resource())).orElse(launch);
      departures.add(new Departure(id, 0, first, whole));
      listener.recordChanged(name);
    }
    board(held, change, departures);
  }

  /** The only task of a pod, on its volume. */
  private static TaskInfos.Launch on(TaskInfos.Launch launch, Resource volume) {
    TaskInfo task = launch.tasks().get(0).toBuilder().addResources(volume).build();
    return new TaskInfos.Launch(List.of(task), launch.executor(), launch.ports());
  }

  private void board(AgentOffers held, Desk.Change change, List<Departure> departures) {
    departures.forEach(
        departure ->
            departure.launch().tasks().forEach(task -> unsent.add(task.getTaskId().getValue())));
    Flight flight = new Flight(held.ids());
    flights.add(flight);
    change.commit(() -> depart(flight, departures));
  }

  private String frameworkId() {
    return desk.records().framework().map(FrameworkRecord::getFrameworkId).orElse("");
  }

  /** Launches the containers whose turn has come where their agents have made an offer. */
  private void launchStages() {
    Map<String, List<PodName>> byAgent = new LinkedHashMap<>();
    stages.forEach(
        (name, agent) -> {
          if (offers.containsKey(agent)) {
            byAgent.computeIfAbsent(agent, a -> new ArrayList<>()).add(name);
          }
        });
    byAgent.forEach(
        (agent, pods) -> {
          AgentOffers held = offers.get(agent);
          AgentOffers.Purse purse = held.open();
          Desk.Change change = desk.change();
          List<Departure> departures = new ArrayList<>();
          pods.forEach(name -> launchStage(name, agent, purse, change).ifPresent(departures::add));
          if (!departures.isEmpty()) {
            offers.remove(agent);
            index.withdrawn(agent);
            board(held, change, departures);
          }
        });
  }

  private Optional<Departure> launchStage(
      PodName name, String agentId, AgentOffers.Purse purse, Desk.Change change) {
    JobRuntime job = jobs.apply(name.job());
    PodRecord pod = job == null ? null : job.entry().pods().get(name.instance());
    OptionalInt stage = pod == null ? OptionalInt.empty() : Stages.next(pod);
    PodSpec spec = pod == null ? null : PodFacts.spec(job, name.instance(), pod.getVersion());
    if (stage.isEmpty() || spec == null || !pod.getAgentId().equals(agentId)) {
      stages.remove(name);
      return Optional.empty();
    }
    if (purse.available("cpus", spec.getRevocable()) < Need.ofLaterStage(spec).cpus()) {
      return Optional.empty();
    }
    stages.remove(name);
    Optional<PodSpec> opened = withSecrets(job, name, spec);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    PodId id = new PodId(name.job(), name.instance(), pod.getRun());
    TaskInfos.Launch launch =
        TaskInfos.later(
            id,
            job.entry().spec(pod.getVersion()),
            opened.get(),
            agentId,
            stage.getAsInt(),
            pod.getExecutor(),
            pod.getPortsMap(),
            purse);
    PodRecord launched =
        GroupTransitions.stageLaunched(
            pod, stage.getAsInt(), PodFacts.goal(job, name.instance()), desk.now());
    change.put(new RecordKey.Pod(name.job(), name.instance()), launched);
    return Optional.of(new Departure(id, stage.getAsInt(), List.of(), launch));
  }

  /** The spec with its job's secrets and the pod's volumes; empty if those cannot be opened now. */
  private Optional<PodSpec> withSecrets(JobRuntime job, PodName name, PodSpec spec) {
    if (job.entry().secrets().isEmpty()) {
      return Optional.of(PodVolumes.shared(spec));
    }
    try {
      List<Volume> volumes = secrets.volumesOf(job.entry());
      PodSpec.Builder opened = PodVolumes.shared(spec).toBuilder();
      Stream.concat(
              opened.getInitContainersBuilderList().stream(),
              opened.getContainersBuilderList().stream())
          .filter(container -> container.hasContainer())
          .forEach(container -> container.getContainerBuilder().addAllVolumes(volumes));
      return Optional.of(opened.build());
    } catch (SealedSecretException sealed) {
      log.error("pod {} cannot be launched; next try in {}", name, SECRETS_AGAIN, sealed);
      timers.schedule(SECRETS_AGAIN, () -> later.accept(() -> listener.recordChanged(name)));
      return Optional.empty();
    }
  }

  private PodRecord firstRun(JobRuntime job, int instance) {
    long version = job.entry().goal().getConfigurationVersion();
    LastRuns lastRuns = desk.records().lastRuns();
    return PodTransitions.firstRun(
        lastRuns.next(job.id(), instance),
        lastRuns.of(job.id(), instance),
        PodFacts.admittingStep(job, instance),
        version,
        PodFacts.checks(PodFacts.spec(job, instance, version)),
        desk.now());
  }

  /** The intents are in etcd: tell Mesos, unless the world has moved on. */
  private void depart(Flight flight, List<Departure> departures) {
    flights.remove(flight);
    List<TaskInfos.Launch> wanted = new ArrayList<>();
    List<Offer.Operation> first = new ArrayList<>();
    List<Runnable> failures = new ArrayList<>();
    for (Departure departure : departures) {
      departure.launch().tasks().forEach(task -> unsent.remove(task.getTaskId().getValue()));
      if (!flight.grounded && isStillLaunched(departure)) {
        first.addAll(departure.first());
        wanted.add(departure.launch());
      } else {
        failures.add(() -> notLaunched(departure, flight.grounded ? OFFER_GONE : NOT_WANTED));
      }
    }
    if (!wanted.isEmpty()) {
      mesos.accept(flight.offers, first, wanted);
    } else if (!flight.grounded) {
      mesos.decline(flight.offers, 0);
    }
    failures.forEach(Runnable::run);
  }

  private void notLaunched(Departure departure, String why) {
    PodName name = departure.id().name();
    long run = departure.id().run();
    if (departure.stage() == 0) {
      listener.notLaunched(name, run, why);
    } else {
      listener.stageNotLaunched(name, run, departure.stage());
    }
  }

  private boolean isStillLaunched(Departure departure) {
    JobEntry job = desk.records().job(departure.id().job());
    PodRecord pod = job == null ? null : job.pods().get(departure.id().instance());
    if (pod == null || pod.getRun() != departure.id().run()) {
      return false;
    }
    return departure.stage() == 0
        ? pod.getState() == PodState.POD_STATE_LAUNCHED
        : PodPhase.of(pod) == PodPhase.LIVE;
  }

  private void scheduleIdle() {
    if (open && !offers.isEmpty() && !idleScheduled) {
      idleScheduled = true;
      idle = timers.schedule(settings.idleOffers(), () -> later.accept(this::returnUnused));
    }
  }

  /** Offers that nobody could use for a while go back, so that other frameworks are not starved. */
  private void returnUnused() {
    idleScheduled = false;
    if (!open || offers.isEmpty()) {
      return;
    }
    if (mesos.isBehind()) {
      // What waits for the master to catch up is to find them.
      scheduleIdle();
      return;
    }
    long before = desk.now() - settings.idleOffers().toNanos();
    List<OfferID> unused = new ArrayList<>();
    for (Iterator<AgentOffers> each = offers.values().iterator(); each.hasNext(); ) {
      AgentOffers held = each.next();
      if (held.oldest() <= before) {
        unused.addAll(held.ids());
        each.remove();
        index.withdrawn(held.agentId());
      }
    }
    if (offers.isEmpty() && nothingWaits()) {
      log.debug("nothing waits: {} offers returned, no more wanted", unused.size());
      mesos.decline(unused, REFUSE_IDLE_SECONDS);
      suppressed = true;
      mesos.suppress();
      index.relax();
      shapes.clear();
      return;
    }
    if (!unused.isEmpty()) {
      mesos.decline(unused, REFUSE_UNFIT_SECONDS);
      refusing = true;
    }
    scheduleIdle();
  }

  private void scheduleRevive() {
    reviveAgain.cancel();
    reviveAgain =
        timers.schedule(
            REVIVE_AGAIN,
            () ->
                later.accept(
                    () -> {
                      if (open && !nothingWaits() && offers.isEmpty()) {
                        mesos.revive();
                        scheduleRevive();
                      }
                    }));
  }

  private static boolean nearMaintenance(Offer offer, long now) {
    return offer.hasUnavailability()
        && offer.getUnavailability().getStart().getNanoseconds() - now < NEAR_MAINTENANCE_NANOS;
  }
}
