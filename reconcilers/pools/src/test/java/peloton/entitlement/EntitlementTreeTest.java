package peloton.entitlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import peloton.entitlement.EntitlementTree.Amount;

class EntitlementTreeTest {
  private static final long PLENTY = 1_000_000;

  @Test
  void takesWhatAPoolDoesNotDemandToThoseThatDo() {
    EntitlementTree tree =
        flat(elastic(20, 100, 1), elastic(20, 100, 1), elastic(20, 100, 1)).build();
    tree.setCapacity(0, 100);
    demand(tree, 10, 80, 80);

    assertThat(entitlements(tree)).containsExactly(10, 45, 45);

    tree.setDemand(1, 0, 50);
    for (double part : entitlements(tree)) {
      assertThat(part).isCloseTo(100.0 / 3, within(1e-9));
    }
  }

  @Test
  void dividesTheRestByShare() {
    EntitlementTree tree = flat(elastic(10, PLENTY, 3), elastic(10, PLENTY, 1)).build();
    tree.setCapacity(0, 100);
    demand(tree, 500, 500);

    assertThat(entitlements(tree)).containsExactly(70, 30);
  }

  @Test
  void keepsTheReservationOfAStaticPoolAtAnyDepth() {
    EntitlementTree.Builder pools = new EntitlementTree.Builder(1);
    int team = pools.add(0, elastic(40, PLENTY, 1));
    pools.add(team, new Amount(30, PLENTY, 1, true));
    pools.add(0, elastic(0, PLENTY, 1));
    EntitlementTree tree = pools.build();
    tree.setCapacity(0, 100);
    tree.setDemand(3, 0, 1000);

    assertThat(entitlements(tree)).containsExactly(30, 30, 70);
  }

  @Test
  void sharesOutWhatNobodyDemandsUpToLimits() {
    EntitlementTree tree = flat(elastic(0, 20, 1), elastic(0, PLENTY, 1)).build();
    tree.setCapacity(0, 100);
    demand(tree, 5, 10);

    assertThat(entitlements(tree)).containsExactly(20, 80);
  }

  @Test
  void givesAPoolWithoutShareItsReservationAndNoMore() {
    EntitlementTree tree = flat(elastic(10, PLENTY, 0), elastic(10, PLENTY, 0)).build();
    tree.setCapacity(0, 100);
    demand(tree, 50, 5);

    assertThat(entitlements(tree)).containsExactly(10, 5);
  }

  @Test
  void cutsReservationsThatTheClusterDoesNotHaveInProportion() {
    EntitlementTree tree = flat(elastic(300, PLENTY, 5), elastic(100, PLENTY, 1)).build();
    tree.setCapacity(0, 100);
    demand(tree, 1000, 1000);

    assertThat(entitlements(tree)).containsExactly(75, 25);
  }

  @Test
  void neverGivesMoreThanALimitWhateverIsDemanded() {
    EntitlementTree.Builder pools = new EntitlementTree.Builder(1);
    int team = pools.add(0, elastic(0, 50, 1));
    pools.add(team, elastic(0, PLENTY, 1));
    EntitlementTree tree = pools.build();
    tree.setCapacity(0, 100);
    tree.setDemand(2, 0, 1000);

    assertThat(entitlements(tree)).containsExactly(50, 50);
  }

  @Test
  void agreesWithExactFractionsOnRandomTrees() {
    for (int seed = 0; seed < 3_000; seed++) {
      new RandomTree(seed).check();
    }
  }

  @Test
  void worksOutAfterAnyChangesWhatItWouldFromScratch() {
    for (int seed = 0; seed < 300; seed++) {
      RandomTree tree = new RandomTree(seed);
      tree.check();
      for (int change = 0; change < 10; change++) {
        tree.change();
        tree.check();
      }
    }
  }

  /** The same tree twice: as it is, and as the oracle's. */
  private static final class RandomTree {
    private final Random random;
    private final long seed;
    private final List<Oracle.Pool> pools = new ArrayList<>();
    private final EntitlementTree tree;
    private long capacity;

