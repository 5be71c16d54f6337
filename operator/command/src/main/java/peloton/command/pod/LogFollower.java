package peloton.command.pod;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodRequest;
import peloton.command.client.ApiClient;
import peloton.command.client.Failures;

/** Prints a file of a run's sandbox while it grows, until the run is over. */
final class LogFollower {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final ApiClient client;
  private final PodName pod;
  private final SandboxReader reader = new SandboxReader();

  LogFollower(ApiClient client, PodName pod) {
    this.client = client;
    this.pod = pod;
  }

  /**
   * Returns when the run is over and all of the file is printed, or nobody reads any more.
   *
   * @param chosen the run; else the present one, whose start is waited for
   */
  void follow(Optional<PodID> chosen, String filename, PrintWriter out) {
    PodID run = chosen.orElseGet(() -> status().getPodId());
    BrowsePodSandboxResponse sandbox = null;
    String path = "";
    long offset = 0;
    while (!out.checkError()) {
      // Asked before the file is read: what is written before the end is in the last reading.
      boolean over = isOver(run);
      if (sandbox == null) {
        sandbox = browse(run, over).orElse(null);
        if (sandbox != null) {
          path = SandboxReader.require(sandbox, filename);
        }
      }
      if (sandbox != null) {
        offset = reader.copyFrom(sandbox, path, offset, over, out);
      }
      if (over) {
        return;
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  /** Empty if the run has not begun yet. */
  private Optional<BrowsePodSandboxResponse> browse(PodID run, boolean over) {
    try {
      return Optional.of(
          client
              .pods()
              .browsePodSandbox(
                  BrowsePodSandboxRequest.newBuilder().setPodName(pod).setPodId(run).build()));
    } catch (StatusRuntimeException e) {
      if (!over && e.getStatus().getCode() == Status.Code.ABORTED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A server that is away for a while does not end the run. */
  private boolean isOver(PodID run) {
    try {
      PodStatus now = status();
      return !now.getPodId().equals(run) || isTerminal(now.getState());
    } catch (StatusRuntimeException e) {
      if (Failures.isTransient(e)) {
        client.retryNow();
        return false;
      }
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return true;
      }
      throw e;
    }
  }

  private PodStatus status() {
    return client
        .pods()
        .getPod(GetPodRequest.newBuilder().setPodName(pod).setStatusOnly(true).setLimit(1).build())
        .getCurrent()
        .getStatus();
  }

  private static boolean isTerminal(PodState state) {
    switch (state) {
      case POD_STATE_SUCCEEDED:
      case POD_STATE_FAILED:
      case POD_STATE_LOST:
      case POD_STATE_KILLED:
      case POD_STATE_DELETED:
        return true;
      default:
        return false;
    }
  }
}
