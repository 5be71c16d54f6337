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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.operator.TestCluster;
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
    ServerTls tls = ServerTls.of(server.certificate(), server.key(), Optional.empty(), INTERVAL);

    assertThat(call(tls, trusting().build())).isEqualTo(Status.Code.OK);
    assertThat(call(tls, InsecureChannelCredentials.create())).isEqualTo(Status.Code.UNAVAILABLE);
    tls.close();
  }

  @Test
  void takesOnlyClientsOfItsAuthorityIfThereIsOne() throws Exception {
    ServerTls tls =
        ServerTls.of(
            server.certificate(), server.key(), Optional.of(client.certificate()), INTERVAL);

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

    assertThatThrownBy(() -> ServerTls.of(nonsense, server.key(), Optional.empty(), INTERVAL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nonsense.pem");
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
      ManagedChannel channel =
          Grpc.newChannelBuilder("127.0.0.1:" + running.ports().get(0), credentials).build();
      try {
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(10, TimeUnit.SECONDS)
            .check(HealthCheckRequest.getDefaultInstance());
        return Status.Code.OK;
      } catch (StatusRuntimeException e) {
        return e.getStatus().getCode();
      } finally {
        channel.shutdownNow();
      }
    }
  }
}
