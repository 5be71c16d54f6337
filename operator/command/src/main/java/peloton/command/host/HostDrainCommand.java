package peloton.command.host;

import peloton.api.v1alpha.host.svc.HostSvc.StartMaintenanceRequest;
import peloton.api.v1alpha.host.svc.HostSvc.StartMaintenanceResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton host drain}. */
@Command(
    name = "drain",
    aliases = {"start"},
    description =
        "Take hosts out of service: their pods are moved, as many at a time as "
            + "their jobs can do without, and then the hosts go down.")
public final class HostDrainCommand extends ClientCommand {
  @Mixin private HostNames hosts;

  /** Made for one run of the program. */
  public HostDrainCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    StartMaintenanceResponse response =
        session
            .client()
            .hosts()
            .startMaintenance(
                StartMaintenanceRequest.newBuilder().addAllHostnames(hosts.names()).build());
    session.printer().result(response, () -> "Maintenance begins: " + hosts.shown());
  }
}
