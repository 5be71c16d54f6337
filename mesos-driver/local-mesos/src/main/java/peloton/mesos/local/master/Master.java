package peloton.mesos.local.master;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.mesos.local.agent.Agent;
import peloton.mesos.local.agent.ExecutorKey;
import peloton.mesos.local.agent.StatusSink;
import peloton.mesos.local.agent.TaskKey;
import peloton.mesos.local.agent.TaskStates;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.resources.Resources;

/** The master: who is subscribed, and what becomes of each call. */
public final class Master implements StatusSink {

  private static final Logger log = LoggerFactory.getLogger(Master.class);

  /** As many removed frameworks are remembered, as in Mesos. */
  private static final int REMOVED_KEPT = 50;

  private final EventLoop loop;
  private final InstantSource clock;
  private final MasterSettings settings;
  private final Sessions sessions;
  private final Cluster cluster = new Cluster();
  private final Statuses statuses;
  private final Offers offers;
  private final Operations operations;
  private final Launcher launcher;
  private final Reconciler reconciler;
  private final Agents agents;
  private final Set<String> removed = new LinkedHashSet<>();
  private final TaskTotals totals = new TaskTotals();
  private int port;
  private OperatorCalls operator;

  /**
   * @param resendInterval how long the end of an operation may stay without acknowledgement before
   *     it is told again; doubles each time
   */
  public Master(
      EventLoop loop,
      InstantSource clock,
      MasterSettings settings,
      Duration resendInterval,
      Sessions sessions) {
    this.loop = loop;
    this.clock = clock;
    this.settings = settings;
    this.sessions = sessions;
    this.statuses = new Statuses(clock);
    this.offers = new Offers(cluster, loop, settings, new InverseOffers(cluster, loop, clock));
    this.operations = new Operations(cluster, loop, resendInterval);
    this.agents = new Agents(cluster, loop, clock, settings, statuses, offers, operations, totals);
    this.launcher = new Launcher(cluster, offers, statuses, operations);
    this.reconciler = new Reconciler(cluster, statuses);
  }

  /**
   * Starts to make offers.
   *
   * @param listeningPort the port that SUBSCRIBED names
   * @param revive starts a new agent on a machine that was down and is up again, by hostname, with
   *     the resources that were there
   */
  public void start(int listeningPort, BiConsumer<String, Resources> revive) {
    port = listeningPort;
    operator = new OperatorCalls(this, settings, cluster, agents, offers, operations, revive);
    everyAllocationInterval();
  }

  /** What operators may ask and order; from the start on. */
  public OperatorCalls operator() {
    return operator;
  }

  /** Removes a framework with its tasks; false when there is none of that id. */
  boolean tearDown(String frameworkId) {
    var framework = cluster.framework(frameworkId);
    framework.ifPresent(this::remove);
    return framework.isPresent();
  }

  /** An id for an agent that is about to register. */
  public String newAgentId() {
    return cluster.newAgentId();
  }

  /** Registers an agent. */
  public void register(AgentInfo info, Agent agent, Resources total) {
    var slot = new AgentSlot(info, agent, total);
    cluster.add(slot);
    offers.make(List.of(slot));
  }

  /** SUBSCRIBE: what is wrong with it is told as an ERROR event. */
  public void subscribe(Call.Subscribe call, Subscriber subscriber) {
    var info = call.getFrameworkInfo();
    var problem = FrameworkValidation.problem(info, call.getSuppressedRolesList());
    String id = info.getId().getValue();
    if (problem.isEmpty() && removed.contains(id)) {
      problem = Optional.of("Framework has been removed");
    }
    var known = cluster.framework(id);
    if (problem.isEmpty()) {
      problem = known.flatMap(framework -> FrameworkValidation.problem(framework.info(), info));
    }
    if (problem.isPresent()) {
      log.info("Refusing the subscription of {}: {}", info.getName(), problem.get());
      refuse(subscriber, problem.get());
      return;
    }
    var framework = known.orElseGet(() -> add(info));
    framework
        .disconnect()
        .ifPresent(
            old -> {
              log.info("Framework {} failed over", framework.id());
              refuse(old, "Framework failed over");
            });
    offers.discardAll(framework);
    framework.update(unchangeable(framework.info(), info));
    framework.replaceSuppressed(call.getSuppressedRolesList());
    framework.connect(subscriber);
    sessions.connected(framework.id(), subscriber.streamId());
    log.info("Framework {} ({}) is subscribed", framework.id(), info.getName());
    framework.send(subscribed(framework));
    heartbeat(framework);
    cluster.agents().stream()
        .filter(AgentSlot::isActive)
        .forEach(agent -> agent.agent().resume(framework.id()));
    operations.resume(framework);
    offers.makeAll();
  }

