package peloton.command.bench;

import java.util.function.Consumer;
import peloton.command.cluster.LocalCluster;

/** Something that can be measured on a local cluster of its own. */
interface Bench {
  /** What is being done, for a message. */
  String step();

  /**
   * Measures.
   *
   * @throws BenchFailure if it cannot be done
   */
  Outcome run() throws InterruptedException;

  /** Makes a bench. */
  interface Maker {
    /**
     * @param cluster not started yet; the caller closes it
     * @param progress hears what is being done
     */
    Bench make(LocalCluster cluster, Consumer<String> progress);
  }
}
