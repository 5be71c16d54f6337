package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

/** Which instances of a job its clients want to run, as far as that is beyond doubt. */
final class Wishes {
  private final int most;
  private final Map<Integer, Boolean> known = new TreeMap<>();

  /**
   * Nothing is known yet.
   *
   * @param most instances that the job may ever have
   */
  Wishes(int most) {
    this.most = most;
  }

  void all(boolean run) {
    for (int i = 0; i < most; i++) {
      known.put(i, run);
    }
  }

  void one(int instance, boolean run) {
    known.put(instance, run);
  }

  /** May have been started. */
  void perhaps(int instance) {
    if (!known.getOrDefault(instance, false)) {
      known.remove(instance);
    }
  }

  void perhapsAll() {
    for (int i = 0; i < most; i++) {
      perhaps(i);
    }
  }

  /**
   * Holds an instance to what was wished.
   *
   * @param reached whether whoever should bring the instance up has come to it
   */
  void check(String what, int instance, boolean runs, boolean reached) {
    Boolean wanted = known.get(instance);
    if (wanted != null && (reached || !wanted)) {
      assertThat(runs).as("wish for %s", what).isEqualTo(wanted);
    }
  }
}
