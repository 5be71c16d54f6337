package peloton.command.host;

import java.util.List;
import peloton.api.v1alpha.host.Host.HostPoolInfo;
import peloton.api.v1alpha.host.svc.HostSvc.ListHostPoolsRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;

/** {@code peloton host pools}. */
@Command(name = "pools", description = "List the pools of hosts with the hosts in them.")
public final class HostPoolsCommand extends ClientCommand {
  /** Made for one run of the program. */
  public HostPoolsCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    List<HostPoolInfo> pools =
        session
            .client()
            .hosts()
            .listHostPools(ListHostPoolsRequest.getDefaultInstance())
            .getPoolsList();
    session.printer().results(pools, () -> HostViews.pools(pools), "No results found");
  }
}
