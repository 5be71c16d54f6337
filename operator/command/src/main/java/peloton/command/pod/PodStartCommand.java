package peloton.command.pod;

import peloton.api.v1alpha.pod.svc.PodSvc.StartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton pod start}. */
@Command(
    name = "start",
    description = "Start a pod that is stopped; nothing happens to one that runs.")
public final class PodStartCommand extends ClientCommand {
  @Mixin private PodChoice pod;

  /** Made for one run of the program. */
  public PodStartCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    StartPodResponse response =
        session
            .client()
            .pods()
            .startPod(StartPodRequest.newBuilder().setPodName(pod.name(session)).build());
    session.printer().result(response, () -> "Pod started");
  }
}
