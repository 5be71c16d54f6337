package peloton.pod;

import java.util.BitSet;
import peloton.desired.pod.Availability;

/**
 * The {@link Availability} of every instance of a job, kept up: what an update may take down
 * without too many being down. Beyond what the API's writers see in the records, an instance counts
 * as unavailable from the moment that it is to be launched for the first time.
 */
public final class Availabilities {
  private final BitSet available = new BitSet();
  private final BitSet unavailable = new BitSet();
  private final BitSet stopped = new BitSet();
  private final BitSet missed = new BitSet();
  private int missedCount;

  /**
   * Takes in what an instance is now.
   *
   * @param atRest whether it is not to run, and stays
   */
  public void set(int instance, Availability now, boolean atRest) {
    available.set(instance, now == Availability.AVAILABLE);
    unavailable.set(instance, now == Availability.UNAVAILABLE);
    stopped.set(instance, atRest);
    miss(instance, now == Availability.UNAVAILABLE);
  }

  /**
   * Takes in that an available instance has just begun to run. It is not to be relied upon yet, and
   * not to be taken down lightly either.
   */
  public void onTrial(int instance) {
    miss(instance, true);
  }

  private void miss(int instance, boolean is) {
    if (missed.get(instance) != is) {
      missed.set(instance, is);
      missedCount += is ? 1 : -1;
    }
  }

  /** How many instances should run and do not serve. */
  public int unavailableCount() {
    return missedCount;
  }

  /** Those of the instances that are available; a new set. */
  public BitSet availableOf(BitSet instances) {
    return and(instances, available);
  }

  /** Those of the instances that are unavailable; a new set. */
  public BitSet unavailableOf(BitSet instances) {
    return and(instances, unavailable);
  }

  /** Those of the instances that are stopped; a new set. */
  public BitSet stoppedOf(BitSet instances) {
    return and(instances, stopped);
  }

  /** The stopped instances; a new set. */
  public BitSet stopped() {
    return (BitSet) stopped.clone();
  }

  private static BitSet and(BitSet a, BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    return both;
  }
}
