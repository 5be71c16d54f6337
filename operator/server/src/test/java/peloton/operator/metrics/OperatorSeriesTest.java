package peloton.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.loop.LoopMeter;
import peloton.operator.TestCluster;

class OperatorSeriesTest {
  private static final Path PAGE = Path.of("../../docs/METRICS.md");
  private static final Pattern ROW = Pattern.compile("^\\| `(peloton_[a-z_]+)`", Pattern.MULTILINE);
  private static final Pattern HELP =
      Pattern.compile("^# HELP (peloton_[a-z_]+)", Pattern.MULTILINE);

  private final TestCluster cluster = TestCluster.started();
  private final OperatorMetrics metrics = new OperatorMetrics();

  OperatorSeriesTest() {
    metrics.add(
        new OperatorSeries(
            new OperatorSeries.Sources(
                cluster.view,
                cluster.view::stats,
                new LoopMeter(),
                () -> true,
                Optional::empty,
                () -> 3,
                "1.2.3")));
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void thePageOfMetricsListsExactlyWhatIsServed() throws IOException {
    Set<String> listed = found(ROW, Files.readString(PAGE));

    assertThat(listed).isEqualTo(found(HELP, metrics.scrape()));
  }

  @Test
  void jobsAndPodsAreCountedByState() {
    cluster.createJob(TestCluster.JOB, TestCluster.spec(2).build());

    assertThat(metrics.scrape().lines().filter(line -> line.startsWith("peloton_")))
        .contains(
            "peloton_jobs{state=\"initialized\"} 1.0",
            "peloton_pods{state=\"running\"} 0.0",
            "peloton_pods_desired 2.0",
            "peloton_leader 1.0",
            "peloton_watches 3.0",
            "peloton_build{version=\"1.2.3\"} 1.0");
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
