package peloton.mesos.local.master;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DrainState;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;
import peloton.mesos.local.resources.Conversion;
import peloton.mesos.local.resources.InvalidResources;
import peloton.mesos.local.resources.Resources;

/**
 * The master's operator API, without HTTP: one call, one answer. Wording and status codes of
 * refusals are those of Mesos where a client could tell them apart.
 */
public final class OperatorCalls {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int NOT_IMPLEMENTED = 501;

  private final Master master;
  private final MasterSettings settings;
  private final Cluster cluster;
  private final Agents agents;
  private final Offers offers;
  private final Operations operations;
  private final StateReport report;
  private final BiConsumer<String, Resources> revive;
  private final List<AgentSlot> downed = new ArrayList<>();

  OperatorCalls(
      Master master,
      MasterSettings settings,
      Cluster cluster,
      Agents agents,
      Offers offers,
      Operations operations,
      BiConsumer<String, Resources> revive) {
    this.master = master;
    this.settings = settings;
    this.cluster = cluster;
    this.agents = agents;
    this.offers = offers;
    this.operations = operations;
    this.report = new StateReport(cluster, offers, settings);
    this.revive = revive;
  }

  /** Answers one call, which may lack what it needs. */
  public OperatorReply call(Call call) {
    var problem = problem(call);
    if (problem.isPresent()) {
      return OperatorReply.badRequest("Failed to validate master::Call: " + problem.get());
    }
    return switch (call.getType()) {
      case GET_HEALTH -> data(report.health());
      case GET_FLAGS -> data(report.flags());
      case GET_VERSION -> data(report.version());
      case GET_MASTER -> data(report.master(master.info()));
      case GET_METRICS -> data(report.metrics(master.metrics()));
      case GET_AGENTS -> data(report.agents());
      case GET_FRAMEWORKS -> data(report.frameworks());
      case GET_TASKS -> data(report.tasks());
      case GET_EXECUTORS -> data(report.executors());
      case GET_STATE -> data(report.state());
      case GET_ROLES -> data(report.roles());
      case GET_MAINTENANCE_STATUS -> data(report.maintenanceStatus());
      case GET_MAINTENANCE_SCHEDULE -> data(report.maintenanceSchedule());
      case UPDATE_MAINTENANCE_SCHEDULE -> schedule(call.getUpdateMaintenanceSchedule());
      case START_MAINTENANCE -> down(call.getStartMaintenance().getMachinesList());
      case STOP_MAINTENANCE -> up(call.getStopMaintenance().getMachinesList());
      case DRAIN_AGENT -> known(call.getDrainAgent().getAgentId(), slot -> drain(slot, call));
      case DEACTIVATE_AGENT ->
          known(
              call.getDeactivateAgent().getAgentId(),
              slot -> {
                agents.deactivate(slot);
                return new OperatorReply.Done();
              });
      case REACTIVATE_AGENT -> reactivate(call.getReactivateAgent().getAgentId());
      case MARK_AGENT_GONE -> markGone(call.getMarkAgentGone().getAgentId());
      case RESERVE_RESOURCES -> {
        var wanted = call.getReserveResources();
        yield convert(wanted.getAgentId(), Conversion.Type.RESERVE, wanted.getResourcesList());
      }
      case UNRESERVE_RESOURCES -> {
        var wanted = call.getUnreserveResources();
        yield convert(wanted.getAgentId(), Conversion.Type.UNRESERVE, wanted.getResourcesList());
      }
      case CREATE_VOLUMES -> {
        var wanted = call.getCreateVolumes();
        yield convert(wanted.getAgentId(), Conversion.Type.CREATE, wanted.getVolumesList());
      }
      case DESTROY_VOLUMES -> {
        var wanted = call.getDestroyVolumes();
        yield convert(wanted.getAgentId(), Conversion.Type.DESTROY, wanted.getVolumesList());
      }
      case TEARDOWN -> tearDown(call.getTeardown().getFrameworkId().getValue());
      default ->
          new OperatorReply.Refused(
              NOT_IMPLEMENTED, call.getType() + " is not supported by the local Mesos");
    };
  }

  private Optional<String> problem(Call call) {
    if (!call.hasType() || call.getType() == Call.Type.UNKNOWN || isUnknownToThisVersion(call)) {
      return Optional.of("Expecting 'type' to be present");
    }
    if (!call.isInitialized()) {
      return Optional.of("missing required fields: " + call.getInitializationErrorString());
    }
    boolean present =
        switch (call.getType()) {
          case UPDATE_MAINTENANCE_SCHEDULE -> call.hasUpdateMaintenanceSchedule();
          case START_MAINTENANCE -> call.hasStartMaintenance();
          case STOP_MAINTENANCE -> call.hasStopMaintenance();
          case DRAIN_AGENT -> call.hasDrainAgent();
          case DEACTIVATE_AGENT -> call.hasDeactivateAgent();
          case REACTIVATE_AGENT -> call.hasReactivateAgent();
          case MARK_AGENT_GONE -> call.hasMarkAgentGone();
          case TEARDOWN -> call.hasTeardown();
          case RESERVE_RESOURCES -> call.hasReserveResources();
          case UNRESERVE_RESOURCES -> call.hasUnreserveResources();
          case CREATE_VOLUMES -> call.hasCreateVolumes();
          case DESTROY_VOLUMES -> call.hasDestroyVolumes();
          default -> true;
        };
    if (!present) {
      return Optional.of(
          "Expecting '" + call.getType().name().toLowerCase(Locale.ROOT) + "' to be set");
    }
    if (call.getType() == Call.Type.DRAIN_AGENT) {
      var grace = call.getDrainAgent().getMaxGracePeriod();
      if (grace.getSeconds() < 0 || grace.getNanos() < 0) {
        return Optional.of("'max_grace_period' must not be negative");
      }
    }
    return Optional.empty();
  }

