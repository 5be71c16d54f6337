package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.spec;
import static peloton.operator.grpc.Statuses.assertFails;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.operator.TestCluster;
import peloton.operator.health.ViewHealth;
import peloton.operator.metrics.OperatorMetrics;

class GrpcServerTest {
  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final ViewHealth health =
      new ViewHealth(ApiServices.NAMES, cluster.current::live, cluster.timers);
  private final OperatorMetrics metrics = new OperatorMetrics();
  private GrpcServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    cluster.createJob(JOB, spec(1).build());
    health.start();
    server =
        GrpcServer.start(
            new GrpcServer.Settings("127.0.0.1", List.of(0, 0), true, ServerTls.none()),
            api.services,
            metrics.calls(),
            health.service());
    channel = channelTo(server.ports().get(0));
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
    metrics.close();
  }

  @Test
  void everyPortServesEveryService() {
    assertThat(server.ports()).hasSize(2).doesNotContain(0).doesNotHaveDuplicates();
    for (int port : server.ports()) {
      ManagedChannel client = channelTo(port);
      try {
        assertThat(
                JobServiceGrpc.newBlockingStub(client)
                    .getJob(GetJobRequest.newBuilder().setJobId(id()).build())
                    .hasJobInfo())
            .isTrue();
      } finally {
        client.shutdownNow();
      }
    }
  }

  @Test
  void aSpecOfTwoMegabytesIsRefusedByTheValidationWithItsLimit() {
    assertFails(
        () ->
            JobServiceGrpc.newBlockingStub(channel)
                .createJob(
                    CreateJobRequest.newBuilder()
                        .setSpec(spec(1).setDescription("x".repeat(2 << 20)))
                        .build()),
        Status.Code.INVALID_ARGUMENT,
        "spec");
  }

  @Test
  void aRequestBeyondTheLimitIsRefusedAndTheServerGoesOn() {
    assertFails(
        () ->
            JobServiceGrpc.newBlockingStub(channel)
                .createJob(
                    CreateJobRequest.newBuilder()
                        .setSpec(spec(1).setDescription("x".repeat(5 << 20)))
                        .build()),
        Status.Code.RESOURCE_EXHAUSTED,
        "4194304");

    everyPortServesEveryService();
  }

  @Test
  void healthFollowsTheViewForTheServerAndForEachService() {
    assertThat(health("")).isEqualTo(ServingStatus.SERVING);
    assertThat(health(JobServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.SERVING);

    cluster.store.unavailable(true);
    cluster.timers.advance(Duration.ofSeconds(15));
    assertThat(health("")).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(health(JobServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.NOT_SERVING);

    cluster.store.unavailable(false);
    cluster.timers.advance(Duration.ofSeconds(15));
    assertThat(health("")).isEqualTo(ServingStatus.SERVING);

    health.close();
    cluster.timers.advance(Duration.ofSeconds(15));
    assertThat(health("")).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void reflectionListsTheServicesInBothOfItsVersions() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    ServerReflectionGrpc.newStub(channel)
        .serverReflectionInfo(first(answer))
        .onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

    assertThat(
            answer.get(90, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream()
                .map(service -> service.getName()))
        .containsAll(ApiServices.NAMES)
        .contains(
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection");
  }

  @Test
  void reflectionKnowsTheSchemaOfTheWatchService() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    ServerReflectionGrpc.newStub(channel)
        .serverReflectionInfo(first(answer))
        .onNext(
            ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("peloton.api.v1alpha.watch.svc.WatchService")
                .build());

    assertThat(answer.get(90, TimeUnit.SECONDS).hasFileDescriptorResponse()).isTrue();
  }

  @Test
  void callsAreCountedByMethodAndStatus() {
    assertThatThrownBy(
            () ->
                JobServiceGrpc.newBlockingStub(channel)
                    .getJob(
                        GetJobRequest.newBuilder()
                            .setJobId(JobID.newBuilder().setValue("none"))
                            .build()))
        .isInstanceOf(StatusRuntimeException.class);

    assertThat(metrics.scrape().lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("grpc_server_processing_duration_seconds_count{")
                    .contains("method=\"GetJob\"", "statusCode=\"NOT_FOUND\"")
                    .endsWith(" 1"));
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    int taken = server.ports().get(0);

    assertThatThrownBy(
            () ->
                GrpcServer.start(
                    new GrpcServer.Settings(
                        "127.0.0.1", List.of(0, taken), false, ServerTls.none()),
                    api.services,
                    metrics.calls(),
                    health.service()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(Integer.toString(taken));
  }

  private ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static <T> StreamObserver<T> first(CompletableFuture<T> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T value) {
        answer.complete(value);
      }

      @Override
      public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {}
    };
  }

  private static ManagedChannel channelTo(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  private static JobID id() {
    return JobID.newBuilder().setValue(JOB).build();
  }
}
