package peloton.command.bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import peloton.store.view.RecordKey;

/**
 * What a witness sees of jobs that are moved to another version: how many pods are down at any one
 * time, and that each is replaced once. Used under the witness' lock.
 */
final class Rollout {
  private final Map<String, Target> targets;
  private final int batch;
  private final Consumer<String> violated;
  private final Map<String, Integer> down = new HashMap<>();
  private final Map<String, Integer> left = new HashMap<>();
  private final Map<String, Long> ends = new TreeMap<>();
  private final Set<RecordKey.Pod> relaunched = new HashSet<>();
  private int done;
  private int mostDown;
  private long lastStop;

  /** Where a job should get to, with all its pods. */
  record Target(long version, int pods) {}

  /**
   * @param targets by job
   * @param batch most pods of one job that may be down at one time
   * @param violated hears what must not be
   */
  Rollout(Map<String, Target> targets, int batch, Consumer<String> violated) {
    this.targets = targets;
    this.batch = batch;
    this.violated = violated;
    targets.forEach((job, target) -> left.put(job, target.pods()));
  }

  void saw(RecordKey.Pod key, Optional<PodSighting> before, PodSighting now, long at) {
    Target target = targets.get(key.job());
    if (target == null) {
      violated.accept("pod " + key.job() + "-" + key.instance() + " changed, of another job");
      return;
    }
    boolean ran = before.filter(PodSighting::running).isPresent();
    if (ran && !now.running()) {
      lastStop = at;
      int count = down.merge(key.job(), 1, Integer::sum);
      if (count > mostDown) {
        mostDown = count;
        if (count > batch) {
          violated.accept(count + " pods of job " + key.job() + " are down, above " + batch);
        }
      }
    } else if (!ran && now.running()) {
      down.merge(key.job(), -1, Integer::sum);
      if (now.version() == target.version()) {
        done++;
        if (left.merge(key.job(), -1, Integer::sum) == 0) {
          ends.put(key.job(), at);
        }
      }
    }
    if (before.isPresent() && before.get().run() != now.run() && !relaunched.add(key)) {
      violated.accept(
          "pod " + key.job() + "-" + key.instance() + " was replaced twice, by run " + now.run());
    }
  }

  /** How many pods run on the version that they should be on. */
  int done() {
    return done;
  }

  /** How many pods were launched. */
  int launched() {
    return relaunched.size();
  }

  /** Most pods of one job that were down at one time. */
  int mostDown() {
    return mostDown;
  }

  /** When a pod was last seen to stop, by {@link System#nanoTime}. */
  long lastStop() {
    return lastStop;
  }

  /** When each job that is through was, by {@link System#nanoTime}. */
  Map<String, Long> ends() {
    return Map.copyOf(ends);
  }

  boolean complete() {
    return ends.size() == targets.size();
  }
}
