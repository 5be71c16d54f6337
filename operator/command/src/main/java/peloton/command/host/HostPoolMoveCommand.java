package peloton.command.host;

import peloton.api.v1alpha.host.svc.HostSvc.ChangeHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.ChangeHostPoolResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton host pool move}. */
@Command(
    name = "move",
    aliases = {"change"},
    description = "Move a host to another pool, once its pods have gone elsewhere.")
public final class HostPoolMoveCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "HOST", description = "The host's name.")
  private String host;

  @Parameters(index = "1", paramLabel = "FROM", description = "The pool that it is in.")
  private String from;

  @Parameters(index = "2", paramLabel = "TO", description = "The pool that it is to be in.")
  private String to;

  /** Made for one run of the program. */
  public HostPoolMoveCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    ChangeHostPoolResponse response =
        session
            .client()
            .hosts()
            .changeHostPool(
                ChangeHostPoolRequest.newBuilder()
                    .setHostname(host)
                    .setSourcePool(from)
                    .setDestinationPool(to)
                    .build());
    session.printer().result(response, () -> host + " goes to host pool " + to);
  }
}
