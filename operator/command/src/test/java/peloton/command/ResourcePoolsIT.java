package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
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

/** Two resource pools on a cluster of processes: what one lends, it gets back. */
class ResourcePoolsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static LocalCluster cluster;

  @BeforeAll
  static void startCluster() {
    cluster =
        new LocalCluster(
            ClusterSettings.in(folder)
                .withMesosFlags(
                    List.of("--agents", "1", "--cpus", "4", "--allocation-interval", "200ms"))
                .withOperatorFlags(List.of("--pools-hold", "2s")));
    cluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void onePoolBorrowsAndTheOtherClaimsBackAndTheProcessesReallyGo() {
    done(pool("lender") + "---\n" + pool("borrower"), "respool", "create", "-");
    done(job("borrows", "/borrower", 4, true), "job", "create", "-");
    assertThat(Waiting.until(LIMIT, () -> processes("borrows") == 4)).isTrue();

    done(job("lends", "/lender", 3, false), "job", "create", "-");
    assertThat(Waiting.until(LIMIT, () -> processes("lends") == 2 && processes("borrows") == 2))
        .as("the reservation of 2, in spite of processes that do not hear SIGTERM")
        .isTrue();
    assertThat(done("", "pod", "list", "borrows")).contains("RUNNING", "PENDING");
    assertThat(
            Waiting.until(
                LIMIT,
                () ->
                    done("", "respool", "tree", "--kind", "cpu")
                        .matches("(?s).*lender +\\| cpu +\\| +2 \\| +4 \\| +2 \\| +2 \\| +3 .*")))
        .as(done("", "respool", "tree"))
        .isTrue();

    cluster.killOperator();
    cluster.startOperator();
    done("", "job", "stop", "lends");
    assertThat(Waiting.until(LIMIT, () -> processes("borrows") == 4)).isTrue();
    assertThat(done("", "respool", "get", "/")).contains("cpu").contains("4");
  }

  /** Living processes of a job: the shells that run its command. */
  private static long processes(String job) {
    return ProcessHandle.of(cluster.mesos().pid())
        .orElseThrow()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(": " + job + ";"))
        .count();
  }

  private static String pool(String name) {
    return "path: /"
        + name
        + "\nresources:\n"
        + "- {kind: cpu, reservation: 2, limit: 4, share: 1}\n"
        + "- {kind: memory, reservation: 256, limit: 1024, share: 1}\n";
  }

  private static String job(String name, String pool, int instances, boolean preemptible) {
    return "name: "
        + name
        + "\nrespool: "
        + pool
        + "\ninstanceCount: "
        + instances
        + "\nsla: {preemptible: "
        + preemptible
        + "}\ndefaultSpec:\n"
        + "  killGracePeriodSeconds: 1\n"
        + "  mesosSpec: {shell: true}\n"
        + "  containers:\n"
        + "  - name: main\n"
        + "    resource: {cpuLimit: 1, memLimitMb: 32}\n"
        + "    entrypoint: {value: \"trap '' TERM; : "
        + name
        + "; while sleep 0.1; do :; done\"}\n";
  }

  private static String done(String input, String... arguments) {
    Cli.Result result =
        Cli.with(Map.of("PELOTON_SERVER", cluster.operatorAddress())).input(input).run(arguments);
    assertThat(result.code()).as("%s: %s", List.of(arguments), result.err()).isZero();
    return result.out();
  }
}
