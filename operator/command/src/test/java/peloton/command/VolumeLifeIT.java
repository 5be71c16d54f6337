package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;

/** A persistent volume through the command, on a cluster of processes that die in between. */
class VolumeLifeIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** Each run adds a line to a file on the volume and prints how many there are. */
  private static final String JOB =
      """
      name: keeper
      respool: /samples
      instanceCount: 1
      defaultSpec:
        containers:
          - name: main
            resource: {cpuLimit: 0.1, memLimitMb: 32}
            entrypoint:
              value: 'echo run >> data/runs; echo "runs so far: $(wc -l < data/runs)"; sleep 600'
        mesosSpec: {shell: true}
        killGracePeriodSeconds: 1
        volume: {containerPath: data, sizeMb: 64}
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private LocalCluster cluster;

  @BeforeEach
  void startCluster() {
    cluster =
        new LocalCluster(
            ClusterSettings.in(folder)
                .withMesosFlags(List.of("--agents", "3", "--allocation-interval", "200ms")));
    cluster.start();
  }

  @AfterEach
  void stopCluster() {
    cluster.close();
  }

  @Test
  void whatOneRunWritesTheNextOneReadsUntilTheVolumeIsDeleted() throws IOException {
    done("respool", "create", "../../manifests/samples/respool.yaml");
    Cli.Result created =
        Cli.with(environment())
            .input(JOB)
            .run("job", "create", "-", "--wait", "--wait-timeout", "40s");
    assertThat(created.code()).as(created.err()).isZero();
    prints("runs so far: 1");
    List<String> volume = rows(done("volume", "list", "keeper"));
    assertThat(volume).hasSize(1);
    assertThat(volume.get(0)).contains("CREATED", "64", "data");
    String id = volume.get(0).split("\\s+")[0];

    done("pod", "restart", "keeper-0");
    prints("runs so far: 2");

    cluster.killOperator();
    cluster.startOperator();
    done("pod", "restart", "keeper-0");
    prints("runs so far: 3");
    assertThat(done("volume", "get", id)).contains(id, "CREATED");

    done("pod", "stop", "keeper-0");
    assertThat(done("volume", "delete", id)).startsWith("Volume " + id + " will be deleted");
    assertThat(Waiting.until(LIMIT, () -> state(id).matches(".*DELETED\\W+DELETED.*"))).isTrue();
    assertThat(Waiting.until(LIMIT, () -> files().isEmpty())).isTrue();

    done("pod", "start", "keeper-0");
    prints("runs so far: 1");
    assertThat(rows(done("volume", "list", "keeper"))).hasSize(2);

    done("job", "delete", "keeper", "--force");
    Cli.Result missing = run("volume", "get", "no-such-volume");
    assertThat(missing.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(missing.err()).contains("NOT_FOUND");
  }

  private String state(String id) {
    return rows(done("volume", "get", id)).get(0);
  }

  /** The files on all volumes of all agents. */
  private List<Path> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.endsWith("runs") && Files.isRegularFile(file)).toList();
    } catch (IOException | java.io.UncheckedIOException changing) {
      return List.of(folder);
    }
  }

  private void prints(String line) {
    assertThat(Waiting.until(LIMIT, () -> run("pod", "logs", "keeper-0").out().contains(line)))
        .as(line)
        .isTrue();
  }

  private String done(String... arguments) {
    Cli.Result result = run(arguments);
    assertThat(result.code()).as("%s: %s", List.of(arguments), result.err()).isZero();
    return result.out();
  }

  private Cli.Result run(String... arguments) {
    return Cli.with(environment()).run(arguments);
  }

  private Map<String, String> environment() {
    return Map.of("PELOTON_SERVER", cluster.operatorAddress());
  }

  private static List<String> rows(String table) {
    return table.lines().skip(1).toList();
  }
}
