package peloton.controllers.reconcile;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import peloton.desired.ApiException;

/** How a pass waits for the answer to a write. */
@FunctionalInterface
public interface Waiter {

  /**
   * The answer.
   *
   * @throws ApiException as the write fails; UNAVAILABLE if there is no answer in time
   */
  <T> T await(CompletableFuture<T> answer);

  /** Holds up the thread, at most for the given time. */
  static Waiter blocking(Duration limit) {
    return new Waiter() {
      @Override
      public <T> T await(CompletableFuture<T> answer) {
        try {
          return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
          throw e.getCause() instanceof ApiException known
              ? known
              : new ApiException(
                  ApiException.Code.INTERNAL, String.valueOf(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
          throw new ApiException(
              ApiException.Code.UNAVAILABLE,
              "the store did not answer within " + limit.toMillis() + " ms",
              e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new CancellationException("interrupted");
        }
      }
    };
  }
}
