package peloton.command.pod;

import peloton.api.v1alpha.pod.svc.PodSvc.GetPodCacheRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton pod cache}. */
@Command(
    name = "cache",
    description = "Show a pod's status and labels as the server holds them in memory, as YAML.")
public final class PodCacheCommand extends ClientCommand {
  @Mixin private PodChoice pod;

  /** Made for one run of the program. */
  public PodCacheCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    session
        .printer()
        .document(
            session
                .client()
                .pods()
                .getPodCache(
                    GetPodCacheRequest.newBuilder().setPodName(pod.name(session)).build()));
  }
}
