package peloton.command.pod;

import java.util.ArrayList;
import java.util.List;
import peloton.api.v1alpha.pod.Pod.PodInfo;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.PodLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton pod get}. */
@Command(
    name = "get",
    description = {
      "Show a pod: its present run and those before, newest first.",
      "With -o yaml or -o json everything, the spec included."
    })
public final class PodGetCommand extends ClientCommand {
  @Parameters(
      index = "0",
      paramLabel = "POD",
      description = "The pod: JOB-INSTANCE, where JOB is the job's id or name.")
  private String pod;

  @Option(
      names = {"--status-only", "--statusonly"},
      description = "Leave the specs out.")
  private boolean statusOnly;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "N",
      defaultValue = "10",
      description = "How many runs at most, the present one included; 0: all; default 10.")
  private int limit;

  /** Made for one run of the program. */
  public PodGetCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    GetPodResponse response =
        session
            .client()
            .pods()
            .getPod(
                GetPodRequest.newBuilder()
                    .setPodName(new PodLookup(session.client()).name(pod))
                    .setStatusOnly(statusOnly)
                    .setLimit(Math.max(0, limit))
                    .build());
    List<PodInfo> runs = new ArrayList<>();
    runs.add(response.getCurrent());
    runs.addAll(response.getPreviousList());
    session
        .printer()
        .result(
            response,
            () ->
                String.join(
                    System.lineSeparator(),
                    PodViews.runs(pod, runs, session.console().clock().instant()).lines()));
  }
}
