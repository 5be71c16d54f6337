package peloton.command.admin;

import peloton.api.v1alpha.admin.svc.AdminSvc.RemoveLockdownRequest;
import peloton.api.v1alpha.admin.svc.AdminSvc.RemoveLockdownResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton admin unlock}. */
@Command(name = "unlock", description = "Free parts of the server that are locked.")
public final class AdminUnlockCommand extends ClientCommand {
  @Mixin private Components components;

  /** Made for one run of the program. */
  public AdminUnlockCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    RemoveLockdownResponse response =
        session
            .client()
            .admin()
            .removeLockdown(
                RemoveLockdownRequest.newBuilder()
                    .addAllComponents(components.components())
                    .build());
    session
        .printer()
        .result(response, () -> "Unlocked: " + Components.show(response.getSuccessesList()));
    Components.requireNone(response.getFailuresList(), () -> "not unlocked");
  }
}
