package peloton.command.job;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import peloton.api.ids.EntityVersion;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.command.CommandException;
import peloton.command.client.ApiClient;
import peloton.command.client.Failures;
import peloton.command.client.JobLookup;
import peloton.command.output.Text;

/**
 * Follows a workflow of a job until it ends. A server that is away for a while is waited for: it
 * goes on with the workflow when it is back.
 */
public final class Rollout {
  private static final Duration INTERVAL = Duration.ofMillis(300);

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
   * @param version as create, replace or restart answered
   * @throws CommandException if it ended otherwise, if another one took its place, or if the time
   *     is over
   */
  public void await(String job, EntityVersion version, Progress progress) {
    follow(job, status -> isMeant(version, status), progress);
  }

  /**
   * Returns when the workflow that the job has by then has succeeded.
   *
   * @throws CommandException if it ended otherwise, or if the time is over
   */
  public void awaitCurrent(String job, Progress progress) {
    follow(job, status -> true, progress);
  }

  private void follow(String job, Meaning meaning, Progress progress) {
    long deadline = nanoTime.getAsLong() + limit.toNanos();
    Stragglers stragglers = new Stragglers(client, job, nanoTime);
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
          now = JobViews.rollout(summary);
          WorkflowStatus workflow = summary.getStatus().getWorkflowStatus();
          boolean meant = meaning.isMeant(workflow);
          boolean over = meant && isOver(workflow.getState());
          List<String> failing = over ? stragglers.lines() : stragglers.now(summary.getStatus());
          String all = now + String.join(System.lineSeparator(), failing);
          if (!all.equals(shown)) {
            progress.changed(summary, failing);
            shown = all;
          }
          if (over) {
            requireSuccess(workflow, stragglers);
            return;
          }
        } catch (StatusRuntimeException e) {
          if (!Failures.isTransient(e)) {
            throw e;
          }
          client.retryNow();
          now = "server " + client.server() + " is away: " + e.getStatus().getCode();
          if (!now.equals(shown)) {
            progress.away(now);
            shown = now;
          }
        }
        if (nanoTime.getAsLong() - deadline >= 0) {
          throw CommandException.waitFailed(
              "not done after " + limit.toSeconds() + " s; " + now + unready(stragglers));
        }
        LockSupport.parkNanos(INTERVAL.toNanos());
      }
    } finally {
      progress.ended();
    }
  }

  /**
   * True if this is the workflow toward {@code version}, also while it goes back from it to a copy
   * of the version before.
   *
   * @throws CommandException if a later one has taken its place
   */
  private static boolean isMeant(EntityVersion version, WorkflowStatus workflow) {
    Optional<EntityVersion> target = version(workflow.getVersion());
    if (target.isEmpty() || target.get().configuration() < version.configuration()) {
      return false;
    }
    if (target.get().configuration() == version.configuration()) {
      return true;
    }
    boolean backward =
        workflow.getState() == WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD
            || workflow.getState() == WorkflowState.WORKFLOW_STATE_ROLLED_BACK
            || workflow.getPrevState() == WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD;
    if (backward
        && version(workflow.getPrevVersion())
            .filter(from -> from.configuration() == version.configuration())
            .isPresent()) {
      return true;
    }
    throw CommandException.waitFailed(
        "another workflow, toward "
            + target.get()
            + ", has taken the place of that toward "
            + version);
  }

  private static boolean isOver(WorkflowState state) {
    switch (state) {
      case WORKFLOW_STATE_SUCCEEDED:
      case WORKFLOW_STATE_FAILED:
      case WORKFLOW_STATE_ABORTED:
      case WORKFLOW_STATE_ROLLED_BACK:
        return true;
      default:
        return false;
    }
  }

  private static void requireSuccess(WorkflowStatus workflow, Stragglers stragglers) {
    if (workflow.getState() != WorkflowState.WORKFLOW_STATE_SUCCEEDED) {
      throw CommandException.waitFailed(
          "the workflow ended as "
              + Text.state(workflow.getState(), "WORKFLOW_STATE_")
              + ": "
              + JobViews.progress(workflow)
              + unready(stragglers));
    }
  }

  private static Optional<EntityVersion> version(Peloton.EntityVersion text) {
    try {
      return Optional.of(EntityVersion.parse(text.getValue()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The first few pods that do not run, and why, as far as the server says. */
  private static String unready(Stragglers stragglers) {
    String lines =
        stragglers.unready().stream()
            .map(line -> System.lineSeparator() + "  " + line)
            .collect(Collectors.joining());
    return lines.isEmpty() ? "" : System.lineSeparator() + "Pods that do not run:" + lines;
  }

  private interface Meaning {
    boolean isMeant(WorkflowStatus workflow);
  }

  /** Told of every change that a person may want to see. */
  public interface Progress {
    /**
     * Something is different from the last time.
     *
     * @param failing a line for each of the first few pods that fail
     */
    void changed(JobSummary job, List<String> failing);

    /** The server does not answer. */
    void away(String text);

    /** There will be no more changes. */
    void ended();
  }
}
