package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.operator.TestCluster;
import peloton.operator.access.AccessFile;
import peloton.operator.health.ViewHealth;
import peloton.operator.metrics.OperatorMetrics;
import peloton.store.etcd.TestIdentity;

class ServerTlsTest {
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  @TempDir private static Path folder;
  private static TestIdentity server;
  private static TestIdentity client;

  @BeforeAll
  static void makeIdentities() throws Exception {
    server = TestIdentity.make(folder, "server");
    client = TestIdentity.make(folder, "client");
  }

  @Test
  void takesWhoTrustsItAndRefusesPlaintext() throws Exception {
    ServerTls tls =
        ServerTls.of(server.certificate(), server.key(), Optional.empty(), true, INTERVAL);

    assertThat(call(tls, trusting().build())).isEqualTo(Status.Code.OK);
    assertThat(call(tls, InsecureChannelCredentials.create())).isEqualTo(Status.Code.UNAVAILABLE);
    tls.close();
  }

  @Test
  void takesOnlyClientsOfItsAuthorityIfThereIsOne() throws Exception {
    ServerTls tls =
        ServerTls.of(
            server.certificate(), server.key(), Optional.of(client.certificate()), true, INTERVAL);

    assertThat(
            call(
                tls,
                trusting()
                    .keyManager(client.certificate().toFile(), client.key().toFile())
                    .build()))
        .isEqualTo(Status.Code.OK);
    assertThat(call(tls, trusting().build())).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(
            call(
                tls,
                trusting()
                    .keyManager(server.certificate().toFile(), server.key().toFile())
                    .build()))
        .isEqualTo(Status.Code.UNAVAILABLE);
    tls.close();
  }

  @Test
  void namesTheFilesThatItCannotUse() throws IOException {
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");

    assertThatThrownBy(() -> ServerTls.of(nonsense, server.key(), Optional.empty(), true, INTERVAL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nonsense.pem");
  }

  @Test
  void aCertificateSaysWhoCalls() throws IOException {
    TestCluster cluster = TestCluster.started();
    Path policy =
        Files.writeString(
            folder.resolve("access.yaml"),
            "clients: [{name: ci, role: read, certificate: client}]");
    try (AccessFile access = AccessFile.open(policy, cluster.timers);
        TestApi api = new TestApi(cluster, 100, Optional.of(access), line -> {});
        OperatorMetrics metrics = new OperatorMetrics();
        ServerTls tls =
            ServerTls.of(
                server.certificate(),
                server.key(),
                Optional.of(client.certificate()),
                false,
                INTERVAL);
        GrpcServer running =
            GrpcServer.start(
                new GrpcServer.Settings("127.0.0.1", List.of(0), false, tls),
                api.services,
                metrics.calls(),
                new ViewHealth(ApiServices.NAMES, cluster.current::live, cluster.timers)
                    .service())) {
      ChannelCredentials known =
          trusting().keyManager(client.certificate().toFile(), client.key().toFile()).build();

      assertThat(read(running, known)).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(stop(running, known)).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(read(running, trusting().build())).isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  private static Status.Code read(GrpcServer server, ChannelCredentials credentials) {
    return code(
        server,
        credentials,
        channel ->
            JobServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .getJob(
                    GetJobRequest.newBuilder()
                        .setJobId(JobID.newBuilder().setValue("none"))
                        .build()));
  }

  private static Status.Code stop(GrpcServer server, ChannelCredentials credentials) {
    return code(
        server,
        credentials,
        channel ->
            JobServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .stopJob(StopJobRequest.getDefaultInstance()));
  }

  private static Status.Code code(
      GrpcServer server, ChannelCredentials credentials, Consumer<ManagedChannel> call) {
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + server.ports().get(0), credentials).build();
    try {
      call.accept(channel);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    } finally {
      channel.shutdownNow();
    }
  }

  private static TlsChannelCredentials.Builder trusting() throws IOException {
    return TlsChannelCredentials.newBuilder().trustManager(server.certificate().toFile());
  }

  private static Status.Code call(ServerTls tls, ChannelCredentials credentials)
      throws IOException {
    TestCluster cluster = TestCluster.started();
    ViewHealth health = new ViewHealth(ApiServices.NAMES, cluster.current::live, cluster.timers);
    try (OperatorMetrics metrics = new OperatorMetrics();
        GrpcServer running =
            GrpcServer.start(
                new GrpcServer.Settings("127.0.0.1", List.of(0), false, tls),
                new TestApi(cluster).services,
                metrics.calls(),
                health.service())) {
      return code(
          running,
          credentials,
          channel ->
              HealthGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(60, TimeUnit.SECONDS)
                  .check(HealthCheckRequest.getDefaultInstance()));
    }
  }
}
