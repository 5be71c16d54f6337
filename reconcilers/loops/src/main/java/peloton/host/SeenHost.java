package peloton.host;

import java.util.List;
import org.apache.mesos.v1.Protos.AgentID;
import peloton.api.v1alpha.peloton.Peloton.Label;

/**
 * A host as the master describes it.
 *
 * @param ip "" if its agents do not say
 * @param agents those that are registered
 * @param attributes of all of them
 * @param withheld whether Mesos makes no offers of it, or has it scheduled for maintenance
 * @param down whether Mesos has taken it down, or drained all of its agents
 */
public record SeenHost(
    String ip, List<AgentID> agents, List<Label> attributes, boolean withheld, boolean down) {
  /** A host that Mesos does not know. */
  public static final SeenHost NONE = new SeenHost("", List.of(), List.of(), false, false);

  public SeenHost {
    agents = List.copyOf(agents);
    attributes = List.copyOf(attributes);
  }

  public boolean registered() {
    return !agents.isEmpty();
  }
}
