package peloton.controllers.status;

import java.util.Map;
import java.util.Optional;
import peloton.api.v1alpha.host.Host.HostState;

/**
 * What is known of a HostMaintenance and of its hosts.
 *
 * @param generation of the resource that was looked at
 * @param deleting whether the resource is being deleted: its hosts are brought back up
 * @param hindrance what keeps the hosts' goals from being written; empty if they are written
 * @param states of the hosts that the resource names, or that are on their way back up from it; a
 *     host that is not in here is not known
 */
public record HostFacts(
    long generation, boolean deleting, Optional<Verdict> hindrance, Map<String, HostState> states) {
  public HostFacts {
    states = Map.copyOf(states);
  }
}
