package peloton.command.job;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.command.CommandException;
import peloton.command.client.ApiClient;
import peloton.command.client.Failures;
import peloton.command.client.JobLookup;
import peloton.command.output.Text;
import peloton.command.pod.PodViews;

/**
 * Follows the workflow that a create or a replace has begun until it ends. A server that is away
 * for a while is waited for: it goes on with the workflow when it is back.
 */
public final class Rollout {
  private static final Duration INTERVAL = Duration.ofMillis(300);
  private static final int EXPLAINED = 5;

  private final ApiClient client;
  private final Duration limit;
  private final LongSupplier nanoTime;

  Rollout(ApiClient client, Duration limit, LongSupplier nanoTime) {
    this.client = client;
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  /** Follows in real time, for at most {@code limit}. */
  public static Rollout system(ApiClient client, Duration limit) {
    return new Rollout(client, limit, System::nanoTime);
  }

  /**
   * Returns when the workflow toward {@code version} has succeeded.
   *
   * @param version as create or replace answered
   * @throws CommandException if it ended otherwise, if another one took its place, or if the time
   *     is over
   */
  public void await(String job, EntityVersion version, Progress progress) {
    long deadline = nanoTime.getAsLong() + limit.toNanos();
    String shown = "";
    try {
      while (true) {
        String now;
        try {
          JobSummary summary =
              new JobLookup(client)
                  .summary(job)
                  .orElseThrow(
                      () -> CommandException.waitFailed("job " + job + " was deleted meanwhile"));
          now = line(summary);
          if (!now.equals(shown)) {
            progress.changed(now);
            shown = now;
          }
          if (isDone(job, version, summary.getStatus())) {
            return;
          }
        } catch (StatusRuntimeException e) {
          if (!Failures.isTransient(e)) {
            throw e;
          }
          client.retryNow();
          now = "server " + client.server() + " is away: " + e.getStatus().getCode();
          if (!now.equals(shown)) {
            progress.changed(now);
            shown = now;
          }
        }
        if (nanoTime.getAsLong() - deadline >= 0) {
          throw CommandException.waitFailed(
              "not done after " + limit.toSeconds() + " s; " + now + unready(job));
        }
        LockSupport.parkNanos(INTERVAL.toNanos());
      }
    } finally {
      progress.ended();
    }
  }

  private boolean isDone(String job, EntityVersion version, JobStatus status) {
    WorkflowStatus workflow = status.getWorkflowStatus();
    Optional<EntityVersion> target = version(workflow);
    if (target.isEmpty() || target.get().configuration() < version.configuration()) {
      return false;
    }
    if (target.get().configuration() > version.configuration()) {
      throw CommandException.waitFailed(
          "another workflow, toward "
              + target.get()
              + ", has taken the place of that toward "
              + version);
    }
    WorkflowState state = workflow.getState();
    switch (state) {
      case WORKFLOW_STATE_SUCCEEDED:
        return true;
      case WORKFLOW_STATE_FAILED:
      case WORKFLOW_STATE_ABORTED:
      case WORKFLOW_STATE_ROLLED_BACK:
        throw CommandException.waitFailed(
            "the workflow ended as "
                + Text.state(state, "WORKFLOW_STATE_")
                + ": "
                + JobViews.progress(workflow)
                + unready(job));
      default:
        return false;
    }
  }

  private static Optional<EntityVersion> version(WorkflowStatus workflow) {
    try {
      return Optional.of(EntityVersion.parse(workflow.getVersion().getValue()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String line(JobSummary job) {
    JobStatus status = job.getStatus();
    return Text.state(status.getWorkflowStatus().getState(), "WORKFLOW_STATE_")
        + ": "
        + JobViews.progress(status.getWorkflowStatus())
        + "; pods: "
        + JobViews.podCounts(status);
  }

  /** The first few pods that do not run, and why, as far as the server says. */
  private String unready(String job) {
    try {
      List<PodSummary> pods = new ArrayList<>();
      client
          .jobs()
          .listPods(ListPodsRequest.newBuilder().setJobId(JobId.toProto(job)).build())
          .forEachRemaining(response -> pods.addAll(response.getPodsList()));
      String lines =
          pods.stream()
              .filter(pod -> pod.getStatus().getState() != PodState.POD_STATE_RUNNING)
              .sorted(Comparator.comparing(pod -> pod.getPodName().getValue()))
              .limit(EXPLAINED)
              .map(pod -> System.lineSeparator() + "  " + PodViews.line(pod))
              .collect(Collectors.joining());
      return lines.isEmpty() ? "" : System.lineSeparator() + "Pods that do not run:" + lines;
    } catch (StatusRuntimeException e) {
      return "";
    }
  }

  /** Told of every change that a person may want to see. */
  public interface Progress {
    /** Something is different from the last time. */
    void changed(String text);

    /** There will be no more changes. */
    void ended();
  }
}
