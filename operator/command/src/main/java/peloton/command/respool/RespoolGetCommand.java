package peloton.command.respool;

import java.util.ArrayList;
import java.util.List;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.api.v1alpha.respool.RespoolSvc.GetResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.GetResourcePoolResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.PoolLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton respool get}. */
@Command(name = "get", description = "Show one resource pool.")
public final class RespoolGetCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "POOL", description = "The pool's path, or its id.")
  private String pool;

  @Option(names = "--children", description = "Show the pools right below it too.")
  private boolean children;

  /** Made for one run of the program. */
  public RespoolGetCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    GetResourcePoolResponse response =
        session
            .client()
            .respools()
            .getResourcePool(
                GetResourcePoolRequest.newBuilder()
                    .setRespoolId(new PoolLookup(session.client()).id(pool))
                    .setIncludeChildPools(children)
                    .build());
    List<ResourcePoolInfo> pools = new ArrayList<>();
    pools.add(response.getRespool());
    pools.addAll(response.getChildRespoolsList());
    session
        .printer()
        .result(
            response, () -> String.join(System.lineSeparator(), PoolViews.table(pools).lines()));
  }
}
