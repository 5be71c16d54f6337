package peloton.scenario;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import peloton.api.ids.TaskId;
import peloton.mesos.driver.MesosCalls;
import peloton.mesos.driver.MesosEvents;

/**
 * A master and its agents that do what the real ones promise and nothing else: updates of a task
 * come one by one, each again until it is acknowledged; offers die with the subscription; a call
 * without a subscription is lost.
 */
final class ScriptedMesos {
  private static final String FRAMEWORK = "framework-1";

  private final Executor network;
  private final InstantSource clock;
  private final Map<String, Instant> refused = new LinkedHashMap<>();
  private final Map<String, Agent> agents = new LinkedHashMap<>();
  private final Map<String, Task> tasks = new TreeMap<>();
  private final Map<String, Executing> executors = new TreeMap<>();
  private final List<Task> begun = new ArrayList<>();
  private final Set<String> commandsThatFinish = new HashSet<>();
  private final Map<String, Offer> offers = new LinkedHashMap<>();
  private final Set<String> usedIds = new HashSet<>();
  private final List<String> violations = new ArrayList<>();
  private final Map<String, String> commandsThatFail = new LinkedHashMap<>();
  private final Set<String> deafToKills = new HashSet<>();
  private final ScriptedVolumes volumes =
      new ScriptedVolumes(
          violations,
          status ->
              deliver(
                  Event.newBuilder()
                      .setType(Event.Type.UPDATE_OPERATION_STATUS)
                      .setUpdateOperationStatus(
                          Event.UpdateOperationStatus.newBuilder().setStatus(status))
                      .build()));
  private MesosEvents scheduler;
  private long connection;
  private Predicate<String> mayOffer = agent -> true;
  private boolean suppressed;
  private boolean withholdOffers;
  private boolean holdStarts;
  private int toLose;
  private int toDouble;
  private int toDelay;
  private final List<TaskStatus> late = new ArrayList<>();
  private long counter;
  private int launches;

  /** An agent and what it has free, in thousandths. */
  private static final class Agent {
    private final String id;
    private boolean reachable = true;
    private final Map<String, String> attributes;
    private long cpus;
    private long memory;

    private Agent(String id, long cpus, long memory, Map<String, String> attributes) {
      this.id = id;
      this.attributes = attributes;
      this.cpus = cpus;
      this.memory = memory;
    }

    private void take(List<Resource> resources) {
      cpus -= amount(resources, "cpus");
      memory -= amount(resources, "mem");
    }

    private void giveBack(List<Resource> resources) {
      cpus += amount(resources, "cpus");
      memory += amount(resources, "mem");
    }
  }

  /** An executor that runs groups of tasks. */
  private record Executing(ExecutorInfo info, String agent) {}

  /** A task and the updates of it that wait for an acknowledgement. */
  private static final class Task {
    private final TaskInfo info;
    private final String agent;
    private final String executor;
    private final long group;
    private final Deque<TaskStatus> updates = new ArrayDeque<>();
    private TaskState state = TaskState.TASK_STAGING;

    private Task(TaskInfo info, String agent, String executor, long group) {
      this.info = info;
      this.agent = agent;
      this.executor = executor;
      this.group = group;
    }

    private boolean alive() {
      return state == TaskState.TASK_STAGING
          || state == TaskState.TASK_STARTING
          || state == TaskState.TASK_RUNNING;
    }
  }

  ScriptedMesos(Executor network, InstantSource clock) {
    this.network = network;
    this.clock = clock;
  }

  void addAgent(String id, double cpus, double memory) {
    addAgent(id, cpus, memory, Map.of());
  }

  /** An agent with text attributes. */
  void addAgent(String id, double cpus, double memory, Map<String, String> attributes) {
    agents.put(id, new Agent(id, Math.round(cpus * 1000), Math.round(memory * 1000), attributes));
  }

  /** Tasks with this command fail as soon as they run. */
  void failCommand(String command, String message) {
    commandsThatFail.put(command, message);
  }

  /** Tasks with this command end with success as soon as they run. */
  void finishCommand(String command) {
    commandsThatFinish.add(command);
  }

  /** The executors that live, by id. */
  Set<String> executors() {
    return executors.keySet();
  }

  /** What is free of an agent, in thousandths of a CPU. */
  long freeCpus(String agent) {
    return agents.get(agent).cpus;
  }

  /** Another framework takes all that is free of an agent. */
  void takeFree(String agent) {
    agents.get(agent).cpus = 0;
    agents.get(agent).memory = 0;
  }

