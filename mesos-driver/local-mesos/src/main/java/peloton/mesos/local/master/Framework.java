package peloton.mesos.local.master;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.scheduler.Protos.Event;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.resources.Resources;

/** A framework, subscribed or between two subscriptions. */
final class Framework {

  private final String id;
  private FrameworkInfo info;
  private Set<Capability.Type> capabilities;
  private Set<String> roles;
  private Optional<Subscriber> subscriber = Optional.empty();
  private final Set<String> suppressed = new LinkedHashSet<>();
  private final Map<String, TaskRecord> tasks = new LinkedHashMap<>();
  private final Map<String, TaskRecord> unreachableTasks = new LinkedHashMap<>();
  private final Map<String, OutstandingOffer> offers = new LinkedHashMap<>();
  private final Map<String, Resources> allocated = new HashMap<>();
  private final Refusals refusals = new Refusals();
  private EventLoop.Timer heartbeat = () -> {};
  private EventLoop.Timer removal = () -> {};

  Framework(String id, FrameworkInfo info) {
    this.id = id;
    update(info);
  }

  String id() {
    return id;
  }

  FrameworkInfo info() {
    return info;
  }

  void update(FrameworkInfo newInfo) {
    info = newInfo;
    capabilities = EnumSet.noneOf(Capability.Type.class);
    newInfo.getCapabilitiesList().forEach(capability -> capabilities.add(capability.getType()));
    roles = new LinkedHashSet<>(rolesOf(newInfo, can(Capability.Type.MULTI_ROLE)));
  }

  boolean can(Capability.Type capability) {
    return capabilities.contains(capability);
  }

  Set<String> roles() {
    return roles;
  }

  /** Whether offers of this role are wanted. */
  boolean wantsOffers(String role) {
    return !suppressed.contains(role);
  }

  void suppress(Collection<String> some) {
    suppressed.addAll(some.isEmpty() ? roles : some);
  }

  void replaceSuppressed(Collection<String> some) {
    suppressed.clear();
    suppressed.addAll(some);
  }

  /** Wants offers again, also those that it refused. */
  void revive(Collection<String> some) {
    for (var role : some.isEmpty() ? List.copyOf(roles) : some) {
      suppressed.remove(role);
      refusals.clear(role);
    }
  }

  boolean isConnected() {
    return subscriber.isPresent();
  }

  /** Whether {@code stream} is the stream of its subscription now. */
  boolean isSubscribedThrough(String streamId) {
    return subscriber.isPresent() && subscriber.get().streamId().equals(streamId);
  }

  /** Sends an event; without a subscription it is lost. */
  void send(Event event) {
    subscriber.ifPresent(to -> to.send(event));
  }

  void connect(Subscriber to) {
    removal.cancel();
    subscriber = Optional.of(to);
  }

  /** Ends the subscription and returns where it went. */
  Optional<Subscriber> disconnect() {
    var was = subscriber;
    subscriber = Optional.empty();
    heartbeat.cancel();
    refusals.clear();
    return was;
  }

  void heartbeat(EventLoop.Timer timer) {
    heartbeat = timer;
  }

  void removal(EventLoop.Timer timer) {
    removal.cancel();
    removal = timer;
  }

  void cancelTimers() {
    heartbeat.cancel();
    removal.cancel();
  }

  Map<String, TaskRecord> tasks() {
    return tasks;
  }

  Map<String, TaskRecord> unreachableTasks() {
    return unreachableTasks;
  }

  Map<String, OutstandingOffer> offers() {
    return offers;
  }

  Refusals refusals() {
    return refusals;
  }

  /** What is offered to it or used by its tasks, for one role. */
  Resources allocated(String role) {
    return allocated.getOrDefault(role, Resources.NONE);
  }

  void allocate(String role, Resources resources, AgentSlot agent) {
    agent.take(resources);
    allocated.merge(role, scalarsOf(resources), Resources::plus);
  }

  void release(String role, Resources resources, AgentSlot agent) {
    agent.giveBack(resources);
    allocated.computeIfPresent(role, (any, all) -> all.minus(scalarsOf(resources)));
  }

  /** Port numbers are the same on every agent: only amounts can be summed. */
  private static Resources scalarsOf(Resources resources) {
    return resources.quantities();
  }

  @SuppressWarnings("deprecation") // the only role of a framework without MULTI_ROLE
  private static List<String> rolesOf(FrameworkInfo info, boolean multiRole) {
    return multiRole ? info.getRolesList() : List.of(info.getRole());
  }
}
