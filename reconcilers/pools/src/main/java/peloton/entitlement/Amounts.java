package peloton.entitlement;

import java.util.Arrays;

/** An amount of each {@link ResourceKind}, in thousandths. Immutable. */
public final class Amounts {
  /** Larger amounts are taken for this one: room for the sums of a hundred thousand pools. */
  public static final long MAX = 1L << 46;

  /** Nothing of anything. */
  public static final Amounts NONE = new Amounts(new long[ResourceKind.COUNT]);

  private final long[] values;

  private Amounts(long[] values) {
    this.values = values;
  }

  /** These amounts, in the order of {@link ResourceKind}; kinds that are left out are 0. */
  public static Amounts of(long... values) {
    return new Amounts(Arrays.copyOf(values, ResourceKind.COUNT));
  }

  /** A number of the API in thousandths: rounded, at least 0, at most {@link #MAX}. */
  public static long milli(double amount) {
    return Math.max(0, Math.min(MAX, Math.round(amount * 1000)));
  }

  public long get(ResourceKind kind) {
    return values[kind.ordinal()];
  }

  /** The amount of the kind with this ordinal. */
  public long get(int kind) {
    return values[kind];
  }

  /** Whether each amount is at most the other's. */
  public boolean isAtMost(Amounts other) {
    for (int kind = 0; kind < values.length; kind++) {
      if (values[kind] > other.values[kind]) {
        return false;
      }
    }
    return true;
  }

  /** Adds these amounts, times {@code sign}, to an array of them. */
  public void addTo(long[] sums, int sign) {
    for (int kind = 0; kind < values.length; kind++) {
      sums[kind] += sign * values[kind];
    }
  }

  /** A copy as an array in the order of {@link ResourceKind}. */
  public long[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Amounts amounts && Arrays.equals(values, amounts.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
