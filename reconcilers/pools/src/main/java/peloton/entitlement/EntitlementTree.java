package peloton.entitlement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What each pool of a tree is entitled to, kind by kind. A pool divides what it is entitled to
 * among its children in three steps, each of which is a weighted max-min division:
 *
 * <ol>
 *   <li>to each what it demands, up to its reservation; if there is too little for that, in
 *       proportion to the reservations;
 *   <li>of the rest to each what it demands beyond its reservation, in proportion to the shares;
 *   <li>of the rest to each up to its limit, in proportion to the shares, so that new demand finds
 *       room at once.
 * </ol>
 *
 * <p>A pool demands what its children do, up to its limit; a STATIC one at least its reservation,
 * whether it is used or not. A pool whose share is 0 never gets more than its reservation.
 *
 * <p>A change of demand costs a step per level; what follows from it for the pools is worked out
 * when it is asked for, level by level from the root, and only where something changed. Nothing is
 * allocated after the construction. Not for several threads.
 */
public final class EntitlementTree {
  /** The index of the root, whose entitlement is the capacity. */
  public static final int ROOT = 0;

  private static final byte BY_RESERVATION = 1;
  private static final byte BY_DEMAND = 2;
  private static final byte BY_LIMIT = 3;

  private final int kinds;
  private final int size;
  private final int[] parent;
  private final int[] childrenFrom;
  private final int[] children;
  private final Column[] columns;
  private final WaterFill fill;

  /** Everything about one kind, by pool. */
  private static final class Column {
    private final long[] reservation;
    private final long[] limit;
    private final double[] share;
    private final boolean[] fixed;

    /** For a leaf what was set, for others the sum of the children's claims. */
    private final long[] demand;

    /** The demand within limits. */
    private final long[] claim;

    /** How a pool divided what among its children, when it last did. */
    private final byte[] step;

    private final double[] level;
    private final double[] divided;
    private final boolean[] stale;

    private Column(int size) {
      reservation = new long[size];
      limit = new long[size];
      share = new double[size];
      fixed = new boolean[size];
      demand = new long[size];
      claim = new long[size];
      step = new byte[size];
      level = new double[size];
      divided = new double[size];
      stale = new boolean[size];
      Arrays.fill(stale, true);
    }

    private long claimOf(int pool) {
      long wanted = fixed[pool] ? Math.max(demand[pool], reservation[pool]) : demand[pool];
      return Math.min(wanted, limit[pool]);
    }

    private long reserved(int pool) {
      return Math.min(claim[pool], reservation[pool]);
    }

    /** What a child of a pool that has divided is entitled to. */
    private double part(int pool, int parent) {
      double lambda = level[parent];
      switch (step[parent]) {
        case BY_RESERVATION:
          return Math.min(reserved(pool), lambda * reservation[pool]);
        case BY_DEMAND:
          long reserved = reserved(pool);
          return reserved + Math.min(claim[pool] - reserved, lambda * share[pool]);
        default:
          return share[pool] == 0
              ? reserved(pool)
              : claim[pool] + Math.min(limit[pool] - claim[pool], lambda * share[pool]);
      }
    }
  }

  /** Takes pools one by one, each after its parent. The root is there from the start. */
  public static final class Builder {
    private final int kinds;
    private final List<Integer> parents = new ArrayList<>(List.of(-1));
    private final List<Amount[]> amounts = new ArrayList<>();

    /** For pools that divide so many kinds. */
    public Builder(int kinds) {
      this.kinds = kinds;
      amounts.add(new Amount[0]);
    }

    /**
     * Adds a pool.
     *
     * @param amounts one for each kind
     * @return its index
     */
    public int add(int parent, Amount... amounts) {
      if (parent < 0 || parent >= parents.size() || amounts.length != kinds) {
        throw new IllegalArgumentException(
            "a pool needs a parent that was added and " + kinds + " amounts");
      }
      parents.add(parent);
      this.amounts.add(amounts.clone());
      return parents.size() - 1;
    }

    public EntitlementTree build() {
      return new EntitlementTree(kinds, parents, amounts);
    }
  }

  /**
   * What a pool's specification says of one kind.
   *
   * @param reservation in thousandths, 0 to {@link Amounts#MAX}
   * @param limit in thousandths, 0 to {@link Amounts#MAX}
   * @param share 0 or more
   * @param fixed whether the reservation is kept even when it is not used (STATIC)
   */
  public record Amount(long reservation, long limit, double share, boolean fixed) {
    public Amount {
      if (reservation < 0 || limit < 0 || !(share >= 0) || share == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("amounts of a pool are finite and not negative");
      }
    }
  }

