package peloton.command.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricTest {
  private static final Optional<Metric.Peer> PEER = Optional.of(new Metric.Peer("peer", 2_000));

  @Test
  void passesOnTheMedian() {
    assertThat(metric(Optional.empty(), 1_000, true, 900.0, 1_100.0, 1_200.0).verdict())
        .isEqualTo("PASS");
    assertThat(metric(Optional.empty(), 1_150, true, 900.0, 1_100.0, 1_200.0).verdict())
        .isEqualTo("FAIL");
    assertThat(metric(Optional.empty(), 2.1, false, 2.0, 2.1, 2.2).verdict()).isEqualTo("PASS");
  }

  @Test
  void isFlakyIfTheWorstRunMissesByMoreThanAFifth() {
    assertThat(metric(Optional.empty(), 1_000, true, 799.0, 1_100.0, 1_200.0).verdict())
        .isEqualTo("FLAKY");
    assertThat(metric(Optional.empty(), 2, false, 1.0, 1.0, 2.5).verdict()).isEqualTo("FLAKY");
  }

  @Test
  void aPeerMakesTheGoalOneOfTheRatio() {
    Metric metric = metric(PEER, 0.5, true, 1_000.0);
    assertThat(metric.ratio()).hasValue(0.5);
    assertThat(metric.verdict()).isEqualTo("PASS");
    assertThat(metric(PEER, 0.6, true, 1_000.0).verdict()).isEqualTo("FAIL");
  }

  @Test
  void writesOneLineOfFieldsInAFixedOrder() {
    assertThat(metric(PEER, 0.5, true, 900.0, 1_100.0, 1_200.0).line(0))
        .isEqualTo(
            "METRIC id 1100 pods/s | peer 2000 | 0.55 | >= 0.50 | PASS | 3 900 1200 | violations=0");
    assertThat(new Metric("id", List.of(2.5), "ms", Optional.empty(), Optional.empty()).line(0))
        .isEqualTo("METRIC id 2.50 ms | - | - | - | - | 1 2.50 2.50 | violations=0");
  }

  @Test
  void aViolationVoidsIt() {
    assertThat(metric(Optional.empty(), 1, true, 5.0).line(2)).contains("| VOID |", "violations=2");
  }

  @Test
  void numbersHaveTheDigitsThatAreOfUse() {
    assertThat(Metric.number(12_345.6)).isEqualTo("12346");
    assertThat(Metric.number(12.34)).isEqualTo("12.3");
    assertThat(Metric.number(2.034)).isEqualTo("2.03");
    assertThat(Metric.number(0.01758)).isEqualTo("0.0176");
    assertThat(Metric.number(0)).isEqualTo("0");
  }

  private static Metric metric(
      Optional<Metric.Peer> peer, double bound, boolean least, Double... values) {
    return new Metric(
        "id", List.of(values), "pods/s", peer, Optional.of(new Metric.Goal(bound, least)));
  }
}
