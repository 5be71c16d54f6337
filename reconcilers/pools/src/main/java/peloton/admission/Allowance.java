package peloton.admission;

import java.util.Arrays;
import peloton.entitlement.ResourceKind;

/**
 * What a pool is entitled to, divided: revocable pods get what firm ones leave, within the slack
 * limit. In thousandths by kind.
 */
record Allowance(long[] firm, long[] revocable) {
  /** For a pool that is no more. */
  static final Allowance NONE =
      new Allowance(new long[ResourceKind.COUNT], new long[ResourceKind.COUNT]);

  /** More than anybody can need. */
  static final Allowance PLENTY = new Allowance(plenty(), plenty());

  private static long[] plenty() {
    long[] amounts = new long[ResourceKind.COUNT];
    Arrays.fill(amounts, Long.MAX_VALUE);
    return amounts;
  }

  static Allowance of(PoolDefinition pool, Ledger ledger, long[] entitlement) {
    long[] firm = new long[ResourceKind.COUNT];
    long[] revocable = new long[ResourceKind.COUNT];
    for (int kind = 0; kind < firm.length; kind++) {
      long rest = Math.max(0, entitlement[kind] - ledger.firmDemand(pool, kind));
      revocable[kind] = Math.min(rest, ledger.revocableDemand(pool, kind));
      firm[kind] = entitlement[kind] - revocable[kind];
    }
    return new Allowance(firm, revocable);
  }
}
