package peloton.operator.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Lets handlers outlive their call. The etcd client is a gRPC client too: under the call's own
 * context its requests would die with the call, and a write would be left half-known. What the
 * context holds stays, for reflection finds its server there.
 */
final class DetachInterceptor implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return Contexts.interceptCall(Context.current().fork(), call, headers, next);
  }
}
