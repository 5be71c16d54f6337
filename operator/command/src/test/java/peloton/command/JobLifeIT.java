package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;

/** A job's life through the command, from its creation to its end, on a cluster of processes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JobLifeIT {
  private static final String SAMPLES = "../../manifests/samples/";
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static LocalCluster cluster;

  @BeforeAll
  static void startCluster() {
    cluster =
        new LocalCluster(
            ClusterSettings.in(folder)
                .withMesosFlags(List.of("--agents", "3", "--allocation-interval", "200ms")));
    cluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  @Order(1)
  void createsAPoolAndAJobAndWaits() {
    done("respool", "create", SAMPLES + "respool.yaml");
    done("job", "create", SAMPLES + "job.yaml", "--wait", "--wait-timeout", "30s");

    assertThat(done("job", "list")).contains("hello", "SUCCEEDED");
    assertThat(rows(done("pod", "list", "hello")))
        .hasSize(3)
        .allSatisfy(row -> assertThat(row).contains("RUNNING", "1-0-0"));
    assertThat(done("respool", "get", "/samples")).contains("cpu", "0.3");
  }

  @Test
  @Order(2)
  void readsWhatAPodPrints() {
    assertThat(Waiting.until(LIMIT, () -> done("pod", "logs", "hello-1").contains("v1 "))).isTrue();
    assertThat(done("pod", "events", "hello-1")).contains("LAUNCHED", "RUNNING");
  }

  @Test
  @Order(3)
  void refusesASecondPoolAtTheSamePathAndAJobThatIsMalformed() {
    Cli.Result pool = run("respool", "create", SAMPLES + "respool.yaml");
    Cli.Result job =
        Cli.with(environment())
            .input("name: bad\nrespool: /samples\ninstanceCount: 200000\n")
            .run("job", "create", "-");

    assertThat(pool.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(pool.err()).contains("ALREADY_EXISTS");
    assertThat(job.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(job.err()).contains("INVALID_ARGUMENT", "200000");
  }

  @Test
  @Order(4)
  void rollsOverWhileTheOperatorIsKilled() throws InterruptedException {
    List<Cli.Result> results = new ArrayList<>();
    Thread rollout =
        new Thread(
            () ->
                results.add(
                    run(
                        "job",
                        "replace",
                        "hello",
                        SAMPLES + "job-v2.yaml",
                        "--override",
                        "-b",
                        "1",
                        "--wait",
                        "--wait-timeout",
                        "60s")));
    rollout.start();
    assertThat(Waiting.until(LIMIT, () -> done("pod", "list", "hello").contains("2-0-0"))).isTrue();
    cluster.killOperator();
    cluster.startOperator();
    rollout.join();

    assertThat(results).hasSize(1);
    assertThat(results.get(0).code()).as(results.get(0).err()).isZero();
    assertThat(rows(done("pod", "list", "hello")))
        .hasSize(3)
        .allSatisfy(row -> assertThat(row).contains("RUNNING", "2-0-0"));
  }

  @Test
  @Order(5)
  void stopsStartsAndDeletes() {
    assertThat(done("job", "stop", "hello")).startsWith("Job stopped. New EntityVersion: 2-2-2");
    assertThat(Waiting.until(LIMIT, () -> done("job", "get", "hello").contains("3 KILLED")))
        .isTrue();
    assertThat(done("job", "start", "hello")).startsWith("Job started. New EntityVersion: 2-3-2");
    assertThat(Waiting.until(LIMIT, () -> done("job", "get", "hello").contains("3 RUNNING")))
        .isTrue();

    Cli.Result refused = run("job", "delete", "hello");
    assertThat(refused.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.err()).contains("ABORTED");

    assertThat(done("job", "delete", "hello", "--force")).startsWith("Job deleted");
    assertThat(Waiting.until(LIMIT, () -> run("job", "get", "hello").err().contains("NOT_FOUND")))
        .isTrue();
    done("respool", "delete", "/samples");
  }

  @Test
  @Order(6)
  void leavesNoTaskBehindWhenTheLocalMesosIsKilled() {
    done("respool", "create", SAMPLES + "respool.yaml");
    done("job", "create", SAMPLES + "job.yaml", "--wait", "--wait-timeout", "30s");
    List<ProcessHandle> tasks =
        ProcessHandle.of(cluster.mesos().pid()).orElseThrow().descendants().toList();
    assertThat(tasks).hasSizeGreaterThanOrEqualTo(3);

    cluster.killMesos();
    assertThat(tasks.stream().filter(ProcessHandle::isAlive).count()).isGreaterThanOrEqualTo(3);
    cluster.close();

    assertThat(Waiting.until(LIMIT, () -> tasks.stream().noneMatch(ProcessHandle::isAlive)))
        .isTrue();
  }

  /** Runs a command that must succeed; returns what it printed. */
  private static String done(String... arguments) {
    Cli.Result result = run(arguments);
    assertThat(result.code()).as("%s: %s", List.of(arguments), result.err()).isZero();
    return result.out();
  }

  private static Cli.Result run(String... arguments) {
    return Cli.with(environment()).run(arguments);
  }

  private static Map<String, String> environment() {
    return Map.of("PELOTON_SERVER", cluster.operatorAddress());
  }

  private static List<String> rows(String table) {
    return table.lines().skip(1).toList();
  }
}
