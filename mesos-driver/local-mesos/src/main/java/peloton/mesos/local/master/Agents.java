package peloton.mesos.local.master;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DrainInfo;
import org.apache.mesos.v1.Protos.DrainState;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.mesos.local.agent.ExecutorKey;
import peloton.mesos.local.agent.TaskKey;
import peloton.mesos.local.loop.EventLoop;

/** What becomes of agents: lost, back, drained, gone, and what their tasks are told to be then. */
final class Agents {

  private static final Logger log = LoggerFactory.getLogger(Agents.class);

  private final Cluster cluster;
  private final EventLoop loop;
  private final InstantSource clock;
  private final MasterSettings settings;
  private final Statuses statuses;
  private final Offers offers;
  private final Operations operations;
  private final TaskTotals totals;

  Agents(
      Cluster cluster,
      EventLoop loop,
      InstantSource clock,
      MasterSettings settings,
      Statuses statuses,
      Offers offers,
      Operations operations,
      TaskTotals totals) {
    this.cluster = cluster;
    this.loop = loop;
    this.clock = clock;
    this.settings = settings;
    this.statuses = statuses;
    this.offers = offers;
    this.operations = operations;
    this.totals = totals;
  }

  /** Cuts an agent off; false when none of that id is connected. */
  boolean lose(String agentId) {
    var agent = cluster.agent(agentId).filter(AgentSlot::isActive);
    agent.ifPresent(
        slot -> {
          slot.agent().disconnect();
          slot.disconnected(
              loop.schedule(settings.agentPingTimeout(), () -> markUnreachable(slot)));
          withdraw(slot);
        });
    return agent.isPresent();
  }

  /** Brings a lost agent back; false when none of that id was lost, or its machine is down. */
  boolean comeBack(String agentId) {
    var agent =
        cluster
            .agent(agentId)
            .filter(
                slot ->
                    slot.membership() == AgentSlot.Membership.DISCONNECTED
                        || slot.membership() == AgentSlot.Membership.UNREACHABLE)
            .filter(slot -> !cluster.machines().isDown(slot.machine()));
    agent.ifPresent(
        slot -> {
          boolean wasUnreachable = slot.membership() == AgentSlot.Membership.UNREACHABLE;
          slot.activate();
          if (wasUnreachable) {
            takeBack(slot);
          }
          cluster.refresh(slot);
          forgetEndedExecutors(slot);
          slot.agent().reconnect();
          operations.resume(slot);
          for (var key : List.copyOf(slot.killsToRepeat())) {
            slot.agent().kill(key, Optional.empty());
          }
          slot.killsToRepeat().clear();
          if (slot.drain().filter(drain -> drain.getState() == DrainState.DRAINING).isPresent()) {
            slot.agent().drain(slot.drain().get().getConfig());
          }
          checkDrained(slot);
          if (slot.isOfferable()) {
            offers.make(List.of(slot));
          }
        });
    return agent.isPresent();
  }

  /** Declares an agent gone for good; false when there is none of that id, or it was gone. */
  boolean markGone(String agentId) {
    var agent =
        cluster.agent(agentId).filter(slot -> slot.membership() != AgentSlot.Membership.GONE);
    agent.ifPresent(
        slot -> {
          var before = slot.membership();
          slot.gone();
          operations.gone(slot);
          if (before == AgentSlot.Membership.UNREACHABLE) {
            endUnreachable(slot);
          } else {
            end(slot, "Agent has been marked gone");
          }
        });
    return agent.isPresent();
  }

  /**
   * Its machine goes down: the agent ends and nobody remembers it. Its tasks are told to be gone by
   * an operator.
   */
  void machineDown(AgentSlot slot) {
    slot.gone();
    operations.gone(slot);
    end(slot, "Operator initiated 'Machine DOWN'");
    cluster.remove(slot);
  }

  /** No more offers of an agent, and those that are out are rescinded. */
  void deactivate(AgentSlot slot) {
    slot.deactivated(true);
    withdraw(slot);
  }

  /** Offers of an agent again; whatever was drained is over. */
  void reactivate(AgentSlot slot) {
    slot.deactivated(false);
    slot.drain(Optional.empty());
    slot.agent().endDrain();
    cluster.refresh(slot);
    offers.make(List.of(slot));
  }

  /** Ends the tasks of an agent and then marks it drained, or gone. */
  void drain(AgentSlot slot, DrainConfig config) {
    slot.drain(
        Optional.of(
            DrainInfo.newBuilder().setState(DrainState.DRAINING).setConfig(config).build()));
    deactivate(slot);
    if (slot.isActive()) {
      slot.agent().drain(config);
    }
    checkDrained(slot);
  }

  /** To be called when the last word of a task on this agent was acknowledged, or it came back. */
  void checkDrained(AgentSlot slot) {
    var drain = slot.drain();
    if (drain.isEmpty()
        || drain.get().getState() != DrainState.DRAINING
        || !slot.isActive()
        || !slot.tasks().isEmpty()
        || operations.isPending(slot)) {
      return;
    }
    if (drain.get().getConfig().getMarkGone()) {
      markGone(slot.id());
    } else {
      log.info("Agent {} is drained", slot.id());
      slot.drain(Optional.of(drain.get().toBuilder().setState(DrainState.DRAINED).build()));
    }
  }

  private void withdraw(AgentSlot slot) {
    cluster.refresh(slot);
    List.copyOf(slot.offers().values()).forEach(offers::rescind);
    offers.inverse().withdraw(slot);
  }

  private void markUnreachable(AgentSlot slot) {
    log.info("Agent {} is unreachable", slot.id());
    slot.unreachable(clock.instant());
    loseTasks(
        slot,
        TaskState.TASK_UNREACHABLE,
        TaskStatus.Reason.REASON_AGENT_REMOVED,
        "The agent did not answer pings");
  }