    RandomTree(long seed) {
      this.seed = seed;
      random = new Random(seed);
      int size = 1 + random.nextInt(1 + random.nextInt(25));
      EntitlementTree.Builder builder = new EntitlementTree.Builder(1);
      Oracle.Pool root = new Oracle.Pool(0, PLENTY, 0, false);
      pools.add(root);
      boolean sound = random.nextBoolean();
      capacity = random.nextInt(4) == 0 ? random.nextInt(5) : random.nextInt(10_000);
      List<Long> unreserved = new ArrayList<>(List.of(capacity));
      for (int i = 0; i < size; i++) {
        int parent = random.nextInt(pools.size());
        long most = sound ? unreserved.get(parent) : random.nextInt(3_000);
        long reservation = random.nextInt(3) == 0 ? 0 : random.nextLong(most + 1);
        unreserved.set(parent, unreserved.get(parent) - reservation);
        unreserved.add(reservation);
        long limit = reservation + (random.nextBoolean() ? PLENTY : random.nextInt(3_000));
        long share = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(9);
        boolean fixed = random.nextInt(4) == 0;
        builder.add(parent, new Amount(reservation, limit, share, fixed));
        Oracle.Pool pool = new Oracle.Pool(reservation, limit, share, fixed);
        pools.get(parent).children.add(pool);
        pools.add(pool);
      }
      tree = builder.build();
      tree.setCapacity(0, capacity);
      for (int pool = 1; pool < pools.size(); pool++) {
        setDemand(pool);
      }
    }

    private void setDemand(int pool) {
      if (pools.get(pool).children.isEmpty()) {
        pools.get(pool).demand = random.nextInt(3) == 0 ? 0 : random.nextInt(5_000);
        tree.setDemand(pool, 0, pools.get(pool).demand);
      }
    }

    void change() {
      if (random.nextInt(5) == 0) {
        capacity = random.nextInt(10_000);
        tree.setCapacity(0, capacity);
      } else {
        setDemand(random.nextInt(pools.size() - 1) + 1);
      }
    }

    void check() {
      pools.forEach(pool -> pool.entitlement = Oracle.Fraction.ZERO);
      Oracle.divide(pools.get(0), Oracle.Fraction.of(capacity));
      double[] all = new double[pools.size()];
      boolean onePass = random.nextBoolean();
      if (onePass) {
        tree.entitlements(0, all);
      }
      for (int pool = 0; pool < pools.size(); pool++) {
        double actual = onePass ? all[pool] : tree.entitlement(pool, 0);
        Oracle.Pool expected = pools.get(pool);
        assertThat(actual)
            .as("seed %d pool %d", seed, pool)
            .isCloseTo(expected.entitlement.value(), within(1e-6));
        assertSound(pool, expected);
      }
    }

    private void assertSound(int index, Oracle.Pool pool) {
      double children = pool.children.stream().mapToDouble(c -> c.entitlement.value()).sum();
      assertThat(children)
          .as("seed %d: below pool %d", seed, index)
          .isLessThanOrEqualTo(pool.entitlement.value() + 1e-6);
      long reserved = pool.children.stream().mapToLong(c -> c.reservation).sum();
      if (reserved <= (index == 0 ? capacity : pool.reservation)
          && pool.entitlement.value() >= Math.min(pool.claim(), pool.reservation) - 1e-6) {
        for (Oracle.Pool child : pool.children) {
          assertThat(child.entitlement.value())
              .as("seed %d: a child of pool %d", seed, index)
              .isGreaterThanOrEqualTo(Math.min(child.claim(), child.reservation) - 1e-6);
        }
      }
    }
  }

  private static Amount elastic(long reservation, long limit, double share) {
    return new Amount(reservation, limit, share, false);
  }

  private static EntitlementTree.Builder flat(Amount... amounts) {
    EntitlementTree.Builder pools = new EntitlementTree.Builder(1);
    for (Amount amount : amounts) {
      pools.add(0, amount);
    }
    return pools;
  }

  private static void demand(EntitlementTree tree, long... demands) {
    for (int i = 0; i < demands.length; i++) {
      tree.setDemand(i + 1, 0, demands[i]);
    }
  }

  private static double[] entitlements(EntitlementTree tree) {
    double[] all = new double[tree.size() - 1];
    for (int pool = 1; pool < tree.size(); pool++) {
      all[pool - 1] = tree.entitlement(pool, 0);
    }
    return all;
  }
}
