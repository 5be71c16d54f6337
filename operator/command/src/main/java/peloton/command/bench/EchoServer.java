package peloton.command.bench;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import peloton.operator.grpc.BytesMarshaller;

/**
 * The least that a gRPC server of the operator's kind can do: answers with bytes that it was given
 * before, whatever is asked. What the operator takes longer is the operator's own.
 */
final class EchoServer implements AutoCloseable {
  private static final String SERVICE = "peloton.bench.Echo";

  /** Adds the request to the answers; an empty one forgets all. */
  static final MethodDescriptor<ByteString, ByteString> KEEP =
      method("Keep", MethodDescriptor.MethodType.UNARY);

  /** Answers with the next of what is kept, over and over. */
  static final MethodDescriptor<ByteString, ByteString> ANSWER =
      method("Answer", MethodDescriptor.MethodType.UNARY);

  /** Streams everything that is kept. */
  static final MethodDescriptor<ByteString, ByteString> STREAM =
      method("Stream", MethodDescriptor.MethodType.SERVER_STREAMING);

  private final List<ByteString> kept = new CopyOnWriteArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final ExecutorService executor;
  private final Server server;

  /** Starts to serve, with as many threads as the operator has for calls. */
  EchoServer(int port) throws IOException {
    executor =
        Executors.newFixedThreadPool(Math.max(4, Runtime.getRuntime().availableProcessors()));
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
            .executor(executor)
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(KEEP, ServerCalls.asyncUnaryCall(this::keep))
                    .addMethod(ANSWER, ServerCalls.asyncUnaryCall(this::answer))
                    .addMethod(STREAM, ServerCalls.asyncServerStreamingCall(this::stream))
                    .build())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  private void keep(ByteString request, StreamObserver<ByteString> observer) {
    if (request.isEmpty()) {
      kept.clear();
    } else {
      kept.add(request);
    }
    finish(ByteString.EMPTY, observer);
  }

  private void answer(ByteString request, StreamObserver<ByteString> observer) {
    finish(kept.get(Math.floorMod(next.getAndIncrement(), kept.size())), observer);
  }

  private void stream(ByteString request, StreamObserver<ByteString> observer) {
    ServerCallStreamObserver<ByteString> call = (ServerCallStreamObserver<ByteString>) observer;
    call.setOnCancelHandler(() -> {});
    call.setOnReadyHandler(
        new Runnable() {
          private int sent;

          @Override
          public void run() {
            while (sent < kept.size() && call.isReady()) {
              call.onNext(kept.get(sent++));
              if (sent == kept.size()) {
                call.onCompleted();
              }
            }
          }
        });
  }

  private static void finish(ByteString answer, StreamObserver<ByteString> observer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  private static MethodDescriptor<ByteString, ByteString> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<ByteString, ByteString>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(new BytesMarshaller())
        .setResponseMarshaller(new BytesMarshaller())
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
    executor.shutdown();
  }
}
