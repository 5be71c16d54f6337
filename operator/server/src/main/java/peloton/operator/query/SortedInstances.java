package peloton.operator.query;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.UnaryOperator;
import peloton.store.view.JobEntry;

/**
 * The instances of jobs in the orders that were asked for last, so that going through a large job
 * page by page sorts it once. An order holds for one revision of its job; of another one it is
 * where sorting begins, which is quick when little changed. Any thread may use it.
 */
final class SortedInstances {
  private final long room;

  /** The one that was used longest ago comes first. Guarded by itself. */
  private final LinkedHashMap<Key, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

  private long kept;

  private record Key(String job, String order) {}

  /** One order of one job. Guarded by itself, so that only one thread sorts. */
  private static final class Slot {
    private long revision = -1;
    private int[] instances = {};

    /** What it counts in {@code kept}; guarded by the slots. */
    private int counted;
  }

  /**
   * @param room most instances in all orders together, 4 bytes each; a larger order is not kept
   */
  SortedInstances(long room) {
    this.room = room;
  }

  /**
   * The instances in an order as of now.
   *
   * @param order names the order
   * @param sort makes it from an earlier one, which is empty at first and may name instances that
   *     are gone; sees the job at least as new as it is now
   * @return not to be changed
   */
  int[] get(JobEntry job, String order, UnaryOperator<int[]> sort) {
    Key key = new Key(job.id(), order);
    Slot slot;
    synchronized (slots) {
      slot = slots.computeIfAbsent(key, k -> new Slot());
    }
    int[] instances;
    synchronized (slot) {
      // Read before the records: what changes meanwhile shows in the next revision.
      long revision = job.revision();
      if (slot.revision == revision) {
        return slot.instances;
      }
      instances = sort.apply(slot.instances);
      slot.instances = instances;
      slot.revision = revision;
    }
    count(key, slot, instances.length);
    return instances;
  }

  private void count(Key key, Slot slot, int length) {
    synchronized (slots) {
      if (slots.get(key) != slot) {
        // Forgotten while it was sorted.
        return;
      }
      kept += length - slot.counted;
      slot.counted = length;
      Iterator<Slot> oldest = slots.values().iterator();
      while (kept > room && oldest.hasNext()) {
        kept -= oldest.next().counted;
        oldest.remove();
      }
    }
  }

  /** How many instances are kept in all orders together. */
  long kept() {
    synchronized (slots) {
      return kept;
    }
  }
}
