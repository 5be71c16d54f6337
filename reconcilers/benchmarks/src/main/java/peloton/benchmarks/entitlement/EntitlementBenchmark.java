package peloton.benchmarks.entitlement;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import peloton.entitlement.EntitlementTree;
import peloton.entitlement.EntitlementTree.Amount;

/** A tree of three levels, four kinds; more is demanded than there is. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
public class EntitlementBenchmark {
  private static final int KINDS = 4;

  @Param({"1000", "10000"})
  int pools;

  private EntitlementTree tree;
  private int[] leaves;
  private long[][] demands;
  private double[] entitlements;
  private double[] unsorted;
  private double[] sorted;
  private int turn;

  @Setup
  public void prepare() {
    Random random = new Random(7);
    EntitlementTree.Builder builder = new EntitlementTree.Builder(KINDS);
    int wide = (int) Math.round(Math.cbrt(pools));
    int left = pools;
    for (int i = 0; i < wide && left > 0; i++, left--) {
      int team = builder.add(EntitlementTree.ROOT, amounts(random, 1_000_000));
      for (int j = 0; j < wide && left > 1; j++) {
        int group = builder.add(team, amounts(random, 50_000));
        left--;
        for (int k = 0; k < wide && left > 1; k++, left--) {
          builder.add(group, amounts(random, 2_000));
        }
      }
    }
    tree = builder.build();
    leaves = java.util.stream.IntStream.range(1, tree.size()).filter(tree::isLeaf).toArray();
    demands = new long[2][leaves.length * KINDS];
    for (long[] each : demands) {
      Arrays.setAll(each, i -> random.nextInt(10_000));
    }
    for (int kind = 0; kind < KINDS; kind++) {
      tree.setCapacity(kind, leaves.length * 2_500L);
    }
    entitlements = new double[tree.size()];
    unsorted = random.doubles((long) KINDS * tree.size()).toArray();
    sorted = new double[unsorted.length];
    fullPass();
  }

  private static Amount[] amounts(Random random, int most) {
    Amount[] amounts = new Amount[KINDS];
    for (int kind = 0; kind < KINDS; kind++) {
      int reservation = random.nextInt(most);
      amounts[kind] =
          new Amount(
              reservation,
              reservation + (long) random.nextInt(4 * most),
              1 + random.nextInt(9),
              random.nextInt(10) == 0);
    }
    return amounts;
  }

  /** Every leaf demands something else, and every pool is asked. */
  @Benchmark
  public double fullPass() {
    long[] next = demands[turn++ & 1];
    for (int kind = 0; kind < KINDS; kind++) {
      for (int i = 0; i < leaves.length; i++) {
        tree.setDemand(leaves[i], kind, next[i * KINDS + kind]);
      }
      tree.entitlements(kind, entitlements);
    }
    return entitlements[1];
  }

  /** One leaf demands something else, and is asked. */
  @Benchmark
  public double singleChange() {
    int at = (turn++ & Integer.MAX_VALUE) % leaves.length;
    double sum = 0;
    for (int kind = 0; kind < KINDS; kind++) {
      tree.setDemand(leaves[at], kind, (turn * 31L) % 10_000);
      sum += tree.entitlement(leaves[at], kind);
    }
    return sum;
  }

  /** What is hard to beat: a sort of as many numbers as the tree has. */
  @Benchmark
  public double sortOfAsManyNumbers() {
    System.arraycopy(unsorted, 0, sorted, 0, unsorted.length);
    Arrays.sort(sorted);
    return sorted[0];
  }
}
