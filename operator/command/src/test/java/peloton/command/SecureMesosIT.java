package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;
import peloton.store.etcd.TestIdentity;

/** A master that speaks TLS only and wants to know who asks, with real processes. */
class SecureMesosIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private LocalCluster cluster;

  @Test
  void podsRunOnceTheAuthorityAndTheSecretAreRight() throws Exception {
    TestIdentity master = TestIdentity.make(folder, "master");
    TestIdentity stranger = TestIdentity.make(folder, "stranger");
    Path authorities = Files.copy(stranger.certificate(), folder.resolve("ca.pem"));
    Path asked = Files.writeString(folder.resolve("asked"), "hunter2\n");
    Path given = Files.writeString(folder.resolve("given"), "hunter1\n");
    cluster =
        new LocalCluster(
            ClusterSettings.in(folder.resolve("cluster"))
                .withMesosFlags(
                    List.of(
                        "--agents=1",
                        "--allocation-interval=200ms",
                        "--principal=peloton",
                        "--secret-file=" + asked,
                        "--tls-cert=" + master.certificate(),
                        "--tls-key=" + master.key()))
                .withOperatorFlags(
                    List.of(
                        "--mesos-principal=peloton",
                        "--mesos-secret-file=" + given,
                        "--mesos-tls-ca=" + authorities)));
    try {
      cluster.start();
      awaitLog("no TLS with " + cluster.mesosAddress());

      // Renewed while the operator runs; the secret is wrong still.
      Path next = Files.copy(master.certificate(), folder.resolve("next"));
      Files.move(next, authorities, StandardCopyOption.ATOMIC_MOVE);
      awaitLog("SUBSCRIBE was answered with HTTP 401");
      assertThat(cluster.operator().isAlive()).isTrue();

      Files.writeString(given, "hunter2");
      cluster.stopOperator();
      cluster.startOperator();
      done("respool", "create", "../../manifests/samples/respool.yaml");
      done("job", "create", spec());
      awaitOutput("RUNNING", "pod", "list", "secured");
      // Hosts are known from the operator API.
      awaitOutput("UP", "host", "list");
      done("job", "stop", "secured");
      awaitOutput("KILLED", "pod", "list", "secured");
      assertThat(log()).doesNotContain("hunter");
    } finally {
      cluster.close();
    }
  }

  private String spec() throws IOException {
    return Files.writeString(
            folder.resolve("job.yaml"),
            """
            name: secured
            respool: /samples
            instanceCount: 1
            defaultSpec:
              containers:
                - name: main
                  resource: {cpuLimit: 0.1, memLimitMb: 32}
                  command: {shell: true, value: sleep 1000}
            """)
        .toString();
  }

  private void awaitLog(String text) {
    assertThat(Waiting.until(LIMIT, () -> log().contains(text))).as(() -> log()).isTrue();
  }

  private void awaitOutput(String text, String... arguments) {
    assertThat(Waiting.until(LIMIT, () -> run(arguments).out().contains(text)))
        .as(() -> run(arguments) + log())
        .isTrue();
  }

  private String log() {
    try {
      return Files.readString(cluster.logs().resolve("operator.log"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void done(String... arguments) {
    Cli.Result result = run(arguments);
    assertThat(result.code()).as("%s: %s", List.of(arguments), result.err()).isZero();
  }

  private Cli.Result run(String... arguments) {
    return Cli.with(Map.of("PELOTON_SERVER", cluster.operatorAddress())).run(arguments);
  }
}
