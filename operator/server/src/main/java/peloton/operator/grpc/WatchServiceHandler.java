package peloton.operator.grpc;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchSvc.CancelRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.CancelResponse;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.desired.ApiException;
import peloton.operator.watch.WatchHub;
import peloton.operator.watch.WatchSession;
import peloton.operator.watch.WatchSink;

/** The watches of the API; messages go out as the bytes that the hub encoded. */
final class WatchServiceHandler {
  private final Answers answers;
  private final StatusMapper errors;
  private final WatchHub hub;

  WatchServiceHandler(Answers answers, StatusMapper errors, WatchHub hub) {
    this.answers = answers;
    this.errors = errors;
    this.hub = hub;
  }

  /** The service with a Watch method whose responses are encoded already. */
  ServerServiceDefinition bind() {
    MethodDescriptor<WatchRequest, ByteString> watch =
        WatchServiceGrpc.getWatchMethod().toBuilder(
                WatchServiceGrpc.getWatchMethod().getRequestMarshaller(), new BytesMarshaller())
            .build();
    ServiceDescriptor generated = WatchServiceGrpc.getServiceDescriptor();
    return ServerServiceDefinition.builder(
            ServiceDescriptor.newBuilder(generated.getName())
                .setSchemaDescriptor(generated.getSchemaDescriptor())
                .addMethod(WatchServiceGrpc.getCancelMethod())
                .addMethod(watch)
                .build())
        .addMethod(watch, ServerCalls.asyncServerStreamingCall(this::watch))
        .addMethod(WatchServiceGrpc.getCancelMethod(), ServerCalls.asyncUnaryCall(this::cancel))
        .build();
  }

  private void watch(WatchRequest request, StreamObserver<ByteString> observer) {
    ServerCallStreamObserver<ByteString> call = (ServerCallStreamObserver<ByteString>) observer;
    SinkOf sink = new SinkOf(call);
    WatchSession session;
    try {
      // Handlers may only be set before this method returns, and the session may send before.
      call.setOnCancelHandler(sink::gone);
      call.setOnReadyHandler(sink::drain);
      session = hub.open(request, sink);
    } catch (RuntimeException e) {
      observer.onError(errors.map(e));
      return;
    }
    sink.serve(session);
  }

  private void cancel(CancelRequest request, StreamObserver<CancelResponse> observer) {
    answers.now(
        observer,
        () -> {
          hub.cancel(request.getWatchId());
          return CancelResponse.getDefaultInstance();
        });
  }

  private final class SinkOf implements WatchSink {
    private final ServerCallStreamObserver<ByteString> call;
    private volatile WatchSession session;

    SinkOf(ServerCallStreamObserver<ByteString> call) {
      this.call = call;
    }

    void serve(WatchSession opened) {
      session = opened;
      // Whatever happened to the call before the session was known here.
      if (call.isCancelled()) {
        opened.clientGone();
      } else {
        opened.drain();
      }
    }

    void gone() {
      WatchSession opened = session;
      if (opened != null) {
        opened.clientGone();
      }
    }

    void drain() {
      WatchSession opened = session;
      if (opened != null) {
        opened.drain();
      }
    }

    @Override
    public boolean ready() {
      return call.isReady();
    }

    @Override
    public void send(ByteString response) {
      call.onNext(response);
    }

    @Override
    public void end(ApiException reason) {
      call.onError(errors.map(reason));
    }
  }
}