  /** The stream of a framework has ended; a stream that was replaced before is ignored. */
  public void streamEnded(Subscriber subscriber) {
    for (var framework : List.copyOf(cluster.frameworks())) {
      if (framework.isSubscribedThrough(subscriber.streamId())) {
        log.info("Framework {} is disconnected", framework.id());
        disconnect(framework);
        framework.removal(
            loop.schedule(
                failoverTimeout(framework.info()),
                () -> {
                  log.info("Framework {} did not come back in time", framework.id());
                  remove(framework);
                }));
      }
    }
  }

  /** A call that is not SUBSCRIBE nor UPDATE_FRAMEWORK, valid and of the stream it says. */
  public void call(Call call, String streamId) {
    cluster
        .framework(call.getFrameworkId().getValue())
        .filter(framework -> framework.isSubscribedThrough(streamId))
        .ifPresent(framework -> call(framework, call));
  }

  /** UPDATE_FRAMEWORK; returns what is wrong with it. */
  public Optional<String> updateFramework(Call call, String streamId) {
    var framework =
        cluster
            .framework(call.getFrameworkId().getValue())
            .filter(any -> any.isSubscribedThrough(streamId));
    if (framework.isEmpty()) {
      return Optional.of("the framework is not subscribed through this stream");
    }
    var update = call.getUpdateFramework();
    var info = update.getFrameworkInfo();
    var before = framework.get().info();
    var problem =
        FrameworkValidation.problem(info, update.getSuppressedRolesList())
            .or(() -> FrameworkValidation.problem(before, info));
    if (problem.isEmpty() && !unchangeable(before, info).equals(info)) {
      problem = Optional.of("FrameworkInfo.user and FrameworkInfo.checkpoint may not change");
    }
    if (problem.isEmpty()) {
      framework.get().update(info);
      framework.get().replaceSuppressed(update.getSuppressedRolesList());
      offers.makeAll();
    }
    return problem;
  }

  private void call(Framework framework, Call call) {
    switch (call.getType()) {
      case TEARDOWN -> remove(framework);
      case ACCEPT -> launcher.accept(framework, call.getAccept());
      case DECLINE -> decline(framework, call.getDecline());
      case REVIVE -> {
        framework.revive(call.getRevive().getRolesList());
        offers.makeAll();
      }
      case SUPPRESS -> framework.suppress(call.getSuppress().getRolesList());
      case KILL -> kill(framework, call.getKill());
      case SHUTDOWN -> shutDown(framework, call.getShutdown());
      case ACKNOWLEDGE -> acknowledge(framework, call.getAcknowledge());
      case RECONCILE -> reconciler.reconcile(framework, call.getReconcile());
      case RECONCILE_OPERATIONS -> operations.reconcile(framework, call.getReconcileOperations());
      case ACKNOWLEDGE_OPERATION_STATUS ->
          operations
              .acknowledge(framework, call.getAcknowledgeOperationStatus())
              .ifPresent(agents::checkDrained);
      case ACCEPT_INVERSE_OFFERS -> {
        var answer = call.getAcceptInverseOffers();
        offers
            .inverse()
            .answer(framework, answer.getInverseOfferIdsList(), true, answer.getFilters());
      }
      case DECLINE_INVERSE_OFFERS -> {
        var answer = call.getDeclineInverseOffers();
        offers
            .inverse()
            .answer(framework, answer.getInverseOfferIdsList(), false, answer.getFilters());
      }
      default ->
          // Messages go to executors that read none; the allocator pays no heed to requests, as in
          // Mesos.
          log.debug("{} has nothing to act on", call.getType());
    }
  }

  private void decline(Framework framework, Call.Decline call) {
    for (var id : call.getOfferIdsList()) {
      offers
          .find(id.getValue())
          .filter(offer -> offer.framework() == framework)
          .ifPresent(offer -> offers.decline(offer, call.getFilters()));
    }
  }

  private void kill(Framework framework, Call.Kill call) {
    String taskId = call.getTaskId().getValue();
    var agentId =
        call.hasAgentId() ? Optional.of(call.getAgentId().getValue()) : Optional.<String>empty();
    var task = framework.tasks().get(taskId);
    if (task == null) {
      reconciler.reconcile(framework, taskId, agentId);
      return;
    }
    if (agentId.isPresent() && !agentId.get().equals(task.agent().id())) {
      log.warn("Task {} is not on agent {}: not killed", taskId, agentId.get());
      return;
    }
    kill(task, call.hasKillPolicy() ? Optional.of(call.getKillPolicy()) : Optional.empty());
  }

