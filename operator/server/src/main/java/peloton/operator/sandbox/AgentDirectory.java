package peloton.operator.sandbox;

import java.util.Optional;

/** Where Mesos agents are, as far as this replica knows; called from any thread. */
@FunctionalInterface
public interface AgentDirectory {

  /** An agent's address; empty if its offers never came here. */
  Optional<AgentAddress> find(String agentId);

  /** Where an agent's HTTP server listens. */
  record AgentAddress(String host, int port) {}
}
