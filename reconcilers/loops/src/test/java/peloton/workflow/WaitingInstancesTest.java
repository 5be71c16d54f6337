package peloton.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import peloton.desired.pod.Availability;
import peloton.pod.Availabilities;
import peloton.workflow.WaitingInstances.Part;

class WaitingInstancesTest {
  private static final int PLENTY = 1_000;

  private final WaitingInstances waiting = new WaitingInstances();
  private final Availabilities availabilities = new Availabilities();

  @Test
  void whatIsAddedComesFirstAndWhatIsRemovedLast() {
    waiting.add(9, Part.REMOVED);
    waiting.add(5, Part.UPDATED);
    waiting.add(7, Part.ADDED);
    waiting.add(6, Part.ADDED);

    assertThat(next(PLENTY)).containsExactly(6, 7);
    take(6, 7);
    assertThat(next(PLENTY)).containsExactly(5);
    take(5);
    assertThat(next(PLENTY)).containsExactly(9);
    take(9);
    assertThat(next(PLENTY)).isEmpty();
    assertThat(waiting.size()).isZero();
  }

  @Test
  void theUnavailableAreUpdatedBeforeTheStoppedAndTheAvailableLast() {
    for (int i = 0; i < 8; i++) {
      waiting.add(i, Part.UPDATED);
    }
    available(0, 1, 4);
    availabilities.set(2, Availability.UNAVAILABLE, false);
    availabilities.set(5, Availability.UNAVAILABLE, false);
    availabilities.set(3, Availability.IGNORED, true);

    assertThat(next(0)).containsExactly(2, 5);
    take(2, 5);
    assertThat(next(0)).containsExactly(3);
    take(3);
    assertThat(next(0)).containsExactly(6, 7);
    take(6, 7);
    assertThat(next(PLENTY)).containsExactly(0, 1, 4);
  }

  @Test
  void noMoreOfTheAvailableThanTheBudgetAllows() {
    waiting.add(1, Part.UPDATED);
    waiting.add(2, Part.UPDATED);
    waiting.add(8, Part.REMOVED);
    available(1, 2);

    assertThat(next(1)).containsExactly(1);
    assertThat(next(0)).isEmpty();
  }

  @Test
  void whatHasJustBegunToRunCountsAsMissedAndIsSpared() {
    waiting.add(1, Part.UPDATED);
    available(1);
    availabilities.onTrial(1);

    assertThat(availabilities.unavailableCount()).isEqualTo(1);
    assertThat(next(0)).isEmpty();

    available(1);
    assertThat(availabilities.unavailableCount()).isZero();
  }

  private void available(int... instances) {
    for (int instance : instances) {
      availabilities.set(instance, Availability.AVAILABLE, false);
    }
  }

  private void take(int... instances) {
    for (int instance : instances) {
      waiting.remove(instance);
    }
  }

  private List<Integer> next(int budget) {
    return waiting.next(availabilities, budget).stream().boxed().toList();
  }
}
