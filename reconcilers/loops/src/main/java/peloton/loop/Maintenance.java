package peloton.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.maintenance.Protos.Window;
import peloton.host.HostFacts;
import peloton.host.SeenHost;
import peloton.mesos.driver.MesosOperatorApi;

/**
 * Takes hosts out of service by the means that the master has: it drains agents itself from 1.9 on;
 * an older one has a schedule, by which other frameworks are told, and machines that are down.
 */
final class Maintenance {
  private final MesosOperatorApi api;
  private final LongSupplier now;

  /**
   * @param now Unix nanoseconds
   */
  Maintenance(MesosOperatorApi api, LongSupplier now) {
    this.api = api;
    this.now = now;
  }

  /** What the master says of all hosts, and by which means they are taken out. */
  record Look(Map<String, SeenHost> hosts, boolean drains) {}

  CompletionStage<Look> look() {
    return api.capabilities()
        .thenCompose(
            can -> {
              boolean drains = can.contains(MasterInfo.Capability.Type.AGENT_DRAINING);
              return drains
                  ? api.agents()
                      .thenApply(agents -> new Look(HostFacts.of(agents, Optional.empty()), true))
                  : api.agents()
                      .thenCombine(
                          api.maintenanceStatus(),
                          (agents, status) ->
                              new Look(HostFacts.of(agents, Optional.of(status)), false));
            });
  }

  /** No more offers of a host, to nobody. */
  CompletionStage<Void> withhold(String hostname, SeenHost host, boolean drains) {
    return drains ? each(host, api::deactivateAgent) : reschedule(hostname, host, true);
  }

  /** Out of service, whoever else has tasks there. */
  CompletionStage<Void> takeDown(String hostname, SeenHost host, boolean drains) {
    if (drains) {
      return each(host, agent -> api.drainAgent(agent, Optional.empty(), false));
    }
    MachineID machine = HostFacts.machine(hostname, host);
    return host.withheld()
        ? api.startMaintenance(List.of(machine))
        : reschedule(hostname, host, true)
            .thenCompose(done -> api.startMaintenance(List.of(machine)));
  }

  /** Back into service. */
  CompletionStage<Void> bringUp(String hostname, SeenHost host, boolean drains) {
    if (drains) {
      return each(host, api::reactivateAgent);
    }
    return host.down()
        ? api.stopMaintenance(List.of(HostFacts.machine(hostname, host)))
        : reschedule(hostname, host, false);
  }

  private static CompletionStage<Void> each(
      SeenHost host, Function<AgentID, CompletionStage<Void>> call) {
    return CompletableFuture.allOf(
        host.agents().stream()
            .map(agent -> call.apply(agent).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /** Puts a machine into the schedule, from now on and without end, or takes it out. */
  private CompletionStage<Void> reschedule(String hostname, SeenHost host, boolean in) {
    return api.maintenanceSchedule()
        .thenCompose(
            schedule ->
                api.updateMaintenanceSchedule(
                    changed(schedule, HostFacts.machine(hostname, host), in)));
  }

  private Schedule changed(Schedule schedule, MachineID machine, boolean in) {
    List<Window> windows = new ArrayList<>();
    for (Window window : schedule.getWindowsList()) {
      Window.Builder rest = window.toBuilder().clearMachineIds();
      window.getMachineIdsList().stream()
          .filter(m -> !m.getHostname().equals(machine.getHostname()))
          .forEach(rest::addMachineIds);
      if (rest.getMachineIdsCount() > 0) {
        windows.add(rest.build());
      }
    }
    if (in) {
      windows.add(
          Window.newBuilder()
              .addMachineIds(machine)
              .setUnavailability(
                  Unavailability.newBuilder()
                      .setStart(TimeInfo.newBuilder().setNanoseconds(now.getAsLong())))
              .build());
    }
    return Schedule.newBuilder().addAllWindows(windows).build();
  }
}
