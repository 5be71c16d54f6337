package peloton.command.respool;

import java.util.Comparator;
import java.util.List;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.api.v1alpha.respool.RespoolSvc.QueryResourcePoolsRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;

/** {@code peloton respool list}. */
@Command(name = "list", description = "List every resource pool, the root included, by path.")
public final class RespoolListCommand extends ClientCommand {
  /** Made for one run of the program. */
  public RespoolListCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    List<ResourcePoolInfo> pools =
        session
            .client()
            .respools()
            .queryResourcePools(QueryResourcePoolsRequest.getDefaultInstance())
            .getRespoolsList()
            .stream()
            .sorted(Comparator.comparing(pool -> pool.getPath().getValue()))
            .toList();
    session.printer().results(pools, () -> PoolViews.table(pools), "No results found");
  }
}