  private static void kill(TaskRecord task, Optional<KillPolicy> policy) {
    if (task.agent().isActive()) {
      task.agent().agent().kill(task.key(), policy);
    } else {
      task.agent().killsToRepeat().add(task.key());
    }
  }

  /** The executor of a task without one of its own has the id of the task. */
  private void shutDown(Framework framework, Call.Shutdown call) {
    var agent = cluster.agent(call.getAgentId().getValue()).filter(AgentSlot::isActive);
    agent.ifPresent(
        slot ->
            slot.agent()
                .shutDown(new ExecutorKey(framework.id(), call.getExecutorId().getValue())));
    var task = framework.tasks().get(call.getExecutorId().getValue());
    if (task != null && task.agent().id().equals(call.getAgentId().getValue())) {
      kill(task, Optional.empty());
    }
  }

  private void acknowledge(Framework framework, Call.Acknowledge call) {
    var agent = cluster.agent(call.getAgentId().getValue()).filter(AgentSlot::isActive);
    if (agent.isEmpty()) {
      return;
    }
    var key = new TaskKey(framework.id(), call.getTaskId().getValue());
    var task = agent.get().tasks().get(key);
    if (task != null) {
      if (task.lastSent().isEmpty()) {
        return;
      }
      if (task.endsWith(call.getUuid())) {
        forget(framework, task);
      }
    }
    agent.get().agent().acknowledge(key, call.getUuid());
    agents.checkDrained(agent.get());
  }

  @Override
  public void statusUpdate(Agent agent, TaskKey key, TaskStatus status, TaskState latest) {
    var framework = cluster.framework(key.frameworkId()).orElse(null);
    if (framework == null) {
      return;
    }
    var task = framework.tasks().get(key.taskId());
    if (task != null) {
      task.lastSent(status);
      advance(framework, task, latest);
    }
    Statuses.send(framework, status);
  }

  @Override
  public void executorExited(Agent agent, ExecutorKey key, int status) {
    cluster.agent(agent.id()).ifPresent(slot -> agents.executorExited(slot, key, status));
  }

  private void advance(Framework framework, TaskRecord task, TaskState latest) {
    boolean ends = !task.isTerminal() && TaskStates.isTerminal(latest);
    task.latest(latest);
    if (ends) {
      totals.ended(latest);
      cluster.release(framework, task.role(), task.agent(), task.resources());
    }
  }

  private static void forget(Framework framework, TaskRecord task) {
    framework.tasks().remove(task.key().taskId());
    task.agent().tasks().remove(task.key());
    task.agent().killsToRepeat().remove(task.key());
  }

  /**
   * Cuts an agent off: its offers are rescinded at once, its tasks become unreachable after the
   * ping timeout. Returns false when there is no such agent connected.
   */
  public boolean loseAgent(String agentId) {
    return agents.lose(agentId);
  }

  /** Brings a lost agent back, with the tasks that it still runs. */
  public boolean returnAgent(String agentId) {
    return agents.comeBack(agentId);
  }

  /** An operator declares an agent gone for good: its tasks end and it never returns. */
  public boolean markAgentGone(String agentId) {
    return agents.markGone(agentId);
  }

  /**
   * Another master takes over: subscriptions, offers and the memory of removed frameworks are gone,
   * agents and their tasks are there again. Streams are cut without a last word.
   */
  public void failOver() {
    failOver(port);
  }

  /** The same, at another port. */
  public void failOver(int newPort) {
    port = newPort;
    cluster.newMaster();
    offers.inverse().forget();
    removed.clear();
    for (var framework : cluster.frameworks()) {
      disconnect(framework);
      framework.cancelTimers();
      framework.tasks().values().forEach(TaskRecord::forgetSent);
    }
  }

  /**
   * What an agent had that is gone, for another one on its machine.
   *
   * @throws IllegalArgumentException when there is none of that id, or it is not gone
   */
  public Resources resourcesOfGone(String agentId) {
    var slot =
        cluster
            .agent(agentId)
            .filter(any -> any.membership() == AgentSlot.Membership.GONE)
            .orElseThrow(
                () -> new IllegalArgumentException(agentId + " is not an agent that is gone"));
    return slot.total();
  }

  /** What the frameworks look like now. */
  public List<FrameworkSnapshot> frameworks() {
    return cluster.frameworks().stream()
        .map(
            framework ->
                new FrameworkSnapshot(
                    framework.id(),
                    framework.info().getName(),
                    framework.isConnected(),
                    framework.offers().size(),
                    framework.tasks().size()))
        .toList();
  }

