package peloton.scenario;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Many random walks. {@code -Dseeds=N} says how many, {@code -Dfrom=S} with which seed to begin; a
 * failure names its seed, and {@code -Dseeds=1 -Dfrom=<seed>} tells the same story again. {@code
 * -Dsteps=N} makes every story longer or shorter, and another one.
 */
class RandomWalkIT {
  private static final long SEEDS = Long.getLong("seeds", 3000);
  private static final long FROM = Long.getLong("from", 1);

  @Test
  void everyStoryEndsAsItsClientsWerePromised() throws InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      AtomicLong next = new AtomicLong(FROM);
      List<Future<?>> walks =
          IntStream.range(0, threads)
              .<Future<?>>mapToObj(i -> executor.submit(() -> walk(next)))
              .toList();
      for (Future<?> walk : walks) {
        walk.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private static void walk(AtomicLong next) {
    for (long seed = next.getAndIncrement(); seed < FROM + SEEDS; seed = next.getAndIncrement()) {
      RandomWalk.run(seed);
    }
  }
}
