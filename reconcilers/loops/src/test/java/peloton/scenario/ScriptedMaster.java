package peloton.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DrainInfo;
import org.apache.mesos.v1.Protos.DrainState;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.maintenance.Protos.Window;
import org.apache.mesos.v1.master.Protos.Response;
import peloton.mesos.driver.MesosOperatorApi;

/**
 * The operators' side of {@link ScriptedMesos}: a master that drains agents, or an older one that
 * has a schedule of maintenance.
 */
final class ScriptedMaster {
  private final ScriptedMesos mesos;
  private final Executor network;
  private final Set<String> deactivated = new LinkedHashSet<>();
  private final Set<String> drained = new LinkedHashSet<>();
  private final Set<MachineID> down = new HashSet<>();
  private final List<String> calls = new ArrayList<>();
  private Schedule schedule = Schedule.getDefaultInstance();
  private boolean drains = true;
  private boolean away;

  ScriptedMaster(ScriptedMesos mesos, Executor network) {
    this.mesos = mesos;
    this.network = network;
  }

  /** A master before 1.9, which cannot drain agents. */
  void cannotDrain() {
    drains = false;
  }

  /** Whether it answers nobody. */
  void away(boolean is) {
    away = is;
  }

  /** What was ordered, in order. */
  List<String> calls() {
    return calls;
  }

  /** Whether an agent is out of service by Mesos' own account. */
  boolean isOut(String agent) {
    return drained.contains(agent)
        || down.stream().anyMatch(machine -> machine.getHostname().equals(host(agent)));
  }

  /** Whether offers of an agent are made. */
  boolean offers(String agent) {
    return !deactivated.contains(agent) && !isOut(agent);
  }

  static String host(String agent) {
    return agent + ".example";
  }

  /** One client; what it asks is done when its network delivers, unless it has died before. */
  MesosOperatorApi client(Runnable before, Runnable after, Supplier<Boolean> dead) {
    return new Client(before, after, dead);
  }

  private final class Client implements MesosOperatorApi {
    private final Runnable before;
    private final Runnable after;
    private final Supplier<Boolean> dead;

    Client(Runnable before, Runnable after, Supplier<Boolean> dead) {
      this.before = before;
      this.after = after;
      this.dead = dead;
    }

    private <T> CompletionStage<T> answer(Supplier<T> what) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      network.execute(
          () -> {
            if (dead.get()) {
              return;
            }
            if (away) {
              answer.completeExceptionally(new IllegalStateException("no master answers"));
              return;
            }
            answer.complete(what.get());
          });
      return answer;
    }

    private CompletionStage<Void> order(String call, Runnable effect) {
      before.run();
      if (dead.get()) {
        return new CompletableFuture<>();
      }
      CompletionStage<Void> done =
          answer(
              () -> {
                calls.add(call);
                effect.run();
                return null;
              });
      after.run();
      return done;
    }

    @Override
    public CompletionStage<String> version() {
      return answer(() -> drains ? "1.11.0" : "1.8.1");
    }

    @Override
    public CompletionStage<Set<MasterInfo.Capability.Type>> capabilities() {
      return answer(() -> drains ? Set.of(MasterInfo.Capability.Type.AGENT_DRAINING) : Set.of());
    }

    @Override
    public CompletionStage<List<Response.GetAgents.Agent>> agents() {
      return answer(
          () ->
              mesos.agentIds().stream()
                  .filter(id -> drains || !isOut(id))
                  .map(this::agent)
                  .toList());
    }

    private Response.GetAgents.Agent agent(String id) {
      Response.GetAgents.Agent.Builder agent =
          Response.GetAgents.Agent.newBuilder()
              .setAgentInfo(
                  AgentInfo.newBuilder()
                      .setId(AgentID.newBuilder().setValue(id))
                      .setHostname(host(id)))
              .setActive(true)
              .setVersion("1.11.0")
              .setPid("slave(1)@10.0.0.1:5051")
              .setDeactivated(deactivated.contains(id));
      if (drained.contains(id)) {
        agent.setDrainInfo(
            DrainInfo.newBuilder()
                .setConfig(DrainConfig.getDefaultInstance())
                .setState(DrainState.DRAINED));
      }
      return agent.build();
    }

    @Override
    public CompletionStage<Schedule> maintenanceSchedule() {
      return answer(() -> schedule);
    }

    @Override
    public CompletionStage<ClusterStatus> maintenanceStatus() {
      return answer(
          () -> {
            ClusterStatus.Builder status = ClusterStatus.newBuilder().addAllDownMachines(down);
            schedule.getWindowsList().stream()
                .flatMap(window -> window.getMachineIdsList().stream())
                .filter(machine -> !down.contains(machine))
                .forEach(machine -> status.addDrainingMachinesBuilder().setId(machine));
            return status.build();
          });
    }

    @Override
    public CompletionStage<Void> updateMaintenanceSchedule(Schedule next) {
      return order("UPDATE_MAINTENANCE_SCHEDULE", () -> schedule = next);
    }

    @Override
    public CompletionStage<Void> startMaintenance(List<MachineID> machines) {
      return order(
          "START_MAINTENANCE",
          () -> {
            down.addAll(machines);
            machines.forEach(machine -> mesos.killAll(agentOf(machine)));
          });
    }

    @Override
    public CompletionStage<Void> stopMaintenance(List<MachineID> machines) {
      return order(
          "STOP_MAINTENANCE",
          () -> {
            machines.forEach(down::remove);
            Schedule.Builder rest = Schedule.newBuilder();
            for (Window window : schedule.getWindowsList()) {
              if (window.getMachineIdsList().stream().noneMatch(machines::contains)) {
                rest.addWindows(window);
              }
            }
            schedule = rest.build();
          });
    }

    @Override
    public CompletionStage<Void> drainAgent(
        AgentID agent, Optional<Duration> maxGracePeriod, boolean markGone) {
      return order(
          "DRAIN_AGENT",
          () -> {
            drained.add(agent.getValue());
            deactivated.add(agent.getValue());
            mesos.killAll(agent.getValue());
          });
    }

    @Override
    public CompletionStage<Void> deactivateAgent(AgentID agent) {
      return order("DEACTIVATE_AGENT", () -> deactivated.add(agent.getValue()));
    }

    @Override
    public CompletionStage<Void> reactivateAgent(AgentID agent) {
      return order(
          "REACTIVATE_AGENT",
          () -> {
            drained.remove(agent.getValue());
            deactivated.remove(agent.getValue());
          });
    }

    private static String agentOf(MachineID machine) {
      return machine.getHostname().replace(".example", "");
    }

    @Override
    public CompletionStage<Void> markAgentGone(AgentID agent) {
      throw new UnsupportedOperationException("no story needs it");
    }

    @Override
    public CompletionStage<Void> destroyVolumes(AgentID agent, List<Resource> volumes) {
      throw new UnsupportedOperationException("no story needs it");
    }

    @Override
    public CompletionStage<Void> unreserveResources(AgentID agent, List<Resource> resources) {
      throw new UnsupportedOperationException("no story needs it");
    }

    @Override
    public CompletionStage<Void> tearDown(FrameworkID framework) {
      throw new UnsupportedOperationException("no story needs it");
    }
  }
}
