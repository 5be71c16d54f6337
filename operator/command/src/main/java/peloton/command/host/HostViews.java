package peloton.command.host;

import java.util.List;
import java.util.stream.Collectors;
import peloton.api.v1alpha.host.Host.HostInfo;
import peloton.api.v1alpha.host.Host.HostPoolInfo;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.command.output.Table;

/** Hosts as people read them. */
final class HostViews {
  private HostViews() {}

  static Table table(List<HostInfo> hosts) {
    Table table = new Table(List.of("Hostname", "IP", "State", "Goal", "Labels"));
    for (HostInfo host : hosts) {
      table.row(
          List.of(
              host.getHostname(),
              host.getIp(),
              state(host.getState()),
              state(host.getGoalState()),
              host.getLabelsList().stream()
                  .filter(label -> !label.getKey().equals("hostname"))
                  .map(label -> label.getKey() + "=" + label.getValue())
                  .collect(Collectors.joining(", "))));
    }
    return table;
  }

  static Table pools(List<HostPoolInfo> pools) {
    Table table = new Table(List.of("Pool", "Hosts"));
    for (HostPoolInfo pool : pools) {
      table.row(List.of(pool.getName(), String.join(", ", pool.getHostsList())));
    }
    return table;
  }

  private static String state(HostState state) {
    return state.name().replace("HOST_STATE_", "");
  }
}
