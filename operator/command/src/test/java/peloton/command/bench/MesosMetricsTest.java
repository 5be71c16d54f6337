package peloton.command.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MesosMetricsTest {

  @Test
  void everyTaskIsInOneState() {
    String json =
        """
        {"master/slaves_active": 3, "master/tasks_running": 10.0, "master/tasks_killed": 2,
         "master/tasks_lost": 0, "master/outstanding_offers": 7}
        """;
    assertThat(MesosMetrics.launchedIn(json)).isEqualTo(12);
  }

  @Test
  void aPageThatIsNoJsonIsToldOf() {
    assertThatThrownBy(() -> MesosMetrics.launchedIn("<html>"))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("cannot be read");
  }
}