  /** Ends a living task by itself. */
  void end(String taskId, TaskState state, String message) {
    end(tasks.get(taskId), state, message);
  }

  /** No command fails by itself any more. */
  void heal() {
    commandsThatFail.clear();
  }

  /** The next updates do not arrive; agents try again, the master does not. */
  void loseUpdates(int count) {
    toLose = count;
  }

  /** The next updates arrive twice, the second time late. */
  void doubleUpdates(int count) {
    toDouble = count;
  }

  /** The next updates arrive late: after others that were sent later. */
  void delayUpdates(int count) {
    toDelay = count;
  }

  /** While set, no new offers are made. */
  void withholdOffers(boolean withhold) {
    withholdOffers = withhold;
  }

  /** Agents of which the master makes no offers at the moment. */
  void offersOf(Predicate<String> agents) {
    mayOffer = agents;
  }

  /** The reachable agents. */
  List<String> agentIds() {
    return agents.values().stream().filter(agent -> agent.reachable).map(a -> a.id).toList();
  }

  /** The master has an agent kill all that runs there. */
  void killAll(String agent) {
    for (Task task : List.copyOf(tasks.values())) {
      if (task.agent.equals(agent) && task.alive()) {
        violations.add("task " + task.info.getTaskId().getValue() + " was drained by force");
        end(task, TaskState.TASK_KILLED, "agent drained");
      }
    }
  }

  /** Reservations and persistent volumes. */
  ScriptedVolumes volumes() {
    return volumes;
  }

  /** How many tasks live on an agent. */
  long livingOn(String agent) {
    return tasks.values().stream().filter(t -> t.agent.equals(agent) && t.alive()).count();
  }

  /** While set, launched tasks stay in STAGING. */
  void holdStarts(boolean hold) {
    holdStarts = hold;
    if (!hold) {
      tasks.values().stream().filter(t -> t.state == TaskState.TASK_STAGING).forEach(this::start);
      afterwards();
    }
  }

  /** Kills no longer end this pod's tasks; only a shutdown of their executors does. */
  void ignoreKills(String podName) {
    deafToKills.add(podName);
  }

  /** What went wrong that no sound scheduler lets happen. */
  List<String> violations() {
    return violations;
  }

  int launches() {
    return launches;
  }

  /** A task that was launched, living or not. */
  TaskInfo task(String id) {
    return tasks.get(id).info;
  }

  /** The living tasks: pod name to the commands of its tasks. */
  Map<String, List<String>> living() {
    Map<String, List<String>> living = new TreeMap<>();
    for (Task task : tasks.values()) {
      if (task.alive()) {
        living
            .computeIfAbsent(podName(task), name -> new ArrayList<>())
            .add(task.info.getCommand().getValue());
      }
    }
    return living;
  }

  /** Ends a living task of a pod by itself. */
  void fail(String podName, String message) {
    for (Task task : tasks.values()) {
      if (task.alive() && podName(task).equals(podName)) {
        end(task, TaskState.TASK_FAILED, message);
      }
    }
  }

  /** Ends a living task of a pod by itself, in success. */
  void finish(String podName) {
    for (Task task : tasks.values()) {
      if (task.alive() && podName(task).equals(podName)) {
        end(task, TaskState.TASK_FINISHED, "Command exited with status 0");
      }
    }
  }

  /** What the health check of a pod's task says from now on. */
  void health(String podName, boolean healthy) {
    for (Task task : tasks.values()) {
      if (task.state == TaskState.TASK_RUNNING
          && task.info.hasHealthCheck()
          && podName(task).equals(podName)) {
        checked(task, healthy);
      }
    }
  }

  /** What the readiness check of a pod's task says from now on. */
  void ready(String podName, boolean ready) {
    for (Task task : tasks.values()) {
      if (task.state == TaskState.TASK_RUNNING
          && task.info.hasCheck()
          && podName(task).equals(podName)) {
        TaskStatus.Builder status =
            TaskStatus.newBuilder()
                .setState(TaskState.TASK_RUNNING)
                .setReason(TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED);
        status.getCheckStatusBuilder().getCommandBuilder().setExitCode(ready ? 0 : 1);
        update(task, status);
      }
    }
  }

