package peloton.command.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.command.Console;
import peloton.command.Main;

class BenchIT {
  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aSmallRunEndsWell() throws Exception {
    int code =
        run(
            "bench launch --pods 60 --jobs 2 --hosts 10 --warm-up 10 --resident 20"
                + " --calibration 100ms --allocation-interval 100ms --time-limit 60s --json");

    assertThat(code).as("%s%s", out, err).isZero();
    JsonNode result = new ObjectMapper().readTree(out.toString());
    assertThat(result.path("violations")).isEmpty();
    assertThat(result.at("/runs/cold")).hasSize(1);
    assertThat(result.at("/runs/alone")).hasSize(2);
    JsonNode run = result.at("/runs/beside/0");
    assertThat(run.path("resident").asInt()).isEqualTo(20);
    assertThat(run.path("pods").asInt()).isEqualTo(60);
    assertThat(run.path("p50Millis").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(run.path("p99Millis").asDouble());
    // The intent and RUNNING of each pod, and little else.
    assertThat(run.path("puts").asDouble()).isBetween(120.0, 240.0);
    assertThat(run.path("proposals").asDouble()).isPositive();
    assertThat(run.at("/cpuSeconds/operator").isNumber()).isTrue();
    assertThat(result.at("/etcdPutsPerSecond/batched").asDouble()).isPositive();
    assertThat(result.path("nullSchedulerPodsPerSecond").asDouble()).isPositive();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).as("data is deleted").isEmpty();
    }
  }

  @Test
  void readsAreComparedWithAnEchoOfEqualBytes() throws Exception {
    Map<String, JsonNode> metrics =
        metrics(
            "bench read --pods 150 --jobs 3 --hosts 5 --callers 2 --rounds 1 --time 50ms"
                + " --warm-up 0ms");

    for (String method :
        List.of("get-job.small", "get-pod", "query-jobs", "query-pods.ordered", "list-pods")) {
      JsonNode rate = metrics.get("read." + method + ".c2.rate");
      assertThat(rate.path("median").asDouble()).as(method).isPositive();
      assertThat(rate.at("/peer/name").asText()).isEqualTo("echo");
      assertThat(rate.path("ratio").asDouble()).isPositive();
    }
    assertThat(metrics).containsKey("read.query-pods.any.c2.p99");
  }

  @Test
  void watchersHearOfEveryChangeAndStalledOnesGoOn() throws Exception {
    Map<String, JsonNode> metrics =
        metrics("bench watch --watchers 1,8 --stalled 1 --pods 5 --rounds 1 --time 1s");

    assertThat(metrics.get("watch.w8.p99").at("/peer/name").asText()).isEqualTo("etcd");
    assertThat(metrics.get("watch.deliveries").path("median").asDouble()).isPositive();
    assertThat(metrics).containsKey("watch.stalled.p99");
  }

  @Test
  void updatesKeepToTheirBatches() throws Exception {
    Map<String, JsonNode> metrics =
        metrics(
            "bench update --pods 40 --batches 20,5 --jobs 1 --hosts 10 --repeat 1 --warm-up 0"
                + " --allocation-interval 100ms");

    assertThat(metrics.get("update.batch-20.rate").path("ratio").asDouble()).isPositive();
    assertThat(metrics.get("update.batch-5.down").path("median").asDouble()).isBetween(1.0, 5.0);
    assertThat(metrics.get("update.small.down").path("median").asDouble()).isBetween(1.0, 10.0);
    assertThat(metrics).containsKeys("update.pause", "update.abort");
  }

  @Test
  void anImpossiblePlanIsRefusedBeforeAnythingStarts() {
    assertThat(run("bench launch --pods 0")).isEqualTo(2);
    assertThat(run("bench read --callers 0")).isEqualTo(2);
    assertThat(run("bench watch --watchers 1,5001")).isEqualTo(2);
    assertThat(run("bench update --pods 10 --batches 11")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--pods must be from 1 to 1000000, found 0")
        .contains("--callers must be from 1 to 1000, found 0")
        .contains("--watchers must be from 1 to 5000, found 5001")
        .contains("--batches must be from 1 to 10, found 11");
    assertThat(directory).isEmptyDirectory();
  }

  private Map<String, JsonNode> metrics(String arguments) throws Exception {
    int code = run(arguments + " --time-limit 60s --json");

    assertThat(code).as("%s%s", out, err).isZero();
    JsonNode result = new ObjectMapper().readTree(out.toString());
    assertThat(result.path("violations")).isEmpty();
    Map<String, JsonNode> metrics = new HashMap<>();
    result.path("metrics").forEach(metric -> metrics.put(metric.path("id").asText(), metric));
    return metrics;
  }

  private int run(String arguments) {
    Console console =
        new Console(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            InputStream.nullInputStream(),
            Map.of(),
            InstantSource.system(),
            false);
    return Main.run(console, (arguments + " --dir " + directory).split(" "));
  }
}