  /** An older master reads such a type as none at all. */
  private boolean isUnknownToThisVersion(Call call) {
    return switch (call.getType()) {
      case DRAIN_AGENT, DEACTIVATE_AGENT, REACTIVATE_AGENT -> !settings.drainsAgents();
      default -> false;
    };
  }

  private OperatorReply schedule(Call.UpdateMaintenanceSchedule call) {
    var problem = cluster.machines().problem(call.getSchedule());
    if (problem.isPresent()) {
      return OperatorReply.badRequest(problem.get());
    }
    for (var machine : cluster.machines().replace(call.getSchedule())) {
      for (var slot : cluster.agentsOn(machine)) {
        List.copyOf(slot.offers().values()).forEach(offers::rescind);
        offers.inverse().withdraw(slot);
      }
    }
    return new OperatorReply.Done();
  }

  private OperatorReply down(List<MachineID> machines) {
    var problem = cluster.machines().problemWithDown(machines);
    if (problem.isPresent()) {
      return OperatorReply.badRequest(problem.get());
    }
    cluster.machines().takeDown(machines);
    for (var machine : machines) {
      for (var slot : cluster.agentsOn(machine)) {
        downed.add(slot);
        agents.machineDown(slot);
      }
    }
    return new OperatorReply.Done();
  }

  /** Whatever keeps agents running on a machine has tried to start them all the time. */
  private OperatorReply up(List<MachineID> machines) {
    var problem = cluster.machines().problemWithUp(machines);
    if (problem.isPresent()) {
      return OperatorReply.badRequest(problem.get());
    }
    cluster.machines().bringUp(machines);
    for (var slot : List.copyOf(downed)) {
      if (!cluster.machines().isDown(slot.machine())) {
        downed.remove(slot);
        revive.accept(slot.info().getHostname(), slot.total());
      }
    }
    return new OperatorReply.Done();
  }

  private OperatorReply drain(AgentSlot slot, Call call) {
    var wanted = call.getDrainAgent();
    var config = DrainConfig.newBuilder().setMarkGone(wanted.getMarkGone());
    if (wanted.hasMaxGracePeriod()) {
      var grace = wanted.getMaxGracePeriod();
      config.setMaxGracePeriod(
          DurationInfo.newBuilder()
              .setNanoseconds(grace.getSeconds() * 1_000_000_000L + grace.getNanos()));
    }
    agents.drain(slot, config.build());
    return new OperatorReply.Done();
  }

  private OperatorReply reactivate(AgentID id) {
    var slot = find(id).filter(AgentSlot::deactivated);
    if (slot.isEmpty()) {
      return OperatorReply.badRequest("Agent is not deactivated");
    }
    if (slot.get().drain().filter(drain -> drain.getState() == DrainState.DRAINING).isPresent()) {
      return OperatorReply.badRequest("Agent is still in the DRAINING state");
    }
    agents.reactivate(slot.get());
    return new OperatorReply.Done();
  }

  private OperatorReply markGone(AgentID id) {
    if (cluster.agent(id.getValue()).isEmpty()) {
      return new OperatorReply.Refused(NOT_FOUND, "Agent '" + id.getValue() + "' not found");
    }
    agents.markGone(id.getValue());
    return new OperatorReply.Done();
  }

  /** Done on what nobody uses; what is offered is taken back if that is needed. */
  private OperatorReply convert(AgentID id, Conversion.Type type, List<Resource> resources) {
    var slot = cluster.agent(id.getValue()).filter(AgentSlot::isRegistered);
    if (slot.isEmpty()) {
      return OperatorReply.badRequest("No agent found with specified ID");
    }
    Conversion conversion;
    try {
      conversion = Conversion.of(type, resources, Optional.empty(), Optional.empty());
    } catch (InvalidResources e) {
      return OperatorReply.badRequest("Invalid " + type + " operation: " + e.getMessage());
    }
    for (var offer : List.copyOf(slot.get().offers().values())) {
      if (slot.get().free().contains(conversion.consumed())) {
        break;
      }
      offers.rescind(offer);
    }
    if (!slot.get().free().contains(conversion.consumed())) {
      return new OperatorReply.Refused(
          CONFLICT,
          "Invalid "
              + type
              + " operation: it needs "
              + conversion.consumed()
              + ", the agent has "
              + slot.get().free()
              + " that nobody uses");
    }
    return operations
        .byOperator(slot.get(), type, conversion)
        .map(OperatorReply::badRequest)
        .orElseGet(OperatorReply.Accepted::new);
  }

  private OperatorReply tearDown(String frameworkId) {
    return master.tearDown(frameworkId)
        ? new OperatorReply.Done()
        : OperatorReply.badRequest("No framework found with ID " + frameworkId);
  }

  private OperatorReply known(AgentID id, Function<AgentSlot, OperatorReply> then) {
    return find(id).map(then).orElseGet(() -> OperatorReply.badRequest("Unknown agent"));
  }

  /** An agent that is registered or unreachable; what is gone cannot be spoken of. */
  private Optional<AgentSlot> find(AgentID id) {
    return cluster
        .agent(id.getValue())
        .filter(slot -> slot.membership() != AgentSlot.Membership.GONE);
  }

  private static OperatorReply data(Response.Builder response) {
    return new OperatorReply.Data(response.build());
  }
}