  /** The master can reach an agent no more; what runs there goes on. */
  void partition(String agent) {
    agents.get(agent).reachable = false;
    for (Offer offer : List.copyOf(offers.values())) {
      if (offer.getAgentId().getValue().equals(agent)) {
        rescind(offer);
      }
    }
    tasks.values().stream()
        .filter(task -> task.agent.equals(agent) && task.alive())
        .forEach(
            task ->
                answer(
                    task.info.getTaskId(),
                    TaskState.TASK_UNREACHABLE,
                    TaskStatus.Reason.REASON_AGENT_REMOVED));
  }

  /** The agent is back with what it runs. */
  void rejoin(String agent) {
    agents.get(agent).reachable = true;
    tasks.values().stream()
        .filter(task -> task.agent.equals(agent))
        .forEach(
            task -> {
              if (task.alive()) {
                status(
                    TaskStatus.newBuilder()
                        .setTaskId(task.info.getTaskId())
                        .setAgentId(AgentID.newBuilder().setValue(agent))
                        .setState(task.state)
                        .setReason(TaskStatus.Reason.REASON_AGENT_REREGISTERED)
                        .build());
              }
              sendHead(task);
            });
  }

  /** An agent loses a task, and Mesos every trace of it. */
  void forget(String podName) {
    tasks
        .values()
        .removeIf(
            task -> {
              boolean gone = task.alive() && podName(task).equals(podName);
              if (gone) {
                volumes.ended(task.info);
                agents.get(task.agent).giveBack(task.info.getResourcesList());
              }
              return gone;
            });
    List.copyOf(executors.keySet()).forEach(this::endIfIdle);
  }

  /** A task of the framework lives that nobody has on record. */
  void startStray(String taskId, String agent) {
    TaskInfo info =
        TaskInfo.newBuilder()
            .setName("stray")
            .setTaskId(TaskID.newBuilder().setValue(taskId))
            .setAgentId(AgentID.newBuilder().setValue(agent))
            .build();
    Task task = new Task(info, agent, "", 0);
    tasks.put(taskId, task);
    task.state = TaskState.TASK_RUNNING;
  }

  /** A scheduler subscribes; its predecessor's connection is gone. */
  MesosCalls subscribe(FrameworkInfo framework, MesosEvents events) {
    long mine = ++connection;
    MesosEvents ousted = scheduler;
    if (ousted != null) {
      network.execute(
          () ->
              ousted.disconnected(
                  new MesosEvents.Disconnection(
                      MesosEvents.Disconnection.Kind.FAILED_OVER, "Framework failed over")));
    }
    scheduler = events;
    offers.clear();
    refused.clear();
    suppressed = false;
    if (framework.hasId() && !framework.getId().getValue().equals(FRAMEWORK)) {
      violations.add("subscribed as unknown framework " + framework.getId().getValue());
    }
    FrameworkID id = FrameworkID.newBuilder().setValue(FRAMEWORK).build();
    deliver(
        Event.newBuilder()
            .setType(Event.Type.SUBSCRIBED)
            .setSubscribed(Event.Subscribed.newBuilder().setFrameworkId(id))
            .build());
    tasks.values().forEach(this::sendHead);
    volumes.repeat();
    return call ->
        network.execute(
            () -> {
              if (mine == connection) {
                receive(call);
              }
            });
  }

  /** The connection breaks; the scheduler hears of it. */
  void disconnect() {
    connection++;
    MesosEvents listener = scheduler;
    scheduler = null;
    offers.clear();
    if (listener != null) {
      network.execute(
          () ->
              listener.disconnected(
                  new MesosEvents.Disconnection(
                      MesosEvents.Disconnection.Kind.RETRYING, "scripted")));
    }
  }

  /** The scheduler's process is gone. */
  void abandon() {
    connection++;
    scheduler = null;
    offers.clear();
  }

  /** The master's allocation cycle, and the agents' retries. */
  void tick() {
    if (scheduler == null) {
      return;
    }
    List<TaskStatus> arriving = List.copyOf(late);
    late.clear();
    arriving.forEach(this::deliver);
    tasks.values().forEach(this::sendHead);
    volumes.repeat();
    if (suppressed || withholdOffers) {
      return;
    }
    List<Offer> made = new ArrayList<>();
    for (Agent agent : agents.values()) {
      boolean out =
          offers.values().stream().anyMatch(o -> o.getAgentId().getValue().equals(agent.id));
      Instant from = refused.getOrDefault(agent.id, Instant.MIN);
      if (!out
          && mayOffer.test(agent.id)
          && agent.reachable
          && agent.cpus >= 10
          && !clock.instant().isBefore(from)) {
        Offer offer = offer(agent);
        offers.put(offer.getId().getValue(), offer);
        made.add(offer);
      }
    }
    if (!made.isEmpty()) {
      deliver(
          Event.newBuilder()
              .setType(Event.Type.OFFERS)
              .setOffers(Event.Offers.newBuilder().addAllOffers(made))
              .build());
    }
  }

