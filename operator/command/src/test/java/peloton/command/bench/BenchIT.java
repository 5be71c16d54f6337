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
  void anImpossiblePlanIsRefusedBeforeAnythingStarts() {
    assertThat(run("bench launch --pods 0")).isEqualTo(2);
    assertThat(err.toString()).contains("--pods must be from 1 to 1000000, found 0");
    assertThat(directory).isEmptyDirectory();
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
