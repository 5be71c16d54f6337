package peloton.command.host;

import java.util.List;
import peloton.api.v1alpha.host.Host.HostInfo;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.api.v1alpha.host.svc.HostSvc.QueryHostsRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.EnumNames;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peloton host list}. */
@Command(
    name = "list",
    aliases = {"query"},
    description = "List hosts with their states, by name.")
public final class HostListCommand extends ClientCommand {
  @Option(
      names = {"--state", "--states"},
      split = ",",
      paramLabel = "STATE",
      description = "Only hosts that are up, draining, drained or down.")
  private List<String> states = List.of();

  /** Made for one run of the program. */
  public HostListCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    List<HostInfo> hosts =
        session
            .client()
            .hosts()
            .queryHosts(
                QueryHostsRequest.newBuilder()
                    .addAllHostStates(
                        EnumNames.parse("state", HostState.class, "HOST_STATE_", states))
                    .build())
            .getHostInfosList();
    session.printer().results(hosts, () -> HostViews.table(hosts), "No results found");
  }
}
