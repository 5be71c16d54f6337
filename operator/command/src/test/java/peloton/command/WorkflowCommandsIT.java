package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
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

/** Workflows, single pods and queries through the command, on a cluster of processes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WorkflowCommandsIT {
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
    done("respool", "create", SAMPLES + "respool.yaml");
    done("job", "create", SAMPLES + "job.yaml", "--wait", "--wait-timeout", "30s");
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  @Order(1)
  void findsTheJobAndItsPods() {
    assertThat(rows(done("job", "query", "--states", "running", "--name", "hel"))).hasSize(1);
    assertThat(done("job", "stateless", "query", "-s", "killed")).startsWith("No results found");
    assertThat(rows(done("pod", "query", "hello", "-s", "RUNNING", "-p", "instanceId")))
        .hasSize(3)
        .allSatisfy(row -> assertThat(row).contains("RUNNING"));
    assertThat(rows(done("pod", "query", "hello", "--names", "hello-1"))).hasSize(1);
    assertThat(done("job", "status", "hello", "--watch")).contains("SUCCEEDED: 3 completed");
    assertThat(done("job", "stateless", "cache", "hello")).contains("instance_count: 3");
    assertThat(done("pod", "cache", "hello-0")).contains("POD_STATE_RUNNING");
  }

  @Test
  @Order(2)
  void patchesAndSeesThatOnlyTheNewInstanceIsTouched() throws Exception {
    Path patch = Files.writeString(folder.resolve("patch.yaml"), "instanceCount: 4\n");
    Path whole =
        Files.writeString(
            folder.resolve("whole.yaml"),
            Files.readString(Path.of(SAMPLES + "job.yaml"))
                .replace("instanceCount: 3", "instanceCount: 4"));

    assertThat(done("job", "diff", "hello", whole.toString()))
        .contains("added:     1 (3)", "removed:   0", "updated:   0", "unchanged: 3 (0-2)");
    done("job", "patch", "hello", patch.toString(), "--wait", "--wait-timeout", "30s");

    assertThat(rows(done("pod", "list", "hello"))).hasSize(4);
    assertThat(done("pod", "get", "hello-0")).doesNotContain("-0-2");
  }

  @Test
  @Order(3)
  void rollsBackToTheFirstVersion() {
    assertThat(
            done("job", "rollback", "hello", "1-1-1", "-b", "1", "--wait", "--wait-timeout", "30s"))
        .startsWith("New EntityVersion: 3-1-3");

    assertThat(rows(done("pod", "list", "hello"))).hasSize(3);
    assertThat(rows(done("job", "list-updates", "hello")))
        .satisfiesExactly(
            row -> assertThat(row).contains("3-1-3", "UPDATE", "SUCCEEDED"),
            row -> assertThat(row).contains("2-1-3", "UPDATE", "SUCCEEDED"),
            row -> assertThat(row).contains("1-1-3", "UPDATE", "SUCCEEDED"));
  }

  @Test
  @Order(4)
  void restartsOneInstance() {
    assertThat(done("job", "restart", "hello", "-r", "1:2", "--wait", "--wait-timeout", "30s"))
        .startsWith("Job restarted. New EntityVersion: 4-1-4");

    assertThat(rows(done("pod", "list", "hello")))
        .satisfiesExactly(
            row -> assertThat(row).contains("-0-1 "),
            row -> assertThat(row).contains("-1-2 "),
            row -> assertThat(row).contains("-2-1 "));
    assertThat(done("job", "workflow", "events", "hello", "1")).contains("SUCCEEDED", "RESTART");
  }

  @Test
  @Order(5)
  void pausesResumesAndAborts() {
    done(
        "job",
        "stateless",
        "replace",
        "hello",
        SAMPLES + "job-v2.yaml",
        "1",
        "/samples",
        "-o",
        "--start-paused");
    assertThat(done("job", "get", "hello")).contains("PAUSED");
    assertThat(done("job", "resume", "hello")).startsWith("Workflow resumed");
    assertThat(done("job", "pause", "hello")).startsWith("Workflow paused");
    assertThat(done("job", "abort", "hello")).startsWith("Workflow aborted");

    Cli.Result status = run("job", "status", "hello", "--watch", "--watch-timeout", "30s");

    assertThat(status.code()).isEqualTo(ExitCode.WAIT_FAILED);
    assertThat(status.err()).contains("the workflow ended as ABORTED");
    done(
        "job",
        "replace",
        "hello",
        SAMPLES + "job-v2.yaml",
        "--override",
        "--wait",
        "--wait-timeout",
        "30s");
  }

  @Test
  @Order(6)
  void stopsStartsAndRestartsSinglePodsWhileItsLogIsFollowed() throws InterruptedException {
    List<Cli.Result> logs = new ArrayList<>();
    Thread follower = new Thread(() -> logs.add(run("pod", "logs", "-f", "hello-2")));
    follower.start();
    assertThat(done("pod", "stop", "hello-0")).startsWith("Pod stopped");
    assertThat(untilPod("hello-0", "KILLED")).isTrue();
    assertThat(done("pod", "start", "hello-0")).startsWith("Pod started");
    assertThat(untilPod("hello-0", "RUNNING")).isTrue();
    assertThat(done("pod", "restart", "hello-2", "--check-sla")).startsWith("Pod restarted");
    follower.join();

    assertThat(logs).hasSize(1);
    assertThat(logs.get(0).code()).as(logs.get(0).err()).isZero();
    assertThat(logs.get(0).out()).contains("hello v2 from", "goodbye");
    assertThat(untilPod("hello-2", "RUNNING")).isTrue();
    done("pod", "refresh", "hello-2");
    done("job", "refresh", "hello");
  }

  @Test
  @Order(7)
  void forgetsTheEventsOfARun() {
    String id = rows(done("pod", "get", "hello-1")).get(0).split("\\|")[0].strip();
    assertThat(rows(done("pod", "events", "hello-1", "-p", id))).isNotEmpty();

    done("pod", "delete-events", "hello-1", id);

    assertThat(done("pod", "events", "hello-1", "-p", id)).startsWith("No results found");
  }

  @Test
  @Order(8)
  void locksWritesAndFreesThem() {
    assertThat(done("admin", "lock", "write")).startsWith("Locked: Write");
    Cli.Result refused = run("job", "stop", "hello");
    assertThat(done("admin", "unlock", "Write")).startsWith("Unlocked: Write");

    assertThat(refused.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.err()).contains("locked down");
    done("job", "stop", "hello");
  }

  @Test
  @Order(9)
  void updatesAndDumpsPools() throws Exception {
    Path pool =
        Files.writeString(
            folder.resolve("pool.yaml"),
            Files.readString(Path.of(SAMPLES + "respool.yaml"))
                .replaceFirst("(?m)^description:.*$", "description: another one"));

    assertThat(done("respool", "update", "/samples", pool.toString()))
        .startsWith("Resource Pool /samples updated");

    assertThat(done("respool", "dump")).contains("value: /samples", "another one");
  }

  private static boolean untilPod(String pod, String state) {
    return Waiting.until(
        LIMIT, () -> rows(done("pod", "get", pod)).get(0).matches(".*\\| +" + state + " \\|.*"));
  }

  /** Runs a command that must succeed; returns what it printed. */
  private static String done(String... arguments) {
    Cli.Result result = run(arguments);
    assertThat(result.code()).as("%s: %s", List.of(arguments), result.err()).isZero();
    return result.out();
  }

  private static Cli.Result run(String... arguments) {
    return Cli.with(Map.of("PELOTON_SERVER", cluster.operatorAddress())).run(arguments);
  }

  private static List<String> rows(String table) {
    return table.lines().skip(1).toList();
  }
}
