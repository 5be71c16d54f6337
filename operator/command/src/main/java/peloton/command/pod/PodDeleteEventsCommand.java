package peloton.command.pod;

import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code peloton pod delete-events}. */
@Command(name = "delete-events", description = "Forget what happened to one run of a pod.")
public final class PodDeleteEventsCommand extends ClientCommand {
  @Mixin private PodChoice pod;

  @Parameters(
      index = "1",
      paramLabel = "POD-ID",
      description = "Which run: JOB-ID-INSTANCE-RUN, as `peloton pod get` shows it.")
  private String podId;

  /** Made for one run of the program. */
  public PodDeleteEventsCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    DeletePodEventsResponse response =
        session
            .client()
            .pods()
            .deletePodEvents(
                DeletePodEventsRequest.newBuilder()
                    .setPodName(pod.name(session))
                    .setPodId(PodID.newBuilder().setValue(podId))
                    .build());
    session.printer().result(response, () -> "Pod events deleted");
  }
}
