package peloton.workflow;

import java.util.BitSet;
import peloton.pod.Availabilities;

/**
 * The instances that a workflow has not touched yet, and which of them comes next: added ones
 * first, then those to update - the unavailable, the stopped, the unclear, at last the available
 * ones, as many as may be taken down - and the removed ones when nothing else is left.
 */
public final class WaitingInstances {
  private final BitSet added = new BitSet();
  private final BitSet updated = new BitSet();
  private final BitSet removed = new BitSet();

  /** The part that an instance has in a plan. */
  public enum Part {
    ADDED,
    UPDATED,
    REMOVED
  }

  public void add(int instance, Part part) {
    (switch (part) {
          case ADDED -> added;
          case UPDATED -> updated;
          case REMOVED -> removed;
        })
        .set(instance);
  }

  public void remove(int instance) {
    added.clear(instance);
    updated.clear(instance);
    removed.clear(instance);
  }

  public int size() {
    return added.cardinality() + updated.cardinality() + removed.cardinality();
  }

  /**
   * The instances that may be touched now, all of one kind and in the order in which to do it. When
   * they are used up, there may be others.
   *
   * @param availabilities of the job's instances
   * @param budget how many available instances may be taken down now
   */
  public BitSet next(Availabilities availabilities, int budget) {
    if (!added.isEmpty()) {
      return (BitSet) added.clone();
    }
    if (updated.isEmpty()) {
      return (BitSet) removed.clone();
    }
    BitSet unavailable = availabilities.unavailableOf(updated);
    if (!unavailable.isEmpty()) {
      return unavailable;
    }
    BitSet stopped = availabilities.stoppedOf(updated);
    if (!stopped.isEmpty()) {
      return stopped;
    }
    BitSet available = availabilities.availableOf(updated);
    if (available.cardinality() < updated.cardinality()) {
      BitSet unclear = (BitSet) updated.clone();
      unclear.andNot(available);
      return unclear;
    }
    return first(available, budget);
  }

  private static BitSet first(BitSet instances, int most) {
    // Without a bound, which is asked about after every change of a pod, there is nothing to copy.
    if (instances.cardinality() <= most) {
      return instances;
    }
    BitSet first = new BitSet();
    int left = most;
    for (int i = instances.nextSetBit(0); i >= 0 && left > 0; i = instances.nextSetBit(i + 1)) {
      first.set(i);
      left--;
    }
    return first;
  }
}
