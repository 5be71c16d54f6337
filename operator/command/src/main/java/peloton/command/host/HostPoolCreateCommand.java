package peloton.command.host;

import peloton.api.v1alpha.host.svc.HostSvc.CreateHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.CreateHostPoolResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton host pool create}. */
@Command(name = "create", description = "Make a pool of hosts.")
public final class HostPoolCreateCommand extends ClientCommand {
  @Parameters(paramLabel = "POOL", description = "The pool's name.")
  private String pool;

  /** Made for one run of the program. */
  public HostPoolCreateCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    CreateHostPoolResponse response =
        session
            .client()
            .hosts()
            .createHostPool(CreateHostPoolRequest.newBuilder().setName(pool).build());
    session.printer().result(response, () -> "Created host pool " + pool);
  }
}
