package peloton.operator.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Completes calls: each exactly once, with the answer or with the failure's status. A client that
 * went away is no failure.
 */
final class Answers {
  private final StatusMapper errors;

  Answers(StatusMapper errors) {
    this.errors = errors;
  }

  /** Answers with what is computed at once. */
  <T> void now(StreamObserver<T> observer, Supplier<T> answer) {
    T value;
    try {
      value = answer.get();
    } catch (RuntimeException e) {
      observer.onError(errors.map(e));
      return;
    }
    observer.onNext(value);
    observer.onCompleted();
  }

  /** Answers when the future completes. */
  <T> void later(StreamObserver<T> observer, Supplier<CompletableFuture<T>> answer) {
    // Without a handler, an answer to a client that went away would throw.
    ((ServerCallStreamObserver<T>) observer).setOnCancelHandler(() -> {});
    CompletableFuture<T> future;
    try {
      future = answer.get();
    } catch (RuntimeException e) {
      observer.onError(errors.map(e));
      return;
    }
    future.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            observer.onError(errors.map(failure));
          } else {
            observer.onNext(value);
            observer.onCompleted();
          }
        });
  }

  /** Like {@link #later}, if the check passes. */
  <T> void laterIf(
      Runnable check, StreamObserver<T> observer, Supplier<CompletableFuture<T>> answer) {
    later(
        observer,
        () -> {
          check.run();
          return answer.get();
        });
  }

  /** Streams messages as fast as the client takes them; each is made only when it is wanted. */
  <T> void stream(StreamObserver<T> observer, Supplier<Iterator<T>> messages) {
    Iterator<T> iterator;
    try {
      iterator = messages.get();
    } catch (RuntimeException e) {
      observer.onError(errors.map(e));
      return;
    }
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) observer;
    call.setOnCancelHandler(() -> {});
    call.setOnReadyHandler(new Pump<>(call, iterator));
  }

  private final class Pump<T> implements Runnable {
    private final ServerCallStreamObserver<T> call;
    private final Iterator<T> messages;
    private boolean done;

    Pump(ServerCallStreamObserver<T> call, Iterator<T> messages) {
      this.call = call;
      this.messages = messages;
    }

    /** Runs whenever the client can take more; calls of one stream never overlap. */
    @Override
    public void run() {
      try {
        while (!done && call.isReady()) {
          if (messages.hasNext()) {
            call.onNext(messages.next());
          } else {
            done = true;
            call.onCompleted();
          }
        }
      } catch (RuntimeException e) {
        done = true;
        call.onError(errors.map(e));
      }
    }
  }
}
