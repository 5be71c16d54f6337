package peloton.placement;

import java.util.Arrays;

/** How often something is on each agent: most often not at all, and if so, once. */
final class SlotCounts {
  private static final int FREE = -1;

  private final Bits any;
  private int[] slots;
  private int[] counts;
  private int used;

  SlotCounts() {
    any = new Bits();
    slots = new int[8];
    counts = new int[8];
    Arrays.fill(slots, FREE);
  }

  private SlotCounts(SlotCounts other) {
    any = other.any.copy();
    slots = other.slots.clone();
    counts = other.counts.clone();
    used = other.used;
  }

  SlotCounts copy() {
    return new SlotCounts(this);
  }

  /** The agents that have it at all. */
  Bits any() {
    return any;
  }

  /** The largest count. */
  int highest() {
    int highest = 0;
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != FREE) {
        highest = Math.max(highest, counts[i]);
      }
    }
    return highest;
  }

  int of(int slot) {
    return any.contains(slot) ? counts[find(slot)] : 0;
  }

  /** Adds to an agent's count; returns what it is then. */
  int add(int slot, int by) {
    int at = find(slot);
    if (slots[at] == FREE) {
      if (++used * 2 > slots.length) {
        grow();
        at = find(slot);
      }
      slots[at] = slot;
      counts[at] = 0;
    }
    counts[at] += by;
    any.set(slot, counts[at] > 0);
    return counts[at];
  }

  private int find(int slot) {
    int mask = slots.length - 1;
    int at = (slot * 0x9E3779B9 >>> 7) & mask;
    while (slots[at] != FREE && slots[at] != slot) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    int[] oldSlots = slots;
    int[] oldCounts = counts;
    slots = new int[oldSlots.length * 2];
    counts = new int[slots.length];
    Arrays.fill(slots, FREE);
    used = 1;
    for (int i = 0; i < oldSlots.length; i++) {
      // What has gone back to nothing is forgotten here.
      if (oldSlots[i] != FREE && oldCounts[i] != 0) {
        int at = find(oldSlots[i]);
        slots[at] = oldSlots[i];
        counts[at] = oldCounts[i];
        used++;
      }
    }
  }
}
