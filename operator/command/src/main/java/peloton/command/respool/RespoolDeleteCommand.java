package peloton.command.respool;

import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.PoolLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton respool delete}. */
@Command(
    name = "delete",
    description = "Delete a resource pool that has no pools below it and no jobs that run.")
public final class RespoolDeleteCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "POOL", description = "The pool's path, or its id.")
  private String pool;

  /** Made for one run of the program. */
  public RespoolDeleteCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    DeleteResourcePoolResponse response =
        session
            .client()
            .respools()
            .deleteResourcePool(
                DeleteResourcePoolRequest.newBuilder()
                    .setRespoolId(new PoolLookup(session.client()).id(pool))
                    .build());
    session.printer().result(response, () -> "Resource Pool " + pool + " deleted");
  }
}
