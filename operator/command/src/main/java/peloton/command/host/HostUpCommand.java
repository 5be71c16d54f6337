package peloton.command.host;

import peloton.api.v1alpha.host.svc.HostSvc.CompleteMaintenanceRequest;
import peloton.api.v1alpha.host.svc.HostSvc.CompleteMaintenanceResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton host up}. */
@Command(
    name = "up",
    aliases = {"complete"},
    description = "Bring hosts back into service; a drain that is under way is called " + "off.")
public final class HostUpCommand extends ClientCommand {
  @Mixin private HostNames hosts;

  /** Made for one run of the program. */
  public HostUpCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    CompleteMaintenanceResponse response =
        session
            .client()
            .hosts()
            .completeMaintenance(
                CompleteMaintenanceRequest.newBuilder().addAllHostnames(hosts.names()).build());
    session.printer().result(response, () -> "Maintenance ends: " + hosts.shown());
  }
}
