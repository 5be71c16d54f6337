package peloton.mesos.local.master;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Flag;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Metric;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Role;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.VersionInfo;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.master.Protos.Response;
import peloton.mesos.local.resources.Resources;

/** What the master tells operators about itself and its cluster. Reads, never writes. */
final class StateReport {

  private final Cluster cluster;
  private final Offers offers;
  private final MasterSettings settings;

  StateReport(Cluster cluster, Offers offers, MasterSettings settings) {
    this.cluster = cluster;
    this.offers = offers;
    this.settings = settings;
  }

  Response.Builder health() {
    return Response.newBuilder()
        .setType(Response.Type.GET_HEALTH)
        .setGetHealth(Response.GetHealth.newBuilder().setHealthy(true));
  }

  /** The flags of a master that say what this one's settings do. */
  Response.Builder flags() {
    var flags = Response.GetFlags.newBuilder();
    flags.addFlags(
        Flag.newBuilder()
            .setName("allocation_interval")
            .setValue(settings.allocationInterval().toMillis() + "ms"));
    flags.addFlags(
        Flag.newBuilder()
            .setName("agent_ping_timeout")
            .setValue(settings.agentPingTimeout().toMillis() + "ms"));
    flags.addFlags(Flag.newBuilder().setName("max_agent_ping_timeouts").setValue("1"));
    return Response.newBuilder().setType(Response.Type.GET_FLAGS).setGetFlags(flags);
  }

  Response.Builder version() {
    var version = VersionInfo.newBuilder().setVersion(settings.version());
    return Response.newBuilder()
        .setType(Response.Type.GET_VERSION)
        .setGetVersion(Response.GetVersion.newBuilder().setVersionInfo(version));
  }

  Response.Builder master(MasterInfo info) {
    return Response.newBuilder()
        .setType(Response.Type.GET_MASTER)
        .setGetMaster(Response.GetMaster.newBuilder().setMasterInfo(info));
  }

  Response.Builder metrics(Map<String, Long> metrics) {
    var list = Response.GetMetrics.newBuilder();
    metrics.forEach(
        (name, value) -> list.addMetrics(Metric.newBuilder().setName(name).setValue(value)));
    return Response.newBuilder().setType(Response.Type.GET_METRICS).setGetMetrics(list);
  }

  Response.Builder agents() {
    return Response.newBuilder().setType(Response.Type.GET_AGENTS).setGetAgents(allAgents());
  }

  Response.Builder frameworks() {
    return Response.newBuilder()
        .setType(Response.Type.GET_FRAMEWORKS)
        .setGetFrameworks(allFrameworks());
  }

  Response.Builder tasks() {
    return Response.newBuilder().setType(Response.Type.GET_TASKS).setGetTasks(allTasks());
  }

  Response.Builder executors() {
    return Response.newBuilder()
        .setType(Response.Type.GET_EXECUTORS)
        .setGetExecutors(allExecutors());
  }

  Response.Builder state() {
    return Response.newBuilder()
        .setType(Response.Type.GET_STATE)
        .setGetState(
            Response.GetState.newBuilder()
                .setGetAgents(allAgents())
                .setGetFrameworks(allFrameworks())
                .setGetTasks(allTasks())
                .setGetExecutors(allExecutors()));
  }

  Response.Builder roles() {
    var byRole = new LinkedHashMap<String, Role.Builder>();
    for (var framework : cluster.frameworks()) {
      for (var name : framework.roles()) {
        var role = byRole.computeIfAbsent(name, any -> Role.newBuilder().setName(any).setWeight(1));
        role.addFrameworks(FrameworkID.newBuilder().setValue(framework.id()));
        role.addAllResources(framework.allocated(name).toProto(Optional.of(name), true));
      }
    }
    var roles = Response.GetRoles.newBuilder();
    byRole.values().forEach(roles::addRoles);
    return Response.newBuilder().setType(Response.Type.GET_ROLES).setGetRoles(roles);
  }

  Response.Builder maintenanceStatus() {
    var machines = cluster.machines();
    var status = ClusterStatus.newBuilder().addAllDownMachines(machines.down());
    for (var machine : machines.draining()) {
      var draining = status.addDrainingMachinesBuilder().setId(machine);
      for (var agent : cluster.agentsOn(machine)) {
        draining.addAllStatuses(offers.inverse().answers(agent));
      }
    }
    return Response.newBuilder()
        .setType(Response.Type.GET_MAINTENANCE_STATUS)
        .setGetMaintenanceStatus(Response.GetMaintenanceStatus.newBuilder().setStatus(status));
  }

