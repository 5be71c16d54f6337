package peloton.store.etcd;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Makes a future of the one message that answers a call. Message and failure are translated before
 * the future ends, so that its failure is the exception itself and not one wrapped in another.
 */
final class Answer<A, T> implements StreamObserver<A> {
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private final Function<A, T> result;
  private final Function<Throwable, Throwable> failure;
  private A message;

  Answer(Function<A, T> result, Function<Throwable, Throwable> failure) {
    this.result = result;
    this.failure = failure;
  }

  CompletableFuture<T> future() {
    return future;
  }

  @Override
  public void onNext(A answer) {
    message = answer;
  }

  @Override
  public void onError(Throwable cause) {
    future.completeExceptionally(failure.apply(cause));
  }

  @Override
  public void onCompleted() {
    if (message == null) {
      onError(
          Status.INTERNAL.withDescription("etcd ended the call without an answer").asException());
      return;
    }
    try {
      future.complete(result.apply(message));
    } catch (RuntimeException e) {
      future.completeExceptionally(e);
    }
  }
}