  /** Takes every offer back. */
  void rescindAll() {
    List.copyOf(offers.values()).forEach(this::rescind);
  }

  private void rescind(Offer offer) {
    offers.remove(offer.getId().getValue());
    deliver(
        Event.newBuilder()
            .setType(Event.Type.RESCIND)
            .setRescind(Event.Rescind.newBuilder().setOfferId(offer.getId()))
            .build());
  }

  private void receive(Call call) {
    switch (call.getType()) {
      case ACCEPT -> accept(call.getAccept());
      case DECLINE -> decline(call.getDecline());
      case REVIVE -> {
        suppressed = false;
        refused.clear();
      }
      case SUPPRESS -> suppressed = true;
      case KILL -> kill(call.getKill().getTaskId().getValue());
      case SHUTDOWN -> shutDown(call.getShutdown());
      case ACKNOWLEDGE -> acknowledge(call.getAcknowledge());
      case RECONCILE -> reconcile(call.getReconcile());
      case RECONCILE_OPERATIONS -> volumes.reconcile();
      case ACKNOWLEDGE_OPERATION_STATUS ->
          volumes.acknowledge(call.getAcknowledgeOperationStatus());
      default -> violations.add("unexpected call " + call.getType());
    }
  }

  private void decline(Call.Decline decline) {
    Duration refuse = Duration.ofMillis((long) (decline.getFilters().getRefuseSeconds() * 1000));
    for (OfferID id : decline.getOfferIdsList()) {
      Offer offer = offers.remove(id.getValue());
      if (offer != null) {
        refused.put(offer.getAgentId().getValue(), clock.instant().plus(refuse));
      }
    }
  }

  private void accept(Call.Accept accept) {
    List<Offer> taken = new ArrayList<>();
    for (OfferID id : accept.getOfferIdsList()) {
      Offer offer = offers.remove(id.getValue());
      if (offer != null) {
        taken.add(offer);
      }
    }
    boolean valid = taken.size() == accept.getOfferIdsCount();
    for (Offer.Operation operation : accept.getOperationsList()) {
      if (valid) {
        volumes.operate(taken.get(0).getAgentId().getValue(), operation);
      }
      List<TaskInfo> all = new ArrayList<>(operation.getLaunch().getTaskInfosList());
      all.addAll(operation.getLaunchGroup().getTaskGroup().getTasksList());
      if (!valid) {
        all.forEach(
            task ->
                answer(
                    task.getTaskId(),
                    TaskState.TASK_DROPPED,
                    TaskStatus.Reason.REASON_INVALID_OFFERS));
      } else if (operation.hasLaunchGroup()) {
        ExecutorInfo executor = operation.getLaunchGroup().getExecutor();
        begin(executor, all.get(0).getAgentId().getValue());
        long group = ++counter;
        all.forEach(task -> launch(task, executor.getExecutorId().getValue(), group));
        afterwards();
      } else {
        all.forEach(task -> launch(task, "", 0));
        afterwards();
      }
    }
  }

  /** The first group of an executor starts it; each further one must name it just so. */
  private void begin(ExecutorInfo executor, String agent) {
    String id = executor.getExecutorId().getValue();
    Executing running = executors.get(id);
    if (running != null) {
      if (!running.info.equals(executor)) {
        violations.add("executor " + id + " changed");
      }
      return;
    }
    boolean enough =
        amount(executor.getResourcesList(), "cpus") >= 10
            && amount(executor.getResourcesList(), "mem") >= 32_000
            && amount(executor.getResourcesList(), "disk") > 0
            && executor.getFrameworkId().getValue().equals(FRAMEWORK)
            && executor.getType() == ExecutorInfo.Type.DEFAULT;
    if (!enough) {
      violations.add("executor " + id + " would be refused: " + executor);
    }
    executors.put(id, new Executing(executor, agent));
    agents.get(agent).take(executor.getResourcesList());
  }