  Response.Builder maintenanceSchedule() {
    return Response.newBuilder()
        .setType(Response.Type.GET_MAINTENANCE_SCHEDULE)
        .setGetMaintenanceSchedule(
            Response.GetMaintenanceSchedule.newBuilder()
                .setSchedule(cluster.machines().schedule()));
  }

  private Response.GetAgents allAgents() {
    var all = Response.GetAgents.newBuilder();
    cluster.agents().stream()
        .filter(AgentSlot::isRegistered)
        .forEach(slot -> all.addAgents(agent(slot)));
    return all.build();
  }

  private Response.GetAgents.Agent agent(AgentSlot slot) {
    var offered = Resources.NONE;
    for (var offer : slot.offers().values()) {
      offered = offered.plus(offer.resources());
    }
    var agent =
        Response.GetAgents.Agent.newBuilder()
            .setAgentInfo(slot.info())
            .setActive(slot.isOfferable())
            .setVersion(settings.version())
            .setPid("slave(1)@" + AgentSlot.IP + ":" + slot.info().getPort())
            .addAllTotalResources(toProto(slot.total()))
            .addAllAllocatedResources(toProto(slot.total().minus(slot.free()).minus(offered)))
            .addAllOfferedResources(toProto(offered));
    settings.agentCapabilities().forEach(type -> agent.addCapabilitiesBuilder().setType(type));
    if (settings.drainsAgents()) {
      agent.setDeactivated(slot.deactivated());
      slot.drain().ifPresent(agent::setDrainInfo);
    }
    return agent.build();
  }

  private Response.GetFrameworks allFrameworks() {
    var all = Response.GetFrameworks.newBuilder();
    for (var framework : cluster.frameworks()) {
      var id = FrameworkID.newBuilder().setValue(framework.id());
      var one =
          all.addFrameworksBuilder()
              .setFrameworkInfo(framework.info().toBuilder().setId(id))
              .setActive(framework.isConnected())
              .setConnected(framework.isConnected())
              .setRecovered(false);
      for (var offer : framework.offers().values()) {
        one.addAllOfferedResources(toProto(offer.resources()));
        one.addOffers(offers.toProto(offer));
      }
    }
    return all.build();
  }

  private Response.GetTasks allTasks() {
    var all = Response.GetTasks.newBuilder();
    for (var framework : cluster.frameworks()) {
      framework.tasks().values().forEach(task -> all.addTasks(task(task)));
      framework.unreachableTasks().values().forEach(task -> all.addUnreachableTasks(task(task)));
    }
    return all.build();
  }

  private Response.GetExecutors allExecutors() {
    var all = Response.GetExecutors.newBuilder();
    for (var slot : cluster.agents()) {
      for (var executor : slot.executors().values()) {
        all.addExecutorsBuilder().setExecutorInfo(executor.info()).setAgentId(slot.info().getId());
      }
    }
    return all.build();
  }

  private static Task task(TaskRecord record) {
    var info = record.info();
    var task =
        Task.newBuilder()
            .setName(info.getName())
            .setTaskId(info.getTaskId())
            .setFrameworkId(FrameworkID.newBuilder().setValue(record.key().frameworkId()))
            .setAgentId(info.getAgentId())
            .setState(record.latest())
            .addAllResources(info.getResourcesList())
            .setLabels(info.getLabels());
    record
        .lastSent()
        .ifPresent(
            status ->
                task.addStatuses(status)
                    .setStatusUpdateState(status.getState())
                    .setStatusUpdateUuid(status.getUuid()));
    if (info.hasHealthCheck()) {
      task.setHealthCheck(info.getHealthCheck());
    }
    if (info.hasKillPolicy()) {
      task.setKillPolicy(info.getKillPolicy());
    }
    if (info.hasDiscovery()) {
      task.setDiscovery(info.getDiscovery());
    }
    if (info.hasContainer()) {
      task.setContainer(info.getContainer());
    }
    return task.build();
  }

  private static List<Resource> toProto(Resources resources) {
    return resources.toProto(Optional.empty(), true);
  }
}
