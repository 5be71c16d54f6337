package peloton.command.pod;

import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton pod refresh}. */
@Command(
    name = "refresh",
    description = "Have the server read a pod's records again and act on them.")
public final class PodRefreshCommand extends ClientCommand {
  @Mixin private PodChoice pod;

  /** Made for one run of the program. */
  public PodRefreshCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    RefreshPodResponse response =
        session
            .client()
            .pods()
            .refreshPod(RefreshPodRequest.newBuilder().setPodName(pod.name(session)).build());
    session.printer().result(response, () -> "Pod refreshed");
  }
}
