package peloton.mesos.local.master;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainInfo;
import org.apache.mesos.v1.Protos.MachineID;
import peloton.mesos.local.agent.Agent;
import peloton.mesos.local.agent.ExecutorKey;
import peloton.mesos.local.agent.TaskKey;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.resources.Conversion;
import peloton.mesos.local.resources.Resources;

/** The master's side of one agent. */
final class AgentSlot {

  /** Where an agent stands with its master. */
  enum Membership {
    ACTIVE,
    DISCONNECTED,
    UNREACHABLE,
    GONE
  }

  /** All agents are on this machine. */
  static final String IP = "127.0.0.1";

  private final AgentInfo info;
  private final Agent agent;
  private Resources total;
  private final Map<TaskKey, TaskRecord> tasks = new LinkedHashMap<>();
  private final Map<ExecutorKey, ExecutorRecord> executors = new LinkedHashMap<>();
  private final Map<String, OutstandingOffer> offers = new HashMap<>();
  private final Set<TaskKey> killsToRepeat = new LinkedHashSet<>();
  private Resources free;
  private Membership membership = Membership.ACTIVE;
  private Instant unreachableSince = Instant.EPOCH;
  private EventLoop.Timer pingTimeout = () -> {};
  private boolean deactivated;
  private Optional<DrainInfo> drain = Optional.empty();

  AgentSlot(AgentInfo info, Agent agent, Resources total) {
    this.info = info;
    this.agent = agent;
    this.total = total;
    this.free = total;
  }

  String id() {
    return agent.id();
  }

  AgentInfo info() {
    return info;
  }

  Agent agent() {
    return agent;
  }

  Resources total() {
    return total;
  }

  /** What is neither offered nor used. */
  Resources free() {
    return free;
  }

  /** Some of what it has is of another kind now. */
  void convert(Conversion conversion) {
    total = total.minus(conversion.consumed()).plus(conversion.converted());
  }

  void take(Resources resources) {
    free = free.minus(resources);
  }

  void giveBack(Resources resources) {
    free = free.plus(resources);
  }

  Map<TaskKey, TaskRecord> tasks() {
    return tasks;
  }

  /** Its default executors; while it is unreachable, those that it had. */
  Map<ExecutorKey, ExecutorRecord> executors() {
    return executors;
  }

  Map<String, OutstandingOffer> offers() {
    return offers;
  }

  /** Kills that the agent may have missed. */
  Set<TaskKey> killsToRepeat() {
    return killsToRepeat;
  }

  Membership membership() {
    return membership;
  }

  /** Whether it hears the master. */
  boolean isActive() {
    return membership == Membership.ACTIVE;
  }

  /** Whether what is free on it may be offered. */
  boolean isOfferable() {
    return isActive() && !deactivated;
  }

  /** What a maintenance schedule has to say to mean this agent. */
  MachineID machine() {
    return MachineID.newBuilder().setHostname(info.getHostname()).setIp(IP).build();
  }

  /** Whether operators have taken it out of the offers. */
  boolean deactivated() {
    return deactivated;
  }

  void deactivated(boolean now) {
    deactivated = now;
  }

  /** How far a drain has come; empty when nobody asked for one. */
  Optional<DrainInfo> drain() {
    return drain;
  }

  void drain(Optional<DrainInfo> now) {
    drain = now;
  }

  /** Whether the master counts it among its agents, connected or not. */
  boolean isRegistered() {
    return membership == Membership.ACTIVE || membership == Membership.DISCONNECTED;
  }

  Instant unreachableSince() {
    return unreachableSince;
  }

  void activate() {
    pingTimeout.cancel();
    membership = Membership.ACTIVE;
  }

  void disconnected(EventLoop.Timer timeout) {
    pingTimeout.cancel();
    pingTimeout = timeout;
    membership = Membership.DISCONNECTED;
  }

  void unreachable(Instant since) {
    pingTimeout.cancel();
    membership = Membership.UNREACHABLE;
    unreachableSince = since;
  }

  void gone() {
    pingTimeout.cancel();
    membership = Membership.GONE;
  }
}