  private EntitlementTree(int kinds, List<Integer> parents, List<Amount[]> amounts) {
    this.kinds = kinds;
    size = parents.size();
    parent = parents.stream().mapToInt(Integer::intValue).toArray();
    childrenFrom = new int[size + 1];
    for (int pool = 1; pool < size; pool++) {
      childrenFrom[parent[pool] + 1]++;
    }
    int most = 0;
    for (int pool = 0; pool < size; pool++) {
      most = Math.max(most, childrenFrom[pool + 1]);
      childrenFrom[pool + 1] += childrenFrom[pool];
    }
    children = new int[size - 1];
    int[] next = childrenFrom.clone();
    for (int pool = 1; pool < size; pool++) {
      children[next[parent[pool]]++] = pool;
    }
    fill = new WaterFill(most);
    columns = new Column[kinds];
    for (int kind = 0; kind < kinds; kind++) {
      columns[kind] = column(kind, amounts);
    }
  }

  private Column column(int kind, List<Amount[]> amounts) {
    Column column = new Column(size);
    for (int pool = 1; pool < size; pool++) {
      Amount amount = amounts.get(pool)[kind];
      column.reservation[pool] = amount.reservation();
      column.limit[pool] = amount.limit();
      column.share[pool] = amount.share();
      column.fixed[pool] = amount.fixed();
    }
    for (int pool = size - 1; pool > 0; pool--) {
      column.claim[pool] = column.claimOf(pool);
      column.demand[parent[pool]] += column.claim[pool];
    }
    return column;
  }

  /** How many pools there are, the root included. */
  public int size() {
    return size;
  }

  /** Whether a pool has no children. */
  public boolean isLeaf(int pool) {
    return childrenFrom[pool] == childrenFrom[pool + 1];
  }

  /** Sets what there is to divide, in thousandths. */
  public void setCapacity(int kind, long amount) {
    columns[kind].limit[ROOT] = amount;
  }

  /** Sets what a leaf demands, in thousandths; says whether that is something new. */
  public boolean setDemand(int leaf, int kind, long amount) {
    Column column = columns[kind];
    if (column.demand[leaf] == amount) {
      return false;
    }
    column.demand[leaf] = amount;
    int pool = leaf;
    while (pool != ROOT) {
      long before = column.claim[pool];
      long after = column.claimOf(pool);
      if (before == after) {
        break;
      }
      column.claim[pool] = after;
      pool = parent[pool];
      column.demand[pool] += after - before;
      column.stale[pool] = true;
    }
    return true;
  }

  /** What a pool is entitled to of a kind, in thousandths. */
  public double entitlement(int pool, int kind) {
    Column column = columns[kind];
    if (pool == ROOT) {
      return column.limit[ROOT];
    }
    int above = parent[pool];
    divide(above, column, entitlement(above, kind));
    return column.part(pool, above);
  }

  /**
   * What every pool is entitled to of a kind, in thousandths.
   *
   * @param into by pool, as long as there are pools
   */
  public void entitlements(int kind, double[] into) {
    Column column = columns[kind];
    for (int pool = 0; pool < size; pool++) {
      into[pool] = pool == ROOT ? column.limit[ROOT] : column.part(pool, parent[pool]);
      if (!isLeaf(pool)) {
        divide(pool, column, into[pool]);
      }
    }
  }

  /** Has everything worked out anew when it is next asked for. */
  public void forget() {
    for (int kind = 0; kind < kinds; kind++) {
      Arrays.fill(columns[kind].stale, true);
    }
  }

  private void divide(int pool, Column column, double amount) {
    if (!column.stale[pool] && column.divided[pool] == amount) {
      return;
    }
    column.stale[pool] = false;
    column.divided[pool] = amount;
    int from = childrenFrom[pool];
    int to = childrenFrom[pool + 1];
    long reserved = 0;
    for (int i = from; i < to; i++) {
      reserved += column.reserved(children[i]);
    }
    if (reserved > amount) {
      fill.clear();
      for (int i = from; i < to; i++) {
        int child = children[i];
        fill.add(column.reserved(child), column.reservation[child]);
      }
      settle(pool, column, BY_RESERVATION, fill.level(amount));
      return;
    }
    double left = amount - reserved;
    long demanded = 0;
    for (int i = from; i < to; i++) {
      int child = children[i];
      if (column.share[child] > 0) {
        demanded += column.claim[child] - column.reserved(child);
      }
    }
    fill.clear();
    if (demanded > left) {
      for (int i = from; i < to; i++) {
        int child = children[i];
        fill.add(column.claim[child] - column.reserved(child), column.share[child]);
      }
      settle(pool, column, BY_DEMAND, fill.level(left));
      return;
    }
    for (int i = from; i < to; i++) {
      int child = children[i];
      fill.add(column.limit[child] - column.claim[child], column.share[child]);
    }
    settle(pool, column, BY_LIMIT, fill.level(left - demanded));
  }

  private static void settle(int pool, Column column, byte step, double level) {
    column.step[pool] = step;
    column.level[pool] = level;
  }
}
