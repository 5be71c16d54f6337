package peloton.scenario;

import org.junit.jupiter.api.Test;

/**
 * Many random walks. {@code -Dseeds=N} says how many, {@code -Dfrom=S} with which seed to begin; a
 * failure names its seed, and {@code -Dseeds=1 -Dfrom=<seed>} tells the same story again. {@code
 * -Dsteps=N} makes every story longer or shorter, and another one.
 */
class RandomWalkIT {
  private static final long SEEDS = Long.getLong("seeds", 300);
  private static final long FROM = Long.getLong("from", 1);

  @Test
  void everyStoryEndsAsItsClientsWerePromised() {
    for (long seed = FROM; seed < FROM + SEEDS; seed++) {
      RandomWalk.run(seed);
    }
  }
}
