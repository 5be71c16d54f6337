package peloton.desired;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import peloton.store.KeyValue;
import peloton.store.KeyValueStore;
import peloton.store.StoreException;
import peloton.store.Timers;
import peloton.store.Txn;
import peloton.store.TxnResult;
import peloton.store.schema.StoreSchema;
import peloton.store.view.Records;
import peloton.store.view.View;

/**
 * Writes desired state: decides on the view's records, commits with guards, and decides anew when
 * somebody else was faster. An answer comes when the view has taken the write in, so that whoever
 * gets it reads what they wrote.
 *
 * <p>A refusal is given only on records that were current when the request was decided: the view
 * may lag, and "not found" for what another replica has just created would be wrong.
 *
 * <p>Futures fail with {@link ApiException} only.
 */
public final class DesiredStore {
  /** How often a request is decided before it is given up as ABORTED. */
  static final int TRIES = 5;

  private final KeyValueStore store;
  private final View view;
  private final Timers timers;
  private final Executor executor;
  private final Duration viewTimeout;

  /**
   * @param executor runs what follows an answer of the store or the view; their own threads must
   *     not be held up
   * @param viewTimeout how long the view may take to reach a revision that the store has
   */
  public DesiredStore(
      KeyValueStore store, View view, Timers timers, Executor executor, Duration viewTimeout) {
    this.store = Objects.requireNonNull(store);
    this.view = Objects.requireNonNull(view);
    this.timers = Objects.requireNonNull(timers);
    this.executor = Objects.requireNonNull(executor);
    this.viewTimeout = Objects.requireNonNull(viewTimeout);
  }

  /**
   * Serves a request.
   *
   * @param decide pure; called once for each try. What it throws as {@link ApiException} is final,
   *     whatever the records say
   */
  public <T> CompletableFuture<T> write(Function<Records, Decision<T>> decide) {
    return translated(() -> attempt(new Attempt<>(decide, 1, false)));
  }

  /**
   * Serves a request that depends on records which it does not write: whoever adds such a record
   * writes the lock key too.
   *
   * @param decide as for {@link #write}; takes the guard that its transaction must hold
   */
  public <T> CompletableFuture<T> writeLocked(
      String lock, BiFunction<Records, Txn.Guard, Decision<T>> decide) {
    return translated(() -> lockAndAttempt(lock, decide, 1));
  }

  private record Attempt<T>(Function<Records, Decision<T>> decide, int number, boolean current) {
    Attempt<T> onCurrentRecords() {
      return new Attempt<>(decide, number, true);
    }

    Attempt<T> next(boolean onCurrentRecords) {
      return new Attempt<>(decide, number + 1, onCurrentRecords);
    }
  }

  /** A try that came to nothing and may go better once the view has reached a revision. */
  private static final class Conflict extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final long revision;
    private final boolean fromStore;

