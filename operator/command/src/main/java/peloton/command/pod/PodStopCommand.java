package peloton.command.pod;

import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton pod stop}. */
@Command(name = "stop", description = "Stop a pod; the job's other pods go on.")
public final class PodStopCommand extends ClientCommand {
  @Mixin private PodChoice pod;

  /** Made for one run of the program. */
  public PodStopCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    StopPodResponse response =
        session
            .client()
            .pods()
            .stopPod(StopPodRequest.newBuilder().setPodName(pod.name(session)).build());
    session.printer().result(response, () -> "Pod stopped");
  }
}
