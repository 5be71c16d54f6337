package peloton.operator.read;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import peloton.api.v1alpha.host.Host.HostInfo;
import peloton.api.v1alpha.host.Host.HostPoolInfo;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.desired.host.HostPools;
import peloton.records.HostGoalRecord;
import peloton.records.HostRecord;
import peloton.store.view.HostTable;

/** Hosts as the API shows them. */
public final class HostReader {
  private static final String HOSTNAME = "hostname";
  private static final String HOST_POOL = "host_pool";

  private HostReader() {}

  /**
   * The hosts that are in one of some states, by name. A host that is up and of which Mesos has no
   * agent is not shown.
   *
   * @param states none for all; states that no host can be in match none
   */
  public static List<HostInfo> query(HostTable table, Collection<HostState> states) {
    List<HostInfo> hosts = new ArrayList<>();
    for (Map.Entry<String, HostRecord> host : table.hosts().entrySet()) {
      HostRecord record = host.getValue();
      HostState state = state(record);
      boolean shown = record.getRegistered() || state != HostState.HOST_STATE_UP;
      if (shown && (states.isEmpty() || states.contains(state))) {
        hosts.add(info(table, host.getKey(), record));
      }
    }
    return hosts;
  }

  /** All pools of hosts, with the hosts that are in them now. */
  public static List<HostPoolInfo> pools(HostTable table) {
    return HostPools.all(table).entrySet().stream()
        .map(
            pool ->
                HostPoolInfo.newBuilder()
                    .setName(pool.getKey())
                    .addAllHosts(pool.getValue())
                    .build())
        .toList();
  }

  private static HostInfo info(HostTable table, String name, HostRecord record) {
    HostGoalRecord goal = table.goals().get(name);
    HostInfo.Builder info =
        HostInfo.newBuilder()
            .setHostname(name)
            .setIp(record.getIp())
            .setState(state(record))
            .setGoalState(
                goal == null || goal.getGoal() == HostState.HOST_STATE_INVALID
                    ? HostState.HOST_STATE_UP
                    : goal.getGoal())
            .addLabels(label(HOSTNAME, name));
    record.getAttributesList().stream()
        .filter(label -> !label.getKey().equals(HOST_POOL) || !HostPools.inUse(table))
        .forEach(info::addLabels);
    if (HostPools.inUse(table)) {
      info.addLabels(label(HOST_POOL, HostPools.current(table, name)));
    }
    return info.build();
  }

  private static HostState state(HostRecord record) {
    return record.getState() == HostState.HOST_STATE_INVALID
        ? HostState.HOST_STATE_UP
        : record.getState();
  }

  private static Label label(String key, String value) {
    return Label.newBuilder().setKey(key).setValue(value).build();
  }
}
