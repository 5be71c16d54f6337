package peloton.preemption;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import peloton.entitlement.Amounts;

class VictimsTest {
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  @Test
  void takesPodsWithoutATaskBeforeAnyThatRun() {
    assertThat(take(2, List.of(pod("runs", 2, 1, 1), unplaced("waits", 2, 9, 1))))
        .containsExactly("waits");
  }

  @Test
  void takesTheLowestPriorityAndOfThoseTheNewest() {
    assertThat(
            take(
                2,
                List.of(
                    pod("high", 1, 5, 100),
                    pod("old", 1, 1, 10),
                    pod("new", 1, 1, 30),
                    pod("newer", 1, 1, 40))))
        .containsExactly("newer", "new");
  }

  @Test
  void readsPrioritiesAsUnsigned() {
    assertThat(take(1, List.of(pod("highest", 1, -1, 1), pod("low", 1, 1, 1))))
        .containsExactly("low");
  }

  @Test
  void takesRevocablePodsForWhatRevocablePodsOweAndNoOthers() {
    Candidate<String> revocable =
        new Candidate<>("revocable", "job", UNBOUNDED, Amounts.of(0, 1), true, true, 9, 1);
    Candidate<String> firm =
        new Candidate<>("firm", "job", UNBOUNDED, Amounts.of(0, 1), false, true, 1, 1);

    List<Candidate<String>> chosen =
        Victims.choose(
            List.of(firm, revocable),
            Amounts.NONE.toArray(),
            Amounts.of(0, 1).toArray(),
            Comparator.naturalOrder());

    assertThat(chosen).containsExactly(revocable);
  }

  @Test
  void leavesPodsThatWouldFreeNothingOfWhatIsMissing() {
    Candidate<String> memory =
        new Candidate<>("memory", "job", UNBOUNDED, Amounts.of(0, 50), false, true, 1, 9);

    assertThat(take(1, List.of(memory, pod("cpu", 1, 9, 1)))).containsExactly("cpu");
  }

  @Test
  void sparesWhoTurnsOutNotToBeNeeded() {
    assertThat(take(4, List.of(pod("small", 1, 1, 1), pod("large", 4, 2, 1))))
        .containsExactly("large");
  }

  @Test
  void staysWithinWhatJobsBearAsLongAsOthersCanGo() {
    Candidate<String> fragileOne = new Candidate<>("a", "fragile", 1, cpu(1), false, true, 1, 9);
    Candidate<String> fragileTwo = new Candidate<>("b", "fragile", 1, cpu(1), false, true, 1, 8);
    Candidate<String> sturdy = new Candidate<>("c", "sturdy", UNBOUNDED, cpu(1), false, true, 7, 1);

    assertThat(take(2, List.of(fragileOne, fragileTwo, sturdy))).containsExactly("a", "c");
    assertThat(take(3, List.of(fragileOne, fragileTwo, sturdy))).containsExactly("a", "c", "b");
  }

  private static Candidate<String> pod(String name, long cpu, int priority, long since) {
    return new Candidate<>(name, name, UNBOUNDED, cpu(cpu), false, true, priority, since);
  }

  private static Candidate<String> unplaced(String name, long cpu, int priority, long since) {
    return new Candidate<>(name, name, UNBOUNDED, cpu(cpu), false, false, priority, since);
  }

  private static Amounts cpu(long amount) {
    return Amounts.of(amount);
  }

  private static List<String> take(long firmCpu, List<Candidate<String>> candidates) {
    return Victims.choose(
            candidates,
            Amounts.of(firmCpu).toArray(),
            Amounts.NONE.toArray(),
            Comparator.naturalOrder())
        .stream()
        .map(Candidate::pod)
        .toList();
  }
}
