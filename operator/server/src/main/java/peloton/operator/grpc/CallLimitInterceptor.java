package peloton.operator.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses calls beyond a number in hand, instead of letting all of them grow slow. Streams that are
 * meant to stay open have limits of their own and do not count.
 */
final class CallLimitInterceptor implements ServerInterceptor {
  private final int limit;
  private final Set<String> exempt;
  private final AtomicInteger inHand = new AtomicInteger();

  /**
   * @param exempt full names of services that do not count
   */
  CallLimitInterceptor(int limit, Set<String> exempt) {
    this.limit = limit;
    this.exempt = Set.copyOf(exempt);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (exempt.contains(call.getMethodDescriptor().getServiceName())) {
      return next.startCall(call, headers);
    }
    if (inHand.incrementAndGet() > limit) {
      inHand.decrementAndGet();
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "this replica has " + limit + " calls in hand; try again, or ask another replica"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    AtomicBoolean counted = new AtomicBoolean(true);
    Runnable release =
        () -> {
          if (counted.compareAndSet(true, false)) {
            inHand.decrementAndGet();
          }
        };
    ServerCall.Listener<Q> listener;
    try {
      listener =
          next.startCall(
              new SimpleForwardingServerCall<>(call) {
                @Override
                public void close(Status status, Metadata trailers) {
                  release.run();
                  super.close(status, trailers);
                }
              },
              headers);
    } catch (RuntimeException e) {
      release.run();
      throw e;
    }
    return new SimpleForwardingServerCallListener<Q>(listener) {
      @Override
      public void onCancel() {
        release.run();
        super.onCancel();
      }
    };
  }
}
