package peloton.placement;

/**
 * Agents by how much of one resource they have free, in steps of about 40 percent: who asks for
 * much need not look at those that have little.
 */
final class CapacityClasses {
  private static final int CLASSES = 64;
  private static final int SMALLEST = 6;

  /** For each class the agents of that class or a higher one; class 0 is not kept. */
  private final Bits[] atLeast = new Bits[CLASSES];

  CapacityClasses() {}

  CapacityClasses copy() {
    CapacityClasses copy = new CapacityClasses();
    for (int i = 0; i < CLASSES; i++) {
      copy.atLeast[i] = atLeast[i] == null ? null : atLeast[i].copy();
    }
    return copy;
  }

  /** The class of an amount; never falls as the amount grows. */
  static int of(long amount) {
    if (amount < 1L << SMALLEST) {
      return 0;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(amount);
    int half = (int) (amount >>> exponent - 1 & 1);
    return Math.min((exponent - SMALLEST) * 2 + half + 1, CLASSES - 1);
  }

  void move(int slot, long from, long to) {
    int before = of(from);
    int after = of(to);
    for (int i = before + 1; i <= after; i++) {
      if (atLeast[i] == null) {
        atLeast[i] = new Bits();
      }
      atLeast[i].add(slot);
    }
    for (int i = before; i > after; i--) {
      atLeast[i].remove(slot);
    }
  }

  /** Those of 64 agents that may have as much as a class stands for. */
  long word(int classOfNeed, int w) {
    if (classOfNeed == 0) {
      return -1;
    }
    Bits bits = atLeast[classOfNeed];
    return bits == null ? 0 : bits.word(w);
  }
}
