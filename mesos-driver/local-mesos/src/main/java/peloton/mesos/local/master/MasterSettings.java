package peloton.mesos.local.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.MasterInfo;

/**
 * The master's timers, and which Mesos it says it is.
 *
 * @param allocationInterval between two rounds of offers
 * @param heartbeatInterval between two heartbeats of a stream
 * @param agentPingTimeout from the loss of an agent until its tasks count as unreachable
 * @param version as {@code 1.11.0}; one below 1.9 cannot drain agents, and knows no call to do it
 */
public record MasterSettings(
    Duration allocationInterval,
    Duration heartbeatInterval,
    Duration agentPingTimeout,
    String version) {

  /** What is said when nothing else is asked for. */
  public static final String VERSION = "1.11.0";

  private static final int FIRST_MINOR_THAT_DRAINS = 9;

  public MasterSettings {
    if (!version.matches("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")) {
      throw new IllegalArgumentException("version: '" + version + "' is not like " + VERSION);
    }
  }

  /** Whether DRAIN_AGENT, DEACTIVATE_AGENT and REACTIVATE_AGENT are there. */
  boolean drainsAgents() {
    var parts = version.split("\\.");
    int major = Integer.parseInt(parts[0]);
    return major > 1 || major == 1 && Integer.parseInt(parts[1]) >= FIRST_MINOR_THAT_DRAINS;
  }

  List<MasterInfo.Capability> masterCapabilities() {
    var types = new ArrayList<>(List.of(MasterInfo.Capability.Type.AGENT_UPDATE));
    if (drainsAgents()) {
      types.add(MasterInfo.Capability.Type.AGENT_DRAINING);
    }
    return types.stream()
        .map(type -> MasterInfo.Capability.newBuilder().setType(type).build())
        .toList();
  }

  List<AgentInfo.Capability.Type> agentCapabilities() {
    var types =
        new ArrayList<>(
            List.of(
                AgentInfo.Capability.Type.MULTI_ROLE,
                AgentInfo.Capability.Type.HIERARCHICAL_ROLE,
                AgentInfo.Capability.Type.RESERVATION_REFINEMENT,
                AgentInfo.Capability.Type.AGENT_OPERATION_FEEDBACK));
    if (drainsAgents()) {
      types.add(AgentInfo.Capability.Type.AGENT_DRAINING);
    }
    return types;
  }
}
