package peloton.command.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LaunchPlanTest {

  @Test
  void jobsAreAsEvenAsCanBe() {
    assertThat(plan(60, 2, 10, 0).sizes(60)).containsExactly(30, 30);
    assertThat(plan(10, 3, 10, 0).sizes(10)).containsExactly(4, 3, 3);
    assertThat(plan(10, 3, 10, 0).sizes(2)).containsExactly(1, 1);
  }

  @Test
  void anAgentHasRoomForMoreThanItsPart() {
    assertThat(plan(10_000, 10, 1_000, 0).podsPerHost()).isEqualTo(40);
    assertThat(plan(10_000, 10, 1_000, 50_000).podsPerHost()).isEqualTo(240);
    assertThat(plan(1, 1, 1_000, 0).podsPerHost()).isEqualTo(4);
  }

  @Test
  void anImpossiblePlanNamesTheOption() {
    assertThatThrownBy(() -> plan(0, 1, 1, 0))
        .hasMessage("--pods must be from 1 to 1000000, found 0");
    assertThatThrownBy(() -> plan(5, 6, 1, 0)).hasMessage("--jobs must be from 1 to 5, found 6");
    assertThatThrownBy(() -> plan(5, 5, 0, 0)).hasMessageStartingWith("--hosts ");
    assertThatThrownBy(() -> plan(5, 5, 1, -1)).hasMessageStartingWith("--resident ");
  }

  private static LaunchPlan plan(int pods, int jobs, int hosts, int resident) {
    Duration second = Duration.ofSeconds(1);
    return new LaunchPlan(pods, jobs, hosts, resident, 1, 0, second, second, second);
  }
}
