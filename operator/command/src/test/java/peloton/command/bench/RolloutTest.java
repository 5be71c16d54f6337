package peloton.command.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.store.view.RecordKey;

class RolloutTest {
  private final List<String> violations = new ArrayList<>();
  private final Rollout rollout =
      new Rollout(Map.of("job", new Rollout.Target(2, 2)), 1, violations::add);
  private final Map<Integer, PodSighting> last =
      new HashMap<>(Map.of(0, running(1, 1), 1, running(1, 1)));

  @Test
  void aJobIsThroughWhenAllItsPodsRunOnTheNewVersion() {
    replace(0, 10);
    assertThat(rollout.complete()).isFalse();
    assertThat(rollout.done()).isEqualTo(1);

    replace(1, 20);

    assertThat(rollout.complete()).isTrue();
    assertThat(rollout.ends()).containsExactly(Map.entry("job", 22L));
    assertThat(rollout.launched()).isEqualTo(2);
    assertThat(rollout.mostDown()).isEqualTo(1);
    assertThat(rollout.lastStop()).isEqualTo(20);
    assertThat(violations).isEmpty();
  }

  @Test
  void morePodsDownThanTheBatchAreToldOf() {
    see(0, new PodSighting(1, PodState.POD_STATE_KILLING, 1), 1);
    see(1, new PodSighting(1, PodState.POD_STATE_KILLED, 1), 2);

    assertThat(rollout.mostDown()).isEqualTo(2);
    assertThat(violations).containsExactly("2 pods of job job are down, above 1");
  }

  @Test
  void aPodThatIsReplacedTwiceIsToldOf() {
    replace(0, 10);
    see(0, running(3, 2), 30);

    assertThat(violations).containsExactly("pod job-0 was replaced twice, by run 3");
  }

  @Test
  void aPodOfAnotherJobIsToldOf() {
    rollout.saw(new RecordKey.Pod("other", 0), Optional.empty(), running(1, 1), 1);

    assertThat(violations).containsExactly("pod other-0 changed, of another job");
  }

  private void replace(int instance, long at) {
    see(instance, new PodSighting(1, PodState.POD_STATE_KILLING, 1), at);
    see(instance, new PodSighting(2, PodState.POD_STATE_LAUNCHED, 2), at + 1);
    see(instance, running(2, 2), at + 2);
  }

  private void see(int instance, PodSighting now, long at) {
    rollout.saw(
        new RecordKey.Pod("job", instance), Optional.ofNullable(last.put(instance, now)), now, at);
  }

  private static PodSighting running(long run, long version) {
    return new PodSighting(run, PodState.POD_STATE_RUNNING, version);
  }
}
