package peloton.operator.grpc;

import io.grpc.BindableService;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import peloton.api.v1alpha.admin.svc.AdminServiceGrpc;
import peloton.api.v1alpha.host.svc.HostServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc;
import peloton.api.v1alpha.volume.svc.VolumeServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.desired.admin.LockdownWriter;
import peloton.desired.host.HostWriter;
import peloton.desired.job.JobWriter;
import peloton.desired.pod.PodWriter;
import peloton.desired.pool.PoolWriter;
import peloton.desired.volume.VolumeWriter;
import peloton.operator.access.AccessInterceptor;
import peloton.operator.access.MutationLog;
import peloton.operator.query.JobIndex;
import peloton.operator.read.CurrentView;
import peloton.operator.read.JobReader;
import peloton.operator.read.Planner;
import peloton.operator.read.PodReader;
import peloton.operator.sandbox.SandboxBrowser;
import peloton.operator.watch.WatchHub;
import peloton.store.KeyValueStore;
import peloton.store.view.Keyspace;

/** Every service of the API with what all calls go through, for a server of any transport. */
public final class ApiServices {
  /** The services of the v1alpha API, by full name; PlacementService is this operator's own. */
  public static final List<String> NAMES =
      List.of(
          JobServiceGrpc.SERVICE_NAME,
          PodServiceGrpc.SERVICE_NAME,
          ResourcePoolServiceGrpc.SERVICE_NAME,
          WatchServiceGrpc.SERVICE_NAME,
          HostServiceGrpc.SERVICE_NAME,
          VolumeServiceGrpc.SERVICE_NAME,
          AdminServiceGrpc.SERVICE_NAME);

  /** Streams that stay open, and what must answer even when nothing else does. */
  @SuppressWarnings("deprecation") // Older clients know only reflection's first version.
  private static final Set<String> NOT_COUNTED =
      Set.of(
          WatchServiceGrpc.SERVICE_NAME,
          HealthGrpc.SERVICE_NAME,
          ServerReflectionGrpc.SERVICE_NAME,
          io.grpc.reflection.v1alpha.ServerReflectionGrpc.SERVICE_NAME);

  private final List<ServerServiceDefinition> definitions = new ArrayList<>();
  private final StatusMapper errors;
  private final CurrentView view;
  private final Gate gate;

  /**
   * What calls pass on their way.
   *
   * @param calls most calls in hand at one time
   * @param access lets through who may call; absent if everybody may
   * @param mutations tells of calls that could change something
   */
  public record Gate(int calls, Optional<AccessInterceptor> access, MutationLog mutations) {}

  /** What reads and writes go to. */
  public record Backends(
      CurrentView view,
      JobReader jobReader,
      PodReader podReader,
      JobIndex jobIndex,
      JobWriter jobWriter,
      PodWriter podWriter,
      PoolWriter poolWriter,
      LockdownWriter lockdownWriter,
      HostWriter hostWriter,
      VolumeWriter volumeWriter,
      KeyValueStore store,
      Keyspace keyspace,
      SandboxBrowser sandboxes,
      Planner planner,
      WatchHub watches) {}

  public ApiServices(Backends backends, StatusMapper errors, Gate gate) {
    this.errors = errors;
    this.view = backends.view();
    this.gate = gate;
    Answers answers = new Answers(errors);
    add(
        new JobServiceHandler(
            answers,
            backends.view(),
            backends.jobReader(),
            backends.podReader(),
            backends.jobIndex(),
            backends.jobWriter()));
    add(
        new PodServiceHandler(
            answers,
            backends.view(),
            backends.podReader(),
            backends.podWriter(),
            backends.store(),
            backends.keyspace(),
            backends.sandboxes()));
    add(new PoolServiceHandler(answers, backends.view(), backends.poolWriter()));
    definitions.add(new WatchServiceHandler(answers, errors, backends.watches()).bind());
    add(new HostServiceHandler(answers, backends.view(), backends.hostWriter()));
    add(new VolumeServiceHandler(answers, backends.view(), backends.volumeWriter()));
    add(new PlacementServiceHandler(answers, backends.view(), backends.planner()));
    add(new AdminServiceHandler(answers, backends.view(), backends.lockdownWriter()));
    add(new PoolStateServiceHandler(answers, backends.view()));
  }

  private void add(BindableService service) {
    definitions.add(service.bindService());
  }

  /**
   * Adds the services to a server.
   *
   * @param health the health service
   * @param reflection whether clients may ask for the schema
   */
  @SuppressWarnings("deprecation") // Older clients know only reflection's first version.
  public <B extends ServerBuilder<B>> B addTo(
      B server, BindableService health, boolean reflection) {
    definitions.forEach(server::addService);
    server.addService(health);
    if (reflection) {
      server.addService(ProtoReflectionServiceV1.newInstance());
      server.addService(io.grpc.protobuf.services.ProtoReflectionService.newInstance());
    }
    // The last one added sees a call first.
    server
        .intercept(new ForceInterceptor())
        .intercept(new LockdownInterceptor(() -> view.latest()))
        .intercept(gate.mutations());
    gate.access().ifPresent(server::intercept);
    return server
        .intercept(new CallLimitInterceptor(gate.calls(), NOT_COUNTED))
        .intercept(new DetachInterceptor())
        .intercept(new FailureInterceptor(errors));
  }
}