    /**
     * @param fromStore whether the revision is the store's newest, not only the view's
     */
    Conflict(long revision, boolean fromStore) {
      super("conflict", null, false, false);
      this.revision = revision;
      this.fromStore = fromStore;
    }
  }

  private <T> CompletableFuture<T> lockAndAttempt(
      String lock, BiFunction<Records, Txn.Guard, Decision<T>> decide, int number) {
    return read(store.get(lock))
        .thenComposeAsync(
            range -> {
              Txn.Guard guard =
                  range.entries().isEmpty()
                      ? new Txn.Guard.Absent(lock)
                      : new Txn.Guard.ModRevision(lock, range.entries().get(0).modRevision());
              Function<Records, Decision<T>> guarded = records -> decide.apply(records, guard);
              return caughtUp(range.revision(), false)
                  .thenComposeAsync(
                      done -> decideAndCommit(new Attempt<>(guarded, number, true)), executor);
            },
            executor)
        .exceptionallyCompose(
            failure -> {
              Conflict conflict = conflict(failure, number);
              return caughtUp(conflict.revision, false)
                  .thenComposeAsync(done -> lockAndAttempt(lock, decide, number + 1), executor);
            });
  }

  private <T> CompletableFuture<T> attempt(Attempt<T> attempt) {
    return decideAndCommit(attempt)
        .exceptionallyCompose(
            failure -> {
              Conflict conflict = conflict(failure, attempt.number());
              return caughtUp(conflict.revision, false)
                  .thenComposeAsync(
                      done -> attempt(attempt.next(attempt.current() || conflict.fromStore)),
                      executor);
            });
  }

  /** The conflict that another try may resolve, if there is one left. */
  private static Conflict conflict(Throwable failure, int number) {
    Throwable cause = cause(failure);
    if (!(cause instanceof Conflict conflict)) {
      throw new CompletionException(cause);
    }
    if (number >= TRIES) {
      throw new ApiException(
          ApiException.Code.ABORTED,
          "operation aborted due to unexpected version: others changed the same object during each"
              + " of "
              + TRIES
              + " tries; nothing was written, try again");
    }
    return conflict;
  }

  private <T> CompletableFuture<T> decideAndCommit(Attempt<T> attempt) {
    Records records = view.records();
    StoreSchema.problem(records.schema())
        .ifPresent(
            problem -> {
              throw new ApiException(ApiException.Code.UNAVAILABLE, problem);
            });
    Decision<T> decision = attempt.decide().apply(records);
    if (decision instanceof Decision.Write<T> write) {
      return commit(write);
    }
    if (decision instanceof Decision.Wait<T> wait) {
      return CompletableFuture.failedFuture(new Conflict(wait.revision(), false));
    }
    if (!attempt.current()) {
      return read(store.revision())
          .thenComposeAsync(revision -> caughtUp(revision, false), executor)
          .thenComposeAsync(done -> decideAndCommit(attempt.onCurrentRecords()), executor);
    }
    if (decision instanceof Decision.Refuse<T> refuse) {
      return CompletableFuture.failedFuture(refuse.reason());
    }
    return CompletableFuture.completedFuture(((Decision.Answer<T>) decision).answer());
  }

  private <T> CompletableFuture<T> commit(Decision.Write<T> write) {
    return store
        .commit(write.txn())
        .handleAsync((result, failure) -> committed(write, result, failure), executor)
        .thenCompose(Function.identity());
  }

  private <T> CompletableFuture<T> committed(
      Decision.Write<T> write, TxnResult result, Throwable failure) {
    if (failure != null) {
      return outcomeOf(write, cause(failure));
    }
    if (!result.committed()) {
      return CompletableFuture.failedFuture(new Conflict(result.revision(), true));
    }
    return caughtUp(result.revision(), true).thenApply(done -> write.answer());
  }

  /** Finds out whether a write was made whose answer did not come. */
  private <T> CompletableFuture<T> outcomeOf(Decision.Write<T> write, Throwable failure) {
    if (!(failure instanceof StoreException lost)
        || lost.code() == StoreException.Code.INVALID
        || lost.code() == StoreException.Code.COMPACTED) {
      return CompletableFuture.failedFuture(
          new ApiException(
              ApiException.Code.INTERNAL,
              "the store refuses the write, nothing was written: " + failure.getMessage(),
              failure));
    }
    return store
        .get(write.proof())
        .handleAsync(
            (range, readFailure) -> {
              if (readFailure != null) {
                throw unknown(lost);
              }
              Optional<KeyValue> found = range.entries().stream().findFirst();
              if (!write.made().test(found)) {
                throw unknown(lost);
              }
              return range.revision();
            },
            executor)
        .thenComposeAsync(revision -> caughtUp(revision, true), executor)
        .thenApply(done -> write.answer());
  }

  private static ApiException unknown(StoreException lost) {
    return new ApiException(
        ApiException.Code.UNAVAILABLE,
        "the store did not answer ("
            + lost.getMessage()
            + "): the outcome of the write is unknown, it may still be made; read the object, and"
            + " try again if it has not changed",
        lost);
  }

  /** A read that comes before any write. */
  private static <T> CompletableFuture<T> read(CompletableFuture<T> answer) {
    return answer.exceptionally(
        failure -> {
          Throwable cause = cause(failure);
          throw new ApiException(
              ApiException.Code.UNAVAILABLE,
              "the store does not answer ("
                  + cause.getMessage()
                  + "): nothing was written; try again when it is back",
              cause);
        });
  }

  /** Completes when the view has reached a revision. */
  private CompletableFuture<Void> caughtUp(long revision, boolean written) {
    CompletableFuture<Void> reached = view.awaitRevision(revision);
    if (reached.isDone() && !reached.isCompletedExceptionally()) {
      return reached;
    }
    CompletableFuture<Void> bounded = new CompletableFuture<>();
    Timers.Cancellable timeout =
        timers.schedule(
            viewTimeout, () -> bounded.completeExceptionally(behind(revision, written)));
    reached.whenComplete(
        (done, failure) -> {
          timeout.cancel();
          if (failure == null) {
            bounded.complete(null);
          } else {
            bounded.completeExceptionally(closed(cause(failure), written));
          }
        });
    return bounded;
  }

  private static ApiException closed(Throwable cause, boolean written) {
    return new ApiException(
        ApiException.Code.UNAVAILABLE,
        "this server is stopping; "
            + (written
                ? "the write was made, so do not repeat it"
                : "nothing was written, try again")
            + " at another server",
        cause);
  }

  private ApiException behind(long revision, boolean written) {
    return new ApiException(
        ApiException.Code.UNAVAILABLE,
        (written
                ? "the write was made at revision " + revision + ", so do not repeat it; but"
                : "nothing was written;")
            + " after "
            + viewTimeout.toMillis()
            + " ms this server has read only up to revision "
            + view.revision()
            + " of "
            + revision
            + "; try "
            + (written ? "reading again" : "again")
            + " when it has caught up");
  }

  /** Runs a request and turns whatever it fails with into the API's words. */
  private static <T> CompletableFuture<T> translated(Supplier<CompletableFuture<T>> request) {
    CompletableFuture<T> answer;
    try {
      answer = request.get();
    } catch (RuntimeException failure) {
      answer = CompletableFuture.failedFuture(failure);
    }
    return answer.exceptionallyCompose(failure -> CompletableFuture.failedFuture(api(failure)));
  }

  private static ApiException api(Throwable failure) {
    Throwable cause = cause(failure);
    return cause instanceof ApiException known
        ? known
        : new ApiException(ApiException.Code.INTERNAL, "unexpected failure: " + cause, cause);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