  private void launch(TaskInfo info, String executor, long group) {
    launches++;
    Task task = new Task(info, info.getAgentId().getValue(), executor, group);
    if (info.getResourcesCount() == 0) {
      violations.add("task " + info.getTaskId().getValue() + " uses no resources");
    }
    Agent agent = agents.get(task.agent);
    agent.take(info.getResourcesList());
    if (agent.cpus < 0 || agent.memory < 0) {
      violations.add("agent " + agent.id + " is overcommitted by " + info.getTaskId().getValue());
    }
    if (!usedIds.add(info.getTaskId().getValue())
        || tasks.putIfAbsent(info.getTaskId().getValue(), task) != null) {
      violations.add("task id used twice: " + info.getTaskId().getValue());
      return;
    }
    long alive =
        tasks.values().stream()
            .filter(other -> other.alive() && agents.get(other.agent).reachable)
            .filter(other -> podName(other).equals(podName(task)))
            .map(other -> TaskId.find(other.info.getTaskId().getValue()).orElseThrow().pod())
            .distinct()
            .count();
    if (alive > 1) {
      violations.add("pod " + podName(task) + " lives " + alive + " times");
    }
    volumes.launched(task.agent, info);
    if (!holdStarts) {
      start(task);
    }
  }

  /** Tasks that come to their end by themselves do so when all of their group have begun. */
  private void afterwards() {
    List<Task> started = List.copyOf(begun);
    begun.clear();
    for (Task task : started) {
      String command = task.info.getCommand().getValue();
      if (task.state == TaskState.TASK_RUNNING && commandsThatFail.containsKey(command)) {
        end(task, TaskState.TASK_FAILED, commandsThatFail.get(command));
      } else if (task.state == TaskState.TASK_RUNNING && commandsThatFinish.contains(command)) {
        end(task, TaskState.TASK_FINISHED, "Command exited with status 0");
      }
    }
  }

  private void start(Task task) {
    begun.add(task);
    update(task, TaskState.TASK_STARTING, "");
    update(task, TaskState.TASK_RUNNING, "");
    if (task.info.hasHealthCheck()) {
      checked(task, true);
    }
  }

  private void checked(Task task, boolean healthy) {
    update(
        task,
        TaskStatus.newBuilder()
            .setState(TaskState.TASK_RUNNING)
            .setHealthy(healthy)
            .setReason(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED));
  }

  private void kill(String id) {
    Task task = tasks.get(id);
    if (task != null && !agents.get(task.agent).reachable) {
      answer(task);
      return;
    }
    if (task == null || !task.alive()) {
      if (task == null) {
        answer(
            TaskID.newBuilder().setValue(id).build(),
            TaskState.TASK_UNKNOWN,
            TaskStatus.Reason.REASON_RECONCILIATION);
      }
      return;
    }
    if (!deafToKills.contains(podName(task))) {
      end(task, TaskState.TASK_KILLED, "Command terminated with signal Terminated");
    }
  }

  private void shutDown(Call.Shutdown shutdown) {
    String executor = shutdown.getExecutorId().getValue();
    List.copyOf(tasks.values()).stream()
        .filter(task -> task.alive() && task.executor.equals(executor))
        .forEach(task -> end(task, TaskState.TASK_KILLED, "Executor terminated"));
    Task task = tasks.get(executor);
    if (task != null && task.alive() && task.agent.equals(shutdown.getAgentId().getValue())) {
      end(task, TaskState.TASK_KILLED, "Executor terminated");
    }
  }

  private void end(Task task, TaskState state, String message) {
    agents.get(task.agent).giveBack(task.info.getResourcesList());
    volumes.ended(task.info);
    update(task, state, message);
    if (task.executor.isEmpty()) {
      return;
    }
    if (state != TaskState.TASK_FINISHED) {
      // The default executor ends the others of the group.
      for (Task other : List.copyOf(tasks.values())) {
        if (other.group == task.group && other.alive()) {
          end(other, TaskState.TASK_KILLED, "Command terminated with signal Terminated");
        }
      }
    }
    endIfIdle(task.executor);
  }

  /** The default executor ends when it has no task. */
  private void endIfIdle(String id) {
    boolean idle =
        tasks.values().stream().noneMatch(task -> task.alive() && task.executor.equals(id));
    Executing executor = idle ? executors.remove(id) : null;
    if (executor != null) {
      agents.get(executor.agent).giveBack(executor.info.getResourcesList());
    }
  }

  private void update(Task task, TaskState state, String message) {
    update(task, TaskStatus.newBuilder().setState(state).setMessage(message));
  }

  private void update(Task task, TaskStatus.Builder status) {
    task.state = status.getState();
    task.updates.add(
        status
            .setTaskId(task.info.getTaskId())
            .setAgentId(AgentID.newBuilder().setValue(task.agent))
            .setUuid(ByteString.copyFromUtf8("uuid-" + ++counter))
            .build());
    if (task.updates.size() == 1) {
      sendHead(task);
    }
  }

