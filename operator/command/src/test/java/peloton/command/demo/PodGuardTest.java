package peloton.command.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import peloton.api.ids.PodId;

class PodGuardTest {
  private static final String JOB = "7e0eb9cd-ee91-4123-82be-7042f6f833ee";

  private final PodGuard guard = new PodGuard(2);

  @Test
  void isContentWithARolloutOneByOne() {
    assertThat(guard.judge(alive("0-1", "1-1", "2-1"))).isEmpty();
    assertThat(guard.judge(alive("1-1", "2-1"))).isEmpty();
    assertThat(guard.judge(alive("0-2", "1-1", "2-1"))).isEmpty();
    assertThat(guard.fewest()).isEqualTo(2);
    assertThat(guard.samples()).isEqualTo(3);
  }

  @Test
  void complainsOfAPodThatIsThereTwiceInTwoCountsInARow() {
    assertThat(guard.judge(alive("0-1", "0-2", "1-1"))).isEmpty();
    assertThat(guard.judge(alive("0-1", "0-2", "1-1")))
        .contains("pod " + JOB + "-0 runs twice: [" + JOB + "-0-1, " + JOB + "-0-2]");
  }

  @Test
  void forgivesWhatOneCountAloneShows() {
    assertThat(guard.judge(alive("0-1", "0-2", "1-1"))).isEmpty();
    assertThat(guard.judge(alive("0-2", "1-1"))).isEmpty();
    assertThat(guard.judge(alive("0-2"))).isEmpty();
    assertThat(guard.judge(alive("0-2", "1-1"))).isEmpty();
    assertThat(guard.fewest()).isEqualTo(2);
  }

  @Test
  void complainsWhenTooFewPodsAreAlive() {
    guard.judge(alive("0-1"));

    assertThat(guard.judge(alive("0-1")))
        .contains("only 1 pods are alive, of which at least 2 must be");
    assertThat(guard.fewest()).isEqualTo(1);
  }

  private static List<LiveTask> alive(String... pods) {
    List<LiveTask> tasks = new ArrayList<>();
    for (String pod : pods) {
      tasks.add(new LiveTask(PodId.parse(JOB + "-" + pod), tasks.size() + 1, Path.of("/s")));
    }
    return tasks;
  }
}
