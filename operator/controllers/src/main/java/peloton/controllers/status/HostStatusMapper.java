package peloton.controllers.status;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.crds.host.HostMaintenanceSpec;
import peloton.crds.host.HostMaintenanceStatus;
import peloton.crds.host.MaintainedHost;

/** The status of a HostMaintenance. */
public final class HostStatusMapper {
  private static final int NAMED = 5;

  private HostStatusMapper() {}

  /** The status that follows from the facts; equal to the one so far if nothing changed. */
  public static HostMaintenanceStatus map(
      Optional<HostMaintenanceStatus> before,
      HostMaintenanceSpec spec,
      HostFacts facts,
      Instant now) {
    Set<String> names = new LinkedHashSet<>(spec.hosts());
    names.addAll(new TreeSet<>(facts.states().keySet()));
    List<MaintainedHost> hosts =
        names.stream().map(name -> new MaintainedHost(name, state(facts, name), null)).toList();
    return new HostMaintenanceStatus(
        facts.generation(),
        Conditions.next(
            before.map(HostMaintenanceStatus::conditions).orElse(List.of()),
            verdict(spec, facts),
            facts.generation(),
            now),
        hosts,
        down(spec, facts) + "/" + spec.hosts().size());
  }

  private static Verdict verdict(HostMaintenanceSpec spec, HostFacts facts) {
    if (facts.hindrance().isPresent()) {
      return facts.hindrance().get();
    }
    if (facts.deleting()) {
      return new Verdict(Reason.Deleting, "the hosts are brought back up");
    }
    List<String> unknown =
        spec.hosts().stream().filter(host -> !facts.states().containsKey(host)).toList();
    if (!unknown.isEmpty()) {
      return new Verdict(
          Reason.HostNotFound,
          unknown.size()
              + " hosts are not known, such as "
              + String.join(", ", unknown.stream().limit(NAMED).toList())
              + "; give the names that their agents have");
    }
    long down = down(spec, facts);
    String message = down + " of " + spec.hosts().size() + " hosts down";
    return new Verdict(
        down == spec.hosts().size() ? Reason.HostsDown : Reason.HostsDraining, message);
  }

  private static long down(HostMaintenanceSpec spec, HostFacts facts) {
    return spec.hosts().stream()
        .filter(host -> facts.states().get(host) == HostState.HOST_STATE_DOWN)
        .count();
  }

  private static String state(HostFacts facts, String host) {
    HostState state = facts.states().getOrDefault(host, HostState.HOST_STATE_UNKNOWN);
    return Words.camel("HOST_STATE_", state.name());
  }
}
