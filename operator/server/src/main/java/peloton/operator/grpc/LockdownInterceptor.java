package peloton.operator.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import peloton.api.v1alpha.admin.svc.AdminServiceGrpc;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.desired.admin.Lockdowns;
import peloton.store.view.Records;

/**
 * Refuses calls of what is locked down. Reads and writes are told apart by the first word of their
 * method's name, as Peloton does; watches are reads, and the admin service is neither.
 */
final class LockdownInterceptor implements ServerInterceptor {
  private static final String API = "peloton.api.v1alpha.";
  private static final Pattern FIRST_WORD = Pattern.compile("[A-Z][a-z]*");
  private static final Set<String> READS = Set.of("Get", "Query", "List", "Browse", "Lookup");

  private final Supplier<Records> records;

  LockdownInterceptor(Supplier<Records> records) {
    this.records = records;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<Component> component = component(call.getMethodDescriptor());
    if (component.isPresent() && Lockdowns.contains(records.get(), component.get())) {
      call.close(
          Status.FAILED_PRECONDITION.withDescription(
              component.get()
                  + " APIs are locked down; AdminService.RemoveLockdown or `peloton admin unlock "
                  + component.get()
                  + "` frees them"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return next.startCall(call, headers);
  }

  /** What must not be locked down for a method to be called; empty if it may always be. */
  static Optional<Component> component(MethodDescriptor<?, ?> method) {
    String service = String.valueOf(method.getServiceName());
    if (!service.startsWith(API) || service.equals(AdminServiceGrpc.SERVICE_NAME)) {
      return Optional.empty();
    }
    if (service.equals(WatchServiceGrpc.SERVICE_NAME)) {
      return Optional.of(Component.Read);
    }
    Matcher word = FIRST_WORD.matcher(String.valueOf(method.getBareMethodName()));
    return Optional.of(
        word.lookingAt() && READS.contains(word.group()) ? Component.Read : Component.Write);
  }
}