  /** The tasks that are running, or whose end nobody has acknowledged. */
  public List<TaskSnapshot> tasks() {
    return cluster.agents().stream()
        .flatMap(agent -> agent.tasks().values().stream())
        .map(
            task ->
                new TaskSnapshot(
                    task.key().frameworkId(),
                    task.key().taskId(),
                    task.agent().id(),
                    task.agent().agent().state(task.key()).orElse(task.latest())))
        .toList();
  }

  /** Some of the metrics that Mesos has, by their names. */
  public Map<String, Long> metrics() {
    var metrics = new TreeMap<>(totals.of(cluster));
    metrics.put(
        "master/slaves_active", cluster.agents().stream().filter(AgentSlot::isActive).count());
    metrics.put(
        "master/frameworks_active",
        cluster.frameworks().stream().filter(Framework::isConnected).count());
    metrics.put(
        "master/outstanding_offers",
        cluster.frameworks().stream().mapToLong(framework -> framework.offers().size()).sum());
    return metrics;
  }

  /** The agents, lost ones too. */
  public List<AgentSnapshot> agents() {
    return cluster.agents().stream()
        .map(
            agent ->
                new AgentSnapshot(
                    agent.id(),
                    agent.info().getHostname(),
                    agent.isActive(),
                    agent.total().toString(),
                    agent.free().toString()))
        .toList();
  }

  private Framework add(FrameworkInfo info) {
    String id = info.getId().getValue();
    var framework = new Framework(id.isEmpty() ? cluster.newFrameworkId() : id, info);
    cluster.add(framework);
    return framework;
  }

  private void disconnect(Framework framework) {
    framework.disconnect();
    sessions.disconnected(framework.id());
    offers.discardAll(framework);
  }

  private void remove(Framework framework) {
    log.info("Framework {} is removed", framework.id());
    offers.discardAll(framework);
    framework.cancelTimers();
    framework.disconnect().ifPresent(Subscriber::close);
    for (var task : List.copyOf(framework.tasks().values())) {
      if (!task.isTerminal()) {
        totals.ended(TaskState.TASK_KILLED);
        cluster.release(framework, task.role(), task.agent(), task.resources());
      }
      forget(framework, task);
    }
    agents.forgetExecutors(framework);
    operations.forget(framework);
    cluster.remove(framework);
    for (var agent : List.copyOf(cluster.agents())) {
      agent.agent().shutDown(framework.id());
      agents.checkDrained(agent);
    }
    sessions.removed(framework.id());
    removed.add(framework.id());
    if (removed.size() > REMOVED_KEPT) {
      removed.remove(removed.iterator().next());
    }
  }

  private void heartbeat(Framework framework) {
    framework.send(Event.newBuilder().setType(Event.Type.HEARTBEAT).build());
    framework.heartbeat(loop.schedule(settings.heartbeatInterval(), () -> heartbeat(framework)));
  }

  private void everyAllocationInterval() {
    loop.schedule(
        settings.allocationInterval(),
        () -> {
          everyAllocationInterval();
          offers.makeAll();
        });
  }

  private Event subscribed(Framework framework) {
    return Event.newBuilder()
        .setType(Event.Type.SUBSCRIBED)
        .setSubscribed(
            Event.Subscribed.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue(framework.id()))
                .setHeartbeatIntervalSeconds(settings.heartbeatInterval().toNanos() / 1e9)
                .setMasterInfo(info()))
        .build();
  }

  MasterInfo info() {
    return MasterInfo.newBuilder()
        .setId(cluster.masterId())
        .setIp(0x0100007F)
        .setPort(port)
        .setHostname("localhost")
        .setPid("master@127.0.0.1:" + port)
        .setVersion(settings.version())
        .addAllCapabilities(settings.masterCapabilities())
        .build();
  }

  /** User and checkpointing stay what they were in the first subscription. */
  private static FrameworkInfo unchangeable(FrameworkInfo before, FrameworkInfo after) {
    var merged = after.toBuilder().setUser(before.getUser());
    if (merged.getCheckpoint() != before.getCheckpoint()) {
      merged.setCheckpoint(before.getCheckpoint());
    }
    return merged.build();
  }

  private static void refuse(Subscriber subscriber, String why) {
    subscriber.send(
        Event.newBuilder()
            .setType(Event.Type.ERROR)
            .setError(Event.Error.newBuilder().setMessage(why))
            .build());
    subscriber.close();
  }

  private static Duration failoverTimeout(FrameworkInfo info) {
    return Duration.ofNanos((long) (Math.max(0, info.getFailoverTimeout()) * 1e9));
  }
}
