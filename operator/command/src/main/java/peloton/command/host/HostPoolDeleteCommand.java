package peloton.command.host;

import peloton.api.v1alpha.host.svc.HostSvc.DeleteHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.DeleteHostPoolResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton host pool delete}. */
@Command(name = "delete", description = "Delete a pool of hosts; its hosts go to the pool default.")
public final class HostPoolDeleteCommand extends ClientCommand {
  @Parameters(paramLabel = "POOL", description = "The pool's name.")
  private String pool;

  /** Made for one run of the program. */
  public HostPoolDeleteCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    DeleteHostPoolResponse response =
        session
            .client()
            .hosts()
            .deleteHostPool(DeleteHostPoolRequest.newBuilder().setName(pool).build());
    session.printer().result(response, () -> "Deleted host pool " + pool);
  }
}
