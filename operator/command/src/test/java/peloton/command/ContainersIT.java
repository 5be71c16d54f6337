package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;

/** Pods of several containers, init containers and checks, with processes of their own. */
class ContainersIT {
  private static final String SAMPLES = "../../manifests/samples/";
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  @TempDir private static Path scratch;

  private static LocalCluster cluster;

  @BeforeAll
  static void startCluster() {
    cluster =
        new LocalCluster(
            ClusterSettings.in(folder)
                .withMesosFlags(List.of("--agents", "1", "--allocation-interval", "200ms")));
    cluster.start();
    done("respool", "create", SAMPLES + "respool.yaml");
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void runsInitContainersInOrderAndThenAllContainers() {
    Path story = scratch.resolve("story");
    create(
        "ordered",
        """
          initContainers:
          - {name: first, resource: {cpuLimit: 0.1, memLimitMb: 16}, command: {shell: true, value: "sleep 0.3; echo first >> %1$s"}}
          - {name: second, resource: {cpuLimit: 0.1, memLimitMb: 16}, command: {shell: true, value: "echo second >> %1$s"}}
          containers:
          - {name: web, resource: {cpuLimit: 0.1, memLimitMb: 16}, command: {shell: true, value: "echo main >> %1$s; sleep 1000"}}
          - {name: log, resource: {cpuLimit: 0.1, memLimitMb: 16}, command: {shell: true, value: "echo main >> %1$s; sleep 1000"}}
        """
            .formatted(story));

    assertThat(Waiting.until(LIMIT, () -> lines(story).size() == 4)).isTrue();
    assertThat(lines(story)).containsExactly("first", "second", "main", "main");
    assertThat(untilContainers("ordered-0", "RUNNING", 2)).isTrue();
    assertThat(untilContainers("ordered-0", "SUCCEEDED", 2)).isTrue();

    done("job", "stop", "ordered");
    assertThat(untilContainers("ordered-0", "KILLED", 2)).isTrue();
  }

  @Test
  void aContainerThatFailsEndsTheOthers() {
    create(
        "broken",
        """
          containers:
          - {name: web, resource: {cpuLimit: 0.1, memLimitMb: 16}, command: {shell: true, value: "sleep 1000"}}
          - {name: log, resource: {cpuLimit: 0.1, memLimitMb: 16}, command: {shell: true, value: "sleep 0.5; exit 7"}}
        """);
    assertThat(until("broken-0", "POD_STATE_FAILED")).isTrue();
    assertThat(done("--json", "pod", "get", "broken-0"))
        .contains("Command exited with status 7", "CONTAINER_STATE_KILLED");
  }

  @Test
  void anInstanceIsDoneWhenItsReadinessCheckPasses() throws Exception {
    Path ready = scratch.resolve("ready");
    create(
        "readied",
        """
          containers:
          - name: web
            resource: {cpuLimit: 0.1, memLimitMb: 16}
            command: {shell: true, value: "sleep 1000"}
            readinessCheck: {enabled: true, type: 1, initialIntervalSecs: 1, intervalSecs: 1, commandCheck: {command: "test -e %s"}}
        """
            .formatted(ready));
    assertThat(until("readied-0", "Readiness check failed")).isTrue();
    assertThat(done("job", "get", "readied")).contains("ROLLING_FORWARD");

    Files.createFile(ready);
    assertThat(until("readied-0", "Readiness check passed")).isTrue();
    assertThat(Waiting.until(LIMIT, () -> done("job", "get", "readied").contains("SUCCEEDED")))
        .isTrue();
  }

  private static void create(String name, String pod) {
    String spec = "name: " + name + "\nrespool: /samples\ninstanceCount: 1\ndefaultSpec:\n" + pod;
    Cli.Result result = Cli.with(environment()).input(spec).run("job", "create", "-");
    assertThat(result.code()).as(result.err()).isZero();
  }

  private static boolean untilContainers(String pod, String state, int count) {
    return Waiting.until(
        LIMIT,
        () ->
            done("--json", "pod", "get", pod).split("CONTAINER_STATE_" + state, -1).length
                == count + 1);
  }

  private static boolean until(String pod, String what) {
    return Waiting.until(LIMIT, () -> done("--json", "pod", "get", pod).contains(what));
  }

  private static List<String> lines(Path file) {
    try {
      return new ArrayList<>(Files.readAllLines(file));
    } catch (IOException notYet) {
      return List.of();
    }
  }

  private static String done(String... arguments) {
    Cli.Result result = Cli.with(environment()).run(arguments);
    assertThat(result.code()).as(result.err()).isZero();
    return result.out();
  }

  private static Map<String, String> environment() {
    return Map.of("PELOTON_SERVER", cluster.operatorAddress());
  }
}
