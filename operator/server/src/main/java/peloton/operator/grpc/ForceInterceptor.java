package peloton.operator.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import peloton.desired.owner.Ownership;
import peloton.desired.owner.Requester;

/** Notes whether a client means to write also what belongs to a resource of Kubernetes. */
final class ForceInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of(Ownership.FORCE_HEADER, Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<Boolean> FORCED = Context.key(Ownership.FORCE_HEADER);

  /** Who asks in the call that is being handled. */
  static Requester requester() {
    return new Requester.Client(Boolean.TRUE.equals(FORCED.get()));
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    boolean forced = "true".equalsIgnoreCase(headers.get(HEADER));
    return forced
        ? Contexts.interceptCall(Context.current().withValue(FORCED, true), call, headers, next)
        : next.startCall(call, headers);
  }
}
