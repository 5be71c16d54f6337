package peloton.operator.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * The last line: what a handler lets escape still ends its call with a proper status, methods that
 * this version does not serve say so, and no message is too long for a header.
 */
final class FailureInterceptor implements ServerInterceptor {
  private final StatusMapper errors;

  FailureInterceptor(StatusMapper errors) {
    this.errors = errors;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    CloseOnce<Q, A> guarded = new CloseOnce<>(call);
    ServerCall.Listener<Q> listener;
    try {
      listener = next.startCall(guarded, headers);
    } catch (RuntimeException e) {
      guarded.fail(e);
      return new ServerCall.Listener<>() {};
    }
    return new SimpleForwardingServerCallListener<Q>(listener) {
      @Override
      public void onMessage(Q message) {
        guard(() -> super.onMessage(message));
      }

      @Override
      public void onHalfClose() {
        guard(super::onHalfClose);
      }

      @Override
      public void onReady() {
        guard(super::onReady);
      }

      private void guard(Runnable step) {
        try {
          step.run();
        } catch (RuntimeException e) {
          guarded.fail(e);
        }
      }
    };
  }

  private final class CloseOnce<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private boolean closed;

    CloseOnce(ServerCall<Q, A> call) {
      super(call);
    }

    void fail(RuntimeException failure) {
      StatusRuntimeException mapped = errors.map(failure);
      close(
          mapped.getStatus(), mapped.getTrailers() == null ? new Metadata() : mapped.getTrailers());
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (closed) {
        return;
      }
      closed = true;
      super.close(readable(status), trailers);
    }

    private Status readable(Status status) {
      String text = status.getDescription();
      if (status.getCode() == Status.Code.UNIMPLEMENTED
          && text != null
          && text.endsWith("is unimplemented")) {
        return status.withDescription(
            getMethodDescriptor().getFullMethodName()
                + " belongs to the v1alpha API but is not served by this version");
      }
      return text == null ? status : status.withDescription(StatusMapper.cut(text));
    }
  }
}
