package peloton.command.pod;

import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code peloton pod restart}. */
@Command(name = "restart", description = "End a pod's run, if there is one, and begin another.")
public final class PodRestartCommand extends ClientCommand {
  @Mixin private PodChoice pod;

  @Option(
      names = {"--check-sla", "--checkSLA"},
      description = "Refuse if too many of the job's instances would be unavailable.")
  private boolean checkSla;

  /** Made for one run of the program. */
  public PodRestartCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    RestartPodResponse response =
        session
            .client()
            .pods()
            .restartPod(
                RestartPodRequest.newBuilder()
                    .setPodName(pod.name(session))
                    .setCheckSla(checkSla)
                    .build());
    session.printer().result(response, () -> "Pod restarted");
  }
}
