package peloton.mesos.local.master;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.mesos.v1.Protos.MachineID;
import peloton.mesos.local.resources.Resources;

/** The frameworks and agents of one master, and the ids that it gives out. */
final class Cluster {

  /** Mesos' default for what is worth an offer: this much of one of the two. */
  private static final long LEAST_CPUS = 10;

  private static final long LEAST_MEM = 32_000;

  private final Map<String, Framework> frameworks = new LinkedHashMap<>();
  private final Map<String, AgentSlot> agents = new LinkedHashMap<>();
  private final Set<AgentSlot> offerable = new LinkedHashSet<>();
  private final Machines machines = new Machines();
  private String masterId = UUID.randomUUID().toString();
  private Resources total = Resources.NONE;
  private long nextFramework;
  private long nextOffer;
  private long nextAgent;

  String masterId() {
    return masterId;
  }

  /** Another master leads: ids have another prefix from now on. */
  void newMaster() {
    masterId = UUID.randomUUID().toString();
    nextFramework = 0;
    nextOffer = 0;
  }

  String newFrameworkId() {
    return String.format("%s-%04d", masterId, nextFramework++);
  }

  String newOfferId() {
    return masterId + "-O" + nextOffer++;
  }

  String newAgentId() {
    return masterId + "-S" + nextAgent++;
  }

  Collection<Framework> frameworks() {
    return frameworks.values();
  }

  Optional<Framework> framework(String id) {
    return Optional.ofNullable(frameworks.get(id));
  }

  void add(Framework framework) {
    frameworks.put(framework.id(), framework);
  }

  void remove(Framework framework) {
    frameworks.remove(framework.id());
  }

  Collection<AgentSlot> agents() {
    return agents.values();
  }

  Optional<AgentSlot> agent(String id) {
    return Optional.ofNullable(agents.get(id));
  }

  void add(AgentSlot agent) {
    agents.put(agent.id(), agent);
    total = total.plus(agent.total().quantities());
    refresh(agent);
  }

  /** Forgets an agent. */
  void remove(AgentSlot agent) {
    agents.remove(agent.id());
    offerable.remove(agent);
    total = total.minus(agent.total().quantities());
  }

  /** What maintenance is planned. */
  Machines machines() {
    return machines;
  }

  /** The registered agents of a machine. */
  List<AgentSlot> agentsOn(MachineID machine) {
    return agents.values().stream()
        .filter(AgentSlot::isRegistered)
        .filter(
            agent ->
                agent.machine().getIp().equals(machine.getIp())
                    && agent.machine().getHostname().equalsIgnoreCase(machine.getHostname()))
        .toList();
  }

  /** The scalars of all agents together. */
  Resources total() {
    return total;
  }

  /** Active agents with something that is worth an offer. */
  Collection<AgentSlot> offerable() {
    return offerable;
  }

  /** To be called after what is free on an agent, or its membership, has changed. */
  void refresh(AgentSlot agent) {
    if (agent.isOfferable() && isWorthAnOffer(agent.free())) {
      offerable.add(agent);
    } else {
      offerable.remove(agent);
    }
  }

  /** A volume alone is not offered, since nothing could run on it. */
  static boolean isWorthAnOffer(Resources free) {
    return free.thousandths("cpus") >= LEAST_CPUS || free.thousandths("mem") >= LEAST_MEM;
  }

  /** Gives resources to a framework: offered, or used by a task. */
  void allocate(Framework framework, String role, AgentSlot agent, Resources resources) {
    framework.allocate(role, resources, agent);
    refresh(agent);
  }

  /** Takes resources back from a framework. */
  void release(Framework framework, String role, AgentSlot agent, Resources resources) {
    framework.release(role, resources, agent);
    refresh(agent);
  }
}
