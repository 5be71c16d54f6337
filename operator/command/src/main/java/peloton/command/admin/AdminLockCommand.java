package peloton.command.admin;

import peloton.api.v1alpha.admin.svc.AdminSvc.LockdownRequest;
import peloton.api.v1alpha.admin.svc.AdminSvc.LockdownResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton admin lock}. */
@Command(
    name = "lock",
    description = "Stop parts of the server, on every replica, until they are unlocked.")
public final class AdminLockCommand extends ClientCommand {
  @Mixin private Components components;

  /** Made for one run of the program. */
  public AdminLockCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    LockdownResponse response =
        session
            .client()
            .admin()
            .lockdown(
                LockdownRequest.newBuilder().addAllComponents(components.components()).build());
    session
        .printer()
        .result(response, () -> "Locked: " + Components.show(response.getSuccessesList()));
    Components.requireNone(response.getFailuresList(), () -> "not locked");
  }
}
