package peloton.command.watch;

import peloton.api.v1alpha.watch.svc.WatchSvc.CancelRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.CancelResponse;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton watch cancel}. */
@Command(name = "cancel", description = "End a watch, whoever began it.")
public final class WatchCancelCommand extends ClientCommand {
  @Parameters(
      index = "0",
      paramLabel = "WATCH-ID",
      description = "The number that the watch gives for itself when it begins.")
  private String watch;

  /** Made for one run of the program. */
  public WatchCancelCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    CancelResponse response =
        session.client().watchControl().cancel(CancelRequest.newBuilder().setWatchId(id()).build());
    session.printer().result(response, () -> "Watch " + watch + " cancelled");
  }

  private long id() {
    try {
      return Long.parseUnsignedLong(watch);
    } catch (NumberFormatException e) {
      throw CommandException.usage("WATCH-ID must be a number, found \"" + watch + "\"");
    }
  }
}
