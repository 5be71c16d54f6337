package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;

/**
 * The change of the key that seals secrets, with real processes. The local Mesos gives tasks no
 * absolute paths, so a launch that brings its secret fails there, and names the secret's path.
 */
class SecretRotationIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String OLD = "old=" + key(1);
  private static final String NEW = "new=" + key(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private LocalCluster cluster;

  private static String key(int seed) {
    byte[] key = new byte[32];
    key[0] = (byte) seed;
    return Base64.getEncoder().encodeToString(key);
  }

  @Test
  void anotherKeySealsWhatTheOldOneDidAndTheOldOneCanGo() throws IOException {
    Path config = folder.resolve("operator.yaml");
    keys(config, OLD);
    cluster =
        new LocalCluster(
            ClusterSettings.in(folder.resolve("cluster"))
                .withMesosFlags(List.of("--agents", "1", "--allocation-interval", "200ms"))
                .withOperatorFlags(List.of("--config", config.toString())));
    try {
      cluster.start();
      done("respool", "create", "../../manifests/samples/respool.yaml");
      done("job", "create", spec(), "--secret-path", "/token", "--secret-data", "open sesame");
      awaitLaunchWithSecret(1);

      restartWith(config, NEW + "," + OLD);
      assertThat(Waiting.until(LIMIT, () -> log().contains("sealed 1 secrets with another key")))
          .as(() -> log())
          .isTrue();
      restartWith(config, NEW);
      launchAgain();
      awaitLaunchWithSecret(2);

      restartWith(config, "other=" + key(3));
      launchAgain();
      assertThat(Waiting.until(LIMIT, () -> log().contains("-0 cannot be launched")))
          .as(() -> log())
          .isTrue();
      assertThat(log())
          .contains("is sealed with the key \"new\", which is not configured")
          .doesNotContain("open sesame");
    } finally {
      cluster.close();
    }
  }

  private static void keys(Path config, String keys) throws IOException {
    Files.writeString(config, "secrets:\n  keys: " + keys + "\n");
  }

  private void restartWith(Path config, String keys) throws IOException {
    keys(config, keys);
    cluster.stopOperator();
    cluster.startOperator();
  }

  /** A start of the job ends the wait of its failed pod. */
  private void launchAgain() {
    assertThat(Waiting.until(LIMIT, () -> run("job", "start", "sealed").code() == 0)).isTrue();
  }

  private void awaitLaunchWithSecret(int run) {
    assertThat(
            Waiting.until(
                LIMIT,
                () -> {
                  String events = run("pod", "events", "sealed-0").out();
                  return events.contains("-0-" + run + " ") && events.contains("/token");
                }))
        .as(() -> run("pod", "events", "sealed-0").out() + log())
        .isTrue();
  }

  private String spec() throws IOException {
    return Files.writeString(
            folder.resolve("job.yaml"),
            """
            name: sealed
            respool: /samples
            instanceCount: 1
            defaultSpec:
              containers:
                - name: main
                  resource: {cpuLimit: 0.1, memLimitMb: 32}
                  container: {type: MESOS}
                  command: {shell: true, value: sleep 1000}
            """)
        .toString();
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
