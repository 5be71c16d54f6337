package peloton.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainState;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.master.Protos.Response.GetAgents.Agent;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.placement.AgentLabels;

/** Puts what the master says of agents and machines together, host by host. */
public final class HostFacts {
  private HostFacts() {}

  /**
   * The hosts, by name.
   *
   * @param maintenance of masters that drain no agents themselves; empty for those that do
   */
  public static Map<String, SeenHost> of(List<Agent> agents, Optional<ClusterStatus> maintenance) {
    Map<String, List<Agent>> byHost = new TreeMap<>();
    for (Agent agent : agents) {
      byHost
          .computeIfAbsent(agent.getAgentInfo().getHostname(), name -> new ArrayList<>())
          .add(agent);
    }
    Map<String, SeenHost> hosts = new LinkedHashMap<>();
    byHost.forEach((name, on) -> hosts.put(name, host(name, on, maintenance)));
    maintenance.ifPresent(
        status ->
            status
                .getDownMachinesList()
                .forEach(
                    machine ->
                        hosts.computeIfAbsent(
                            machine.getHostname(),
                            name ->
                                new SeenHost(machine.getIp(), List.of(), List.of(), true, true))));
    return hosts;
  }

  /** The machine of an agent as Mesos names it in schedules. */
  public static MachineID machine(String hostname, SeenHost host) {
    MachineID.Builder machine = MachineID.newBuilder().setHostname(hostname);
    if (!host.ip().isEmpty()) {
      machine.setIp(host.ip());
    }
    return machine.build();
  }

  private static SeenHost host(
      String name, List<Agent> agents, Optional<ClusterStatus> maintenance) {
    List<AgentID> ids = agents.stream().map(agent -> agent.getAgentInfo().getId()).toList();
    List<Label> attributes =
        agents.stream()
            .flatMap(agent -> AgentLabels.of(agent.getAgentInfo().getAttributesList()).stream())
            .distinct()
            .map(label -> Label.newBuilder().setKey(label.key()).setValue(label.value()).build())
            .toList();
    String ip = ip(agents.get(0).getPid());
    boolean withheld = agents.stream().allMatch(HostFacts::isWithheld);
    boolean down = agents.stream().allMatch(HostFacts::isDrained);
    if (maintenance.isPresent()) {
      ClusterStatus status = maintenance.get();
      down = status.getDownMachinesList().stream().anyMatch(m -> m.getHostname().equals(name));
      withheld =
          down
              || status.getDrainingMachinesList().stream()
                  .anyMatch(m -> m.getId().getHostname().equals(name));
    }
    return new SeenHost(ip, ids, attributes, withheld, down);
  }

  private static boolean isWithheld(Agent agent) {
    return agent.getDeactivated() || agent.hasDrainInfo();
  }

  private static boolean isDrained(Agent agent) {
    return agent.hasDrainInfo() && agent.getDrainInfo().getState() == DrainState.DRAINED;
  }

  /** The address in a libprocess id such as {@code slave(1)@10.0.0.7:5051}. */
  private static String ip(String pid) {
    int at = pid.indexOf('@');
    int colon = pid.lastIndexOf(':');
    return at < 0 || colon < at ? "" : pid.substring(at + 1, colon);
  }
}
