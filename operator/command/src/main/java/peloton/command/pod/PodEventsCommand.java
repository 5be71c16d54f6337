package peloton.command.pod;

import java.util.Optional;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodEventsResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.PodLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton pod events}. */
@Command(
    name = "events",
    aliases = {"events-v1alpha"},
    description = "Show what happened to one run of a pod, newest first.")
public final class PodEventsCommand extends ClientCommand {
  @Parameters(
      index = "0",
      paramLabel = "POD",
      description = "The pod: JOB-INSTANCE, where JOB is the job's id or name.")
  private String pod;

  @Option(
      names = {"-p", "--pod-id", "--podid"},
      paramLabel = "POD-ID",
      description = "Which run: JOB-ID-INSTANCE-RUN; default: the present one.")
  private String podId;

  /** Made for one run of the program. */
  public PodEventsCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    GetPodEventsRequest.Builder request =
        GetPodEventsRequest.newBuilder().setPodName(new PodLookup(session.client()).name(pod));
    Optional.ofNullable(podId).ifPresent(id -> request.setPodId(PodID.newBuilder().setValue(id)));
    GetPodEventsResponse response = session.client().pods().getPodEvents(request.build());
    session
        .printer()
        .results(
            response.getEventsList(),
            () -> PodViews.events(response.getEventsList()),
            "No results found");
  }
}
