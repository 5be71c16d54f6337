package peloton.operator.access;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import peloton.store.view.Records;

/**
 * Lets through what the policy allows. Calls of nobody known are UNAUTHENTICATED, others' that go
 * too far PERMISSION_DENIED. Health may be asked by everybody, reflection by every client.
 */
public final class AccessInterceptor implements ServerInterceptor {
  private static final String HEALTH = "grpc.health.v1.Health";
  private static final String API = "peloton.";

  /** Services whose requests are about jobs, pods and pools; all others concern everybody. */
  private static final Set<String> WITHIN_POOLS =
      Set.of("JobService", "PodService", "ResourcePoolService", "WatchService");

  private final AccessFile file;
  private final PoolScope pools;
  private final MutationLog mutations;

  public AccessInterceptor(AccessFile file, Supplier<Records> records, MutationLog mutations) {
    this.file = file;
    this.pools = new PoolScope(records);
    this.mutations = mutations;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    MethodDescriptor<Q, A> method = call.getMethodDescriptor();
    String service = String.valueOf(method.getServiceName());
    if (service.equals(HEALTH)) {
      return next.startCall(call, headers);
    }
    Optional<Client> known = Credentials.client(file.policy(), call, headers);
    if (known.isEmpty()) {
      return refuse(
          call,
          "nobody known",
          Status.UNAUTHENTICATED.withDescription(
              "this operator serves known clients only: send \"authorization: Bearer TOKEN\", or"
                  + " connect with a certificate that its access file names"));
    }
    Client client = known.get();
    Role role = client.role();
    if (service.startsWith(API) && !role.allows(method)) {
      return refuse(
          call,
          client.name(),
          denied(client, "may not call " + shortName(method) + "; it may call " + role.accept()));
    }
    boolean bounded = service.startsWith(API) && role.pools().isPresent() && !Role.reads(method);
    if (bounded && !WITHIN_POOLS.contains(simple(service))) {
      return refuse(
          call,
          client.name(),
          denied(
              client,
              "may change things below "
                  + role.pools().get()
                  + " only, and "
                  + shortName(method)
                  + " concerns the whole cluster"));
    }
    Context context = Context.current().withValue(Caller.NAME, client.name());
    ServerCall.Listener<Q> listener = Contexts.interceptCall(context, call, headers, next);
    return bounded ? new PoolGuard<>(listener, call, client) : listener;
  }

  private <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, String who, Status status) {
    if (!Role.reads(call.getMethodDescriptor())) {
      mutations.refused(call, who, status);
    }
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static Status denied(Client client, String what) {
    return Status.PERMISSION_DENIED.withDescription(
        "client " + client.name() + ", role " + client.role().name() + ", " + what);
  }

  private static String shortName(MethodDescriptor<?, ?> method) {
    return simple(String.valueOf(method.getServiceName())) + ":" + method.getBareMethodName();
  }

  private static String simple(String service) {
    return service.substring(service.lastIndexOf('.') + 1);
  }

  /** Looks at the request before the handler does. */
  private final class PoolGuard<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final Client client;
    private boolean refused;

    PoolGuard(ServerCall.Listener<Q> handler, ServerCall<Q, ?> call, Client client) {
      super(handler);
      this.call = call;
      this.client = client;
    }

    @Override
    public void onMessage(Q message) {
      Optional<String> outside =
          pools.of(message).stream()
              .filter(path -> !client.role().mayChangeBelow(path))
              .findFirst();
      if (outside.isEmpty()) {
        super.onMessage(message);
        return;
      }
      refused = true;
      Status status =
          denied(
              client,
              "may change things below "
                  + client.role().pools().orElseThrow()
                  + " only, and this is in "
                  + outside.get());
      mutations.refused(call, client.name(), status);
      call.close(status, new Metadata());
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }
  }
}
