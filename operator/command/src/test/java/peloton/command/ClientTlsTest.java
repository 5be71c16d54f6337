package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.TlsServerCredentials;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsResponse;
import peloton.store.etcd.TestIdentity;

class ClientTlsTest {
  @TempDir private static Path folder;
  private static TestIdentity server;
  private static TestIdentity client;
  private static FakePeloton peloton;

  @BeforeAll
  static void startServer() throws Exception {
    server = TestIdentity.make(folder, "server");
    client = TestIdentity.make(folder, "client");
    peloton =
        new FakePeloton(
            TlsServerCredentials.newBuilder()
                .keyManager(server.certificate().toFile(), server.key().toFile())
                .trustManager(client.certificate().toFile())
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                .build());
    peloton.on(ListJobsRequest.class, ListJobsResponse.getDefaultInstance());
  }

  @AfterAll
  static void stopServer() {
    peloton.close();
  }

  @Test
  void speaksTlsByFlags() {
    Cli.Result result =
        list(
            Map.of(),
            "--tls-ca=" + server.certificate(),
            "--tls-certificate=" + client.certificate(),
            "--tls-key=" + client.key());

    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void speaksTlsByTheEnvironment() {
    Cli.Result result =
        list(
            Map.of(
                "PELOTON_TLS_CA", server.certificate().toString(),
                "PELOTON_TLS_CERTIFICATE", client.certificate().toString(),
                "PELOTON_TLS_KEY", client.key().toString()));

    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void doesNotTalkToAServerThatItDoesNotTrust() {
    Cli.Result result = list(Map.of(), "--tls-ca=" + client.certificate());

    assertThat(result.code()).isEqualTo(ExitCode.UNREACHABLE);
  }

  @Test
  void saysWhichFlagsBelongTogetherAndWhichFileIsMissing() {
    assertThat(list(Map.of(), "--tls-certificate=" + client.certificate()).err())
        .contains("--tls-certificate and --tls-key belong together");
    assertThat(
            list(Map.of(), "--tls-certificate=" + client.certificate(), "--tls-key=" + client.key())
                .err())
        .contains("--tls-ca, which turns TLS on");
    Cli.Result absent = list(Map.of(), "--tls-ca=" + folder.resolve("absent.pem"));
    assertThat(absent.err()).contains("absent.pem");
    assertThat(absent.code()).isEqualTo(ExitCode.USAGE);
  }

  private static Cli.Result list(Map<String, String> environment, String... flags) {
    String[] arguments = new String[flags.length + 4];
    arguments[0] = "job";
    arguments[1] = "list";
    arguments[2] = "--server=" + peloton.address();
    arguments[3] = "--timeout=3s";
    System.arraycopy(flags, 0, arguments, 4, flags.length);
    return Cli.with(environment).run(arguments);
  }
}
