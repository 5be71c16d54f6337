package peloton.store.view;

import java.util.concurrent.atomic.AtomicReferenceArray;
import peloton.records.PodRecord;

/** The pod records of one job by instance. One thread writes, any thread reads. */
public final class PodTable {
  /** Above any job that is accepted; keeps a damaged key from claiming gigabytes. */
  static final int MOST_INSTANCES = 1 << 24;

  private volatile AtomicReferenceArray<PodRecord> slots = new AtomicReferenceArray<>(0);
  private volatile int size;
  private volatile int bound;

  /** The record of an instance, or null if it was never launched. */
  public PodRecord get(int instance) {
    AtomicReferenceArray<PodRecord> current = slots;
    return instance < current.length() ? current.get(instance) : null;
  }

  /** One above the largest instance that may have a record. */
  public int bound() {
    return bound;
  }

  /** How many instances have a record. */
  public int size() {
    return size;
  }

  /** Sets or, with null, removes a record; returns what was there. */
  PodRecord set(int instance, PodRecord record) {
    if (instance < 0 || instance >= MOST_INSTANCES) {
      throw new IllegalArgumentException(
          "instance " + instance + " is not in [0, " + MOST_INSTANCES + ")");
    }
    if (instance >= slots.length()) {
      if (record == null) {
        return null;
      }
      grow(instance);
    }
    PodRecord previous = slots.getAndSet(instance, record);
    if (record != null && instance >= bound) {
      bound = instance + 1;
    }
    if ((previous == null) != (record == null)) {
      size += record == null ? -1 : 1;
    }
    return previous;
  }

  private void grow(int instance) {
    AtomicReferenceArray<PodRecord> old = slots;
    var grown =
        new AtomicReferenceArray<PodRecord>(
            Math.max(instance + 1, old.length() + old.length() / 2));
    for (int i = 0; i < old.length(); i++) {
      grown.set(i, old.get(i));
    }
    slots = grown;
  }
}
