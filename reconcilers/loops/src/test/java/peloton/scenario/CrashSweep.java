package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs a story once untouched, and then once for every store write and every call to Mesos in it,
 * killing the leader just before or just after; each must come to the same end.
 */
final class CrashSweep {
  private CrashSweep() {}

  /** The story, cut nowhere and everywhere; returns how many cuts there were. */
  static long run(Consumer<World> story) {
    CrashPoints count = CrashPoints.none();
    World untouched = new World(count);
    story.accept(untouched);
    Map<String, Object> expected = untouched.outcome();
    assertThat(untouched.mesos.violations()).isEmpty();
    for (long point = 0; point < count.passed(); point++) {
      CrashPoints crash = CrashPoints.at(point);
      World world = new World(crash);
      story.accept(world);
      assertThat(world.outcome())
          .as("outcome after a crash at point %s of %s, %s", point, count.passed(), crash.where())
          .isEqualTo(expected);
    }
    return count.passed();
  }
}
