package peloton.benchmarks.entitlement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.api.records.ResourceInformation;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.fair.policies.ComputeFairShares;
import org.apache.hadoop.yarn.util.resource.ResourceUtils;
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

/**
 * One level, one kind, weights and limits: what both can do. The results are compared before
 * anything is measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
public class FairShareBenchmark {
  private static final long TOTAL = 1_000_000_000L;

  @Param({"1000", "10000"})
  int pools;

  private EntitlementTree tree;
  private double[] entitlements;
  private List<FairShareQueue> queues;
  private Resource total;

  @Setup
  public void prepare() {
    // Otherwise Hadoop reads its configuration, which takes a dozen more libraries.
    ResourceUtils.initializeResourcesFromResourceInformationMap(
        Map.of(
            ResourceInformation.MEMORY_URI, ResourceInformation.MEMORY_MB,
            ResourceInformation.VCORES_URI, ResourceInformation.VCORES));
    Random random = new Random(11);
    EntitlementTree.Builder builder = new EntitlementTree.Builder(1);
    queues = new ArrayList<>();
    for (int pool = 1; pool <= pools; pool++) {
      long limit = 1 + random.nextLong(2 * TOTAL / pools);
      int weight = 1 + random.nextInt(9);
      builder.add(EntitlementTree.ROOT, new Amount(0, limit, weight, false));
      queues.add(new FairShareQueue(weight, limit));
    }
    tree = builder.build();
    tree.setCapacity(0, TOTAL);
    for (int pool = 1; pool <= pools; pool++) {
      tree.setDemand(pool, 0, Long.MAX_VALUE);
    }
    entitlements = new double[tree.size()];
    total = Resource.newInstance(TOTAL, 1);
    ours();
    hadoop();
    for (int pool = 1; pool <= pools; pool++) {
      double theirs = queues.get(pool - 1).getFairShare().getMemorySize();
      if (Math.abs(theirs - entitlements[pool]) > 1e-6 * TOTAL) {
        throw new IllegalStateException(
            "pool " + pool + ": " + entitlements[pool] + ", and by Hadoop " + theirs);
      }
    }
  }

  @Benchmark
  public double ours() {
    tree.forget();
    tree.entitlements(0, entitlements);
    return entitlements[1];
  }

  @Benchmark
  public Object hadoop() {
    ComputeFairShares.computeShares(queues, total, "memory-mb");
    return queues;
  }
}
