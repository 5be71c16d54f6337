package peloton.command.watch;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.command.CommandException;
import peloton.command.client.ApiClient;
import peloton.command.client.Failures;

/**
 * A watch that outlives the connection: when the server goes away it begins anew where it was, and
 * leaves out what it has shown of that revision already.
 */
final class ResumingWatch {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ApiClient client;
  private final WatchRequest request;
  private final Consumer<String> notice;

  private long next;
  private final Set<WatchResponse> shown = new HashSet<>();

  /**
   * Prepares a watch.
   *
   * @param request with the filter, and the revision to begin with
   * @param notice told when the connection is lost and found again
   */
  ResumingWatch(ApiClient client, WatchRequest request, Consumer<String> notice) {
    this.client = client;
    this.request = request;
    this.notice = notice;
    this.next = request.getStartRevision();
  }

  /**
   * Hands over every change once, in order, until {@code handler} says that it is enough.
   *
   * @param handler returns false to end the watch; it is given only messages with a change
   * @throws StatusRuntimeException if the server refuses the watch
   * @throws CommandException if the server no longer has the changes that were missed
   */
  void run(Predicate<WatchResponse> handler) {
    Duration pause = FIRST_PAUSE;
    boolean away = false;
    boolean everConnected = false;
    while (true) {
      Context.CancellableContext context = Context.current().withCancellation();
      Context previous = context.attach();
      try {
        Iterator<WatchResponse> responses =
            client.watches().watch(request.toBuilder().setStartRevision(next).build());
        while (responses.hasNext()) {
          WatchResponse response = responses.next();
          if (!everConnected || away) {
            notice.accept("watch " + Long.toUnsignedString(response.getWatchId()) + " begins");
          }
          everConnected = true;
          pause = FIRST_PAUSE;
          if (away) {
            notice.accept("connected again, going on from revision " + next);
            away = false;
          }
          if (isNews(response) && !handler.test(response)) {
            return;
          }
        }
        throw Status.UNAVAILABLE.withDescription("the server ended the watch").asRuntimeException();
      } catch (StatusRuntimeException e) {
        if (!everConnected || !isWorthRetrying(e)) {
          throw explain(e);
        }
        if (!away) {
          notice.accept("connection lost: " + Failures.describe(e.getStatus()));
          away = true;
        }
      } finally {
        context.detach(previous);
        context.cancel(null);
      }
      LockSupport.parkNanos(pause.toNanos());
      client.retryNow();
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  /**
   * Notes how far the watch has come. A message without a change says that all up to its revision
   * is known; one with a change may be followed by others of the same revision.
   */
  private boolean isNews(WatchResponse response) {
    long revision = response.getRevision();
    boolean empty =
        response.getStatelessJobsCount() == 0
            && response.getPodsCount() == 0
            && response.getStatelessJobsNotFoundCount() == 0
            && response.getPodsNotFoundCount() == 0;
    long from = empty && revision > 0 ? revision + 1 : revision;
    if (from > next) {
      next = from;
      shown.clear();
    }
    // Without revisions nothing can be resumed, and equal messages may be different changes.
    return !empty && (revision == 0 || shown.add(response.toBuilder().clearWatchId().build()));
  }

  private CommandException explain(StatusRuntimeException e) {
    if (e.getStatus().getCode() == Status.Code.OUT_OF_RANGE) {
      return CommandException.refused(
          Failures.describe(e.getStatus())
              + "; the changes since revision "
              + next
              + " are not kept any more: list what there is and watch anew without --from",
          e);
    }
    return Failures.explain(e, client.server());
  }

  /** ABORTED: the server cut this watch off because it read too slowly. */
  private static boolean isWorthRetrying(StatusRuntimeException e) {
    switch (e.getStatus().getCode()) {
      case UNAVAILABLE:
      case ABORTED:
      case INTERNAL:
      case UNKNOWN:
      case DEADLINE_EXCEEDED:
        return true;
      default:
        return false;
    }
  }
}
