package peloton.operator.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Runs handlers outside of their call's context. The etcd client is a gRPC client too: under the
 * call's context its requests would die with the call, and a write would be left half-known.
 */
final class DetachInterceptor implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return Contexts.interceptCall(Context.ROOT, call, headers, next);
  }
}