  /** The agent's process ends by the master's word, with all that it runs. */
  private void end(AgentSlot slot, String message) {
    slot.agent().disconnect();
    cluster.refresh(slot);
    loseTasks(
        slot,
        TaskState.TASK_GONE_BY_OPERATOR,
        TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR,
        message);
    cluster.frameworks().forEach(framework -> slot.agent().shutDown(framework.id()));
  }

  private void endUnreachable(AgentSlot slot) {
    for (var framework : cluster.frameworks()) {
      for (var task : unreachableTasks(framework, slot)) {
        framework.unreachableTasks().remove(task.key().taskId());
        if (!task.isTerminal()) {
          totals.ended(TaskState.TASK_GONE_BY_OPERATOR);
        }
        statuses.send(
            framework,
            task.key().taskId(),
            Optional.of(slot.id()),
            Statuses.lostUnlessAware(framework, TaskState.TASK_GONE_BY_OPERATOR),
            TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR,
            "Agent has been marked gone");
      }
      slot.agent().shutDown(framework.id());
    }
  }

  private static List<TaskRecord> unreachableTasks(Framework framework, AgentSlot slot) {
    return framework.unreachableTasks().values().stream()
        .filter(task -> task.agent() == slot)
        .toList();
  }

  private void loseTasks(
      AgentSlot slot, TaskState state, TaskStatus.Reason reason, String message) {
    for (var task : List.copyOf(slot.tasks().values())) {
      var framework = cluster.framework(task.key().frameworkId()).orElseThrow();
      var told = Statuses.lostUnlessAware(framework, state);
      var status =
          statuses.status(task.key().taskId(), Optional.of(slot.id()), told, reason, message);
      if (slot.membership() == AgentSlot.Membership.UNREACHABLE) {
        status.setUnreachableTime(Reconciler.since(slot));
        framework.unreachableTasks().put(task.key().taskId(), task);
      } else if (!task.isTerminal()) {
        totals.ended(state);
      }
      if (!task.isTerminal()) {
        cluster.release(framework, task.role(), slot, task.resources());
      }
      framework.tasks().remove(task.key().taskId());
      slot.tasks().remove(task.key());
      Statuses.send(framework, status.build());
    }
    for (var executor : List.copyOf(slot.executors().values())) {
      release(executor);
    }
    if (slot.membership() != AgentSlot.Membership.UNREACHABLE) {
      slot.executors().clear();
    }
    List.copyOf(slot.offers().values()).forEach(offers::rescind);
    offers.inverse().withdraw(slot);
    var failure = Event.Failure.newBuilder().setAgentId(slot.info().getId());
    var event = Event.newBuilder().setType(Event.Type.FAILURE).setFailure(failure).build();
    cluster.frameworks().forEach(framework -> framework.send(event));
  }

  /** A default executor has ended; its framework is told. */
  void executorExited(AgentSlot slot, ExecutorKey key, int status) {
    var executor = slot.executors().remove(key);
    if (executor == null) {
      return;
    }
    release(executor);
    var failure = Event.Failure.newBuilder().setAgentId(slot.info().getId()).setStatus(status);
    failure.getExecutorIdBuilder().setValue(key.executorId());
    cluster
        .framework(key.frameworkId())
        .ifPresent(
            framework ->
                framework.send(
                    Event.newBuilder().setType(Event.Type.FAILURE).setFailure(failure).build()));
  }

  private void release(ExecutorRecord executor) {
    cluster
        .framework(executor.key().frameworkId())
        .ifPresent(
            framework ->
                cluster.release(
                    framework, executor.role(), executor.agent(), executor.resources()));
  }

  /** Takes back what the executors of a framework have that is about to be removed. */
  void forgetExecutors(Framework framework) {
    for (var slot : cluster.agents()) {
      for (var executor : List.copyOf(slot.executors().values())) {
        if (executor.key().frameworkId().equals(framework.id())) {
          slot.executors().remove(executor.key());
          if (slot.isRegistered()) {
            release(executor);
          }
        }
      }
    }
  }

  /** Those that ended while nobody heard of it. */
  private void forgetEndedExecutors(AgentSlot slot) {
    for (var key : List.copyOf(slot.executors().keySet())) {
      if (!slot.agent().hasExecutor(key)) {
        executorExited(slot, key, 0);
      }
    }
  }

  /** Adopts what an agent that was given up still knows. */
  private void takeBack(AgentSlot slot) {
    for (var executor : List.copyOf(slot.executors().values())) {
      var framework = cluster.framework(executor.key().frameworkId());
      if (framework.isPresent() && slot.agent().hasExecutor(executor.key())) {
        cluster.allocate(framework.get(), executor.role(), slot, executor.resources());
      } else {
        slot.executors().remove(executor.key());
      }
    }
    for (var framework : cluster.frameworks()) {
      for (var task : unreachableTasks(framework, slot)) {
        TaskKey key = task.key();
        framework.unreachableTasks().remove(key.taskId());
        var state = slot.agent().state(key);
        if (state.isEmpty()) {
          continue;
        }
        task.latest(state.get());
        framework.tasks().put(key.taskId(), task);
        slot.tasks().put(key, task);
        if (!task.isTerminal()) {
          cluster.allocate(framework, task.role(), slot, task.resources());
          statuses.send(
              framework,
              key.taskId(),
              Optional.of(slot.id()),
              task.latest(),
              TaskStatus.Reason.REASON_AGENT_REREGISTERED,
              "The agent is back");
        }
      }
    }
  }
}
