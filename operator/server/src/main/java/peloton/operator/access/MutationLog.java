package peloton.operator.access;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells of every call that could change something: when, who, from where, what, the entity's
 * version before and after, and how it ended; one line of JSON for each. Specifications are not
 * told, since they may hold what is nobody's business.
 */
public final class MutationLog implements ServerInterceptor {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String API = "peloton.";

  /** What says which thing a request is about, in this order. */
  private static final List<String> ENTITIES =
      List.of("job_id", "pod_name", "respool_id", "volume_id", "hostname", "name", "spec.name");

  private final InstantSource clock;
  private final Consumer<String> sink;

  /**
   * @param sink takes a line without its end; called from the threads of calls
   */
  public MutationLog(InstantSource clock, Consumer<String> sink) {
    this.clock = clock;
    this.sink = sink;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    boolean ours = String.valueOf(call.getMethodDescriptor().getServiceName()).startsWith(API);
    if (!ours || Role.reads(call.getMethodDescriptor())) {
      return next.startCall(call, headers);
    }
    ObjectNode line = line(call, Caller.name());
    ServerCall.Listener<Q> listener =
        next.startCall(
            new SimpleForwardingServerCall<>(call) {
              @Override
              public void sendMessage(A answer) {
                Entities.text(answer, "job_id").ifPresent(id -> line.put("entity", id));
                Entities.text(answer, "respool_id").ifPresent(id -> line.put("entity", id));
                Entities.text(answer, "version").ifPresent(v -> line.put("after", v));
                super.sendMessage(answer);
              }

              @Override
              public void close(Status status, Metadata trailers) {
                write(line, status);
                super.close(status, trailers);
              }
            },
            headers);
    return new SimpleForwardingServerCallListener<Q>(listener) {
      @Override
      public void onMessage(Q request) {
        ENTITIES.stream()
            .flatMap(path -> Entities.text(request, path).stream())
            .findFirst()
            .ifPresent(entity -> line.put("entity", entity));
        Entities.text(request, "spec.name").ifPresent(name -> line.put("name", name));
        Entities.text(request, "version").ifPresent(v -> line.put("before", v));
        super.onMessage(request);
      }
    };
  }

  /** Tells of a call that came to nothing because of who made it. */
  void refused(ServerCall<?, ?> call, String who, Status status) {
    write(line(call, who), status);
  }

  private ObjectNode line(ServerCall<?, ?> call, String who) {
    ObjectNode line = JSON.createObjectNode();
    line.put("at", clock.instant().toString());
    line.put("who", who);
    SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    line.put("from", from == null ? "" : from.toString().replaceFirst("^/", ""));
    String method = call.getMethodDescriptor().getFullMethodName();
    line.put("method", method.substring(method.lastIndexOf('.') + 1).replace('/', ':'));
    return line;
  }

  private void write(ObjectNode line, Status status) {
    line.put("result", status.getCode().name());
    if (!status.isOk() && status.getDescription() != null) {
      line.put("message", status.getDescription());
    }
    sink.accept(line.toString());
  }
}
