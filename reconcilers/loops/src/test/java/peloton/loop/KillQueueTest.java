package peloton.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KillQueueTest {
  private final List<String> sent = new ArrayList<>();
  private boolean allowed = true;
  private final KillQueue kills = new KillQueue(2, () -> allowed, task -> sent.add(task.id()));

  @Test
  void sendsTheNextWhenMesosHasAnswered() {
    add("a", "b", "c", "d");
    assertThat(sent).containsExactly("a", "b");
    kills.answered("b");
    assertThat(sent).containsExactly("a", "b", "c");
    kills.answered("nobody asked for this one");
    assertThat(sent).hasSize(3);
  }

  @Test
  void sendsNoKillTwiceBeforeItIsRepeated() {
    add("a", "a", "b", "a");
    assertThat(sent).containsExactly("a", "b");
    kills.repeat(List.of(task("a"), task("b")));
    assertThat(sent).containsExactly("a", "b", "a", "b");
  }

  @Test
  void whatEndsBeforeItsTurnIsNotKilled() {
    add("a", "b", "c", "d");
    kills.answered("c");
    kills.answered("a");
    assertThat(sent).containsExactly("a", "b", "d");
  }

  @Test
  void silentTasksHoldUpTheOthersForOneRepetitionOnly() {
    add("silent-1", "silent-2", "c", "d");
    kills.repeat(List.of(task("silent-1"), task("silent-2"), task("c"), task("d")));
    assertThat(sent).containsExactly("silent-1", "silent-2", "c", "d");
  }

  @Test
  void sendsNothingWhileItMayNot() {
    allowed = false;
    add("a");
    assertThat(sent).isEmpty();
    allowed = true;
    kills.repeat(List.of());
    assertThat(sent).containsExactly("a");
  }

  @Test
  void aNewSubscriptionBeginsAnew() {
    add("a", "b", "c");
    kills.clear();
    add("a");
    assertThat(sent).containsExactly("a", "b", "a");
  }

  private void add(String... ids) {
    for (String id : ids) {
      kills.add(task(id));
    }
  }

  private static Mesos.Task task(String id) {
    return new Mesos.Task(id, "agent");
  }
}
