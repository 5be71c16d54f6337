package peloton.command;

import com.google.protobuf.Message;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import peloton.api.v1alpha.admin.svc.AdminServiceGrpc;
import peloton.api.v1alpha.host.svc.HostServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc;
import peloton.api.v1alpha.volume.svc.VolumeServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.operator.v1.PoolStateServiceGrpc;

/**
 * A server on a real socket that answers as it is told: for each type of request the answers in
 * order, the last one for ever. It keeps the requests.
 */
final class FakePeloton implements AutoCloseable {
  private final Map<Class<?>, Queue<Function<Message, List<Object>>>> answers = new HashMap<>();
  private final List<Message> requests = new ArrayList<>();
  private final List<Metadata> headers = new CopyOnWriteArrayList<>();
  private final Server server;

  FakePeloton() throws IOException {
    this(InsecureServerCredentials.create());
  }

  FakePeloton(ServerCredentials tls) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0), tls)
            .addService(everyMethod(JobServiceGrpc.getServiceDescriptor()))
            .addService(everyMethod(PodServiceGrpc.getServiceDescriptor()))
            .addService(everyMethod(ResourcePoolServiceGrpc.getServiceDescriptor()))
            .addService(everyMethod(HostServiceGrpc.getServiceDescriptor()))
            .addService(everyMethod(PoolStateServiceGrpc.getServiceDescriptor()))
            .addService(everyMethod(VolumeServiceGrpc.getServiceDescriptor()))
            .addService(everyMethod(AdminServiceGrpc.getServiceDescriptor()))
            .addService(everyMethod(WatchServiceGrpc.getServiceDescriptor()))
            .intercept(
                new ServerInterceptor() {
                  @Override
                  public <Q, A> ServerCall.Listener<Q> interceptCall(
                      ServerCall<Q, A> call, Metadata sent, ServerCallHandler<Q, A> next) {
                    headers.add(sent);
                    return next.startCall(call, sent);
                  }
                })
            .build()
            .start();
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** Answers with messages, each sent, and then a {@link Status} if the call shall fail. */
  synchronized <Q extends Message> FakePeloton on(Class<Q> request, Object... answer) {
    return on(request, unused -> List.of(answer));
  }

  synchronized <Q extends Message> FakePeloton on(
      Class<Q> request, Function<Q, List<Object>> answer) {
    answers
        .computeIfAbsent(request, unused -> new ArrayDeque<>())
        .add(message -> answer.apply(request.cast(message)));
    return this;
  }

  synchronized <Q extends Message> List<Q> requests(Class<Q> type) {
    return requests.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** What one header of the last call said; null if it was not there. */
  String header(String name) {
    return headers
        .get(headers.size() - 1)
        .get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private ServerServiceDefinition everyMethod(ServiceDescriptor service) {
    ServerServiceDefinition.Builder methods = ServerServiceDefinition.builder(service);
    service.getMethods().forEach(method -> methods.addMethod(answering(method)));
    return methods.build();
  }

  /** A call with one answer is, for a server, a stream that is short. */
  private <Q, A> ServerMethodDefinition<Q, A> answering(MethodDescriptor<Q, A> method) {
    return ServerMethodDefinition.create(
        method,
        ServerCalls.asyncServerStreamingCall(
            (Q request, StreamObserver<A> observer) -> answer((Message) request, observer)));
  }

  @SuppressWarnings("unchecked")
  private <A> void answer(Message request, StreamObserver<A> observer) {
    for (Object part : next(request)) {
      if (part instanceof Status status) {
        observer.onError(status.asRuntimeException());
        return;
      }
      observer.onNext((A) part);
    }
    observer.onCompleted();
  }

  private synchronized List<Object> next(Message request) {
    requests.add(request);
    Queue<Function<Message, List<Object>>> queue = answers.get(request.getClass());
    if (queue == null) {
      return List.of(
          Status.UNIMPLEMENTED.withDescription("no answer to " + request.getClass().getName()));
    }
    return (queue.size() > 1 ? queue.remove() : queue.element()).apply(request);
  }
}