  private void sendHead(Task task) {
    if (!task.updates.isEmpty() && scheduler != null && agents.get(task.agent).reachable) {
      status(task.updates.peek());
    }
  }

  private void acknowledge(Call.Acknowledge ack) {
    Task task = tasks.get(ack.getTaskId().getValue());
    if (task == null || task.updates.isEmpty()) {
      return;
    }
    if (task.updates.peek().getUuid().equals(ack.getUuid())) {
      task.updates.remove();
      sendHead(task);
    }
  }

  private void reconcile(Call.Reconcile reconcile) {
    if (reconcile.getTasksCount() == 0) {
      for (Task task : tasks.values()) {
        if (task.alive()) {
          answer(task);
        }
      }
      return;
    }
    for (Call.Reconcile.Task asked : reconcile.getTasksList()) {
      Task task = tasks.get(asked.getTaskId().getValue());
      if (task != null && (task.alive() || !task.updates.isEmpty())) {
        answer(task);
      } else {
        answer(asked.getTaskId(), TaskState.TASK_UNKNOWN, TaskStatus.Reason.REASON_RECONCILIATION);
      }
    }
  }

  private void answer(Task task) {
    if (!agents.get(task.agent).reachable) {
      answer(
          task.info.getTaskId(),
          TaskState.TASK_UNREACHABLE,
          TaskStatus.Reason.REASON_RECONCILIATION);
      return;
    }
    status(
        TaskStatus.newBuilder()
            .setTaskId(task.info.getTaskId())
            .setAgentId(AgentID.newBuilder().setValue(task.agent))
            .setState(task.state)
            .setReason(TaskStatus.Reason.REASON_RECONCILIATION)
            .build());
  }

  private void answer(TaskID id, TaskState state, TaskStatus.Reason reason) {
    status(TaskStatus.newBuilder().setTaskId(id).setState(state).setReason(reason).build());
  }

  private void status(TaskStatus status) {
    if (toLose > 0) {
      toLose--;
      return;
    }
    if (toDelay > 0) {
      toDelay--;
      late.add(status);
      return;
    }
    if (toDouble > 0) {
      toDouble--;
      late.add(status);
    }
    deliver(status);
  }

  private void deliver(TaskStatus status) {
    deliver(
        Event.newBuilder()
            .setType(Event.Type.UPDATE)
            .setUpdate(Event.Update.newBuilder().setStatus(status))
            .build());
  }

  private void deliver(Event event) {
    long at = connection;
    MesosEvents listener = scheduler;
    network.execute(
        () -> {
          if (at == connection && listener != null) {
            listener.event(event);
          }
        });
  }

  private Offer offer(Agent agent) {
    Offer.Builder offer = Offer.newBuilder();
    agent.attributes.forEach(
        (name, value) ->
            offer.addAttributes(
                Attribute.newBuilder()
                    .setName(name)
                    .setType(Value.Type.TEXT)
                    .setText(Value.Text.newBuilder().setValue(value))));
    return offer
        .setId(OfferID.newBuilder().setValue("offer-" + ++counter))
        .setFrameworkId(FrameworkID.newBuilder().setValue(FRAMEWORK))
        .setAgentId(AgentID.newBuilder().setValue(agent.id))
        .setHostname(agent.id + ".example")
        .addResources(scalar("cpus", agent.cpus))
        .addResources(scalar("mem", agent.memory))
        .addResources(scalar("disk", 1_000_000_000 - Math.round(volumes.reserved(agent.id) * 1000)))
        .addAllResources(volumes.offered(agent.id))
        .addResources(
            Resource.newBuilder()
                .setName("ports")
                .setType(Value.Type.RANGES)
                .setRanges(
                    Value.Ranges.newBuilder()
                        .addRange(Value.Range.newBuilder().setBegin(31000).setEnd(32000))))
        .build();
  }

  private static Resource scalar(String name, long milli) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(milli / 1000.0))
        .build();
  }

  private static long amount(List<Resource> resources, String name) {
    return resources.stream()
        .filter(resource -> resource.getName().equals(name))
        .mapToLong(resource -> Math.round(resource.getScalar().getValue() * 1000))
        .sum();
  }

  private static String podName(Task task) {
    return TaskId.find(task.info.getTaskId().getValue()).orElseThrow().pod().name().toString();
  }
}
