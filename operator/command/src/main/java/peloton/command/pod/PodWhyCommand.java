package peloton.command.pod;

import java.util.List;
import java.util.Optional;
import peloton.api.ids.JobId;
import peloton.api.ids.PodName;
import peloton.api.operator.v1.GetWaitingRequest;
import peloton.api.operator.v1.GetWaitingResponse;
import peloton.api.operator.v1.WaitingPods;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import peloton.command.client.WaitingViews;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton pod why}. */
@Command(
    name = "why",
    description = {
      "Say why a pod waits: the stage, how many hosts failed which test, and what would help.",
      "Of a pod that does not wait, its state."
    })
public final class PodWhyCommand extends ClientCommand {
  @Mixin private PodChoice pod;

  /** Made for one run of the program. */
  public PodWhyCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    peloton.api.v1alpha.peloton.Peloton.PodName named = pod.name(session);
    PodName name = PodName.parse(named.getValue());
    PodStatus status =
        session
            .client()
            .pods()
            .getPod(
                GetPodRequest.newBuilder()
                    .setPodName(named)
                    .setStatusOnly(true)
                    .setLimit(1)
                    .build())
            .getCurrent()
            .getStatus();
    GetWaitingResponse waiting =
        session
            .client()
            .placement()
            .getWaiting(GetWaitingRequest.newBuilder().setJobId(JobId.toProto(name.job())).build());
    Optional<WaitingPods> why =
        isWaiting(status)
            ? waiting.getWaitingList().stream()
                .filter(pods -> holds(pods, name.instance()))
                .findFirst()
            : Optional.empty();
    session
        .printer()
        .result(
            why.orElse(WaitingPods.getDefaultInstance()),
            () ->
                String.join(
                    System.lineSeparator(),
                    why.map(WaitingViews::lines).orElseGet(() -> List.of(state(status)))));
  }

  private String state(PodStatus status) {
    String message = status.getMessage().isEmpty() ? "" : ": " + status.getMessage();
    return isWaiting(status)
        ? pod + " waits, but not for long enough to have a reason yet; ask again in some seconds"
        : pod
            + " does not wait: it is "
            + status.getState().name().replaceFirst("^POD_STATE_", "")
            + message;
  }

  private static boolean isWaiting(PodStatus status) {
    return switch (status.getState()) {
      case POD_STATE_INITIALIZED,
          POD_STATE_PENDING,
          POD_STATE_READY,
          POD_STATE_PLACING,
          POD_STATE_PLACED,
          POD_STATE_RESERVED ->
          true;
      default -> false;
    };
  }

  private static boolean holds(WaitingPods pods, int instance) {
    return pods.getInstancesList().stream()
        .anyMatch(range -> range.getFrom() <= instance && instance < range.getTo());
  }
}
