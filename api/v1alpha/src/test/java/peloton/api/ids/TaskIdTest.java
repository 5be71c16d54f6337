package peloton.api.ids;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {
  private static final PodId POD = new PodId("11111111-2222-3333-4444-555555555555", 2, 3);

  @Test
  void theOnlyTaskOfAPodHasThePodsId() {
    assertThat(TaskId.of(POD)).hasToString(POD.toString());
    assertThat(TaskId.find(POD.toString())).contains(TaskId.of(POD));
  }

  @Test
  void theOthersSayWhatTheyAre() {
    assertThat(new TaskId(POD, TaskId.Part.INIT, 0)).hasToString(POD + ".init-0");
    assertThat(new TaskId(POD, TaskId.Part.MAIN, 12)).hasToString(POD + ".main-12");
    assertThat(TaskId.holder(POD)).hasToString(POD + ".holder");
    assertThat(TaskId.find(POD + ".init-0")).contains(new TaskId(POD, TaskId.Part.INIT, 0));
    assertThat(TaskId.find(POD + ".main-12")).contains(new TaskId(POD, TaskId.Part.MAIN, 12));
    assertThat(TaskId.find(POD + ".holder")).contains(TaskId.holder(POD));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", ".main", ".main-", ".main-01", ".main--1", ".holder-0", ".x-0"})
  void whatIsNoneIsNone(String suffix) {
    if (!suffix.isEmpty()) {
      assertThat(TaskId.find(POD + suffix)).isEmpty();
    }
    assertThat(TaskId.find("stray" + suffix)).isEmpty();
  }
}
