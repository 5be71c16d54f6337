package peloton.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import peloton.admission.PoolBook.Taken;
import peloton.api.v1alpha.respool.Respool.ControllerLimit;
import peloton.api.v1alpha.respool.Respool.ReservationType;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.Respool.SlackLimit;
import peloton.entitlement.Amounts;
import peloton.entitlement.ResourceKind;

/** Random clusters in which pods come and go, and which then are left alone. */
class ConvergenceTest {
  private static final Duration HOLD = Duration.ofSeconds(30);

  @Test
  void comesToRestAndKeepsEveryRuleOnTheWay() {
    for (int seed = 0; seed < 400; seed++) {
      new Cluster(seed).run();
    }
  }

  /** A cluster of one large host. */
  private static final class Cluster {
    private final long seed;
    private final Random random;
    private final PoolBook<Integer> book =
        new PoolBook<>("root", Comparator.<Integer>naturalOrder(), Duration.ofMinutes(1));
    private final Map<String, PoolDefinition> pools = new TreeMap<>();
    private final List<String> leaves = new ArrayList<>();
    private final Map<Integer, PodClass> classes = new TreeMap<>();
    private final Map<Integer, String> poolOf = new TreeMap<>();
    private final Map<Integer, PodClass> admitted = new TreeMap<>();
    private final Map<Integer, PodClass> running = new TreeMap<>();
    private Amounts capacity = Amounts.NONE;
    private long now = 1;
    private int pods;

    Cluster(long seed) {
      this.seed = seed;
      random = new Random(seed);
      capacity = capacity();
      book.capacity(capacity);
      makePools();
    }

    private Amounts capacity() {
      return Amounts.of(
          random.nextInt(40) * 1000,
          random.nextInt(40) * 1000,
          random.nextInt(40) * 1000,
          random.nextInt(4) * 1000,
          random.nextInt(20) * 1000);
    }

    private void makePools() {
      pools.clear();
      leaves.clear();
      int teams = 1 + random.nextInt(3);
      for (int team = 0; team < teams; team++) {
        String name = "team-" + team;
        pools.put(name, PoolDefinition.of(name, spec("root", 20, 40)));
        int below = random.nextInt(4);
        for (int i = 0; i < below; i++) {
          String child = name + "-" + i;
          pools.put(child, PoolDefinition.of(child, spec(name, 20 / below, 40)));
          leaves.add(child);
        }
        if (below == 0) {
          leaves.add(name);
        }
      }
      book.define(pools.values());
    }

    private ResourcePoolSpec spec(String parent, int mostReserved, int mostLimit) {
      ResourcePoolSpec.Builder spec = Pools.spec(parent);
      for (ResourceKind kind : ResourceKind.SPECIFIED) {
        int reservation = random.nextInt(mostReserved + 1);
        spec.addResourcesBuilder()
            .setKind(kind.label())
            .setReservation(reservation)
            .setLimit(reservation + random.nextInt(mostLimit))
            .setShare(random.nextInt(4))
            .setType(
                random.nextInt(4) == 0
                    ? ReservationType.RESERVATION_TYPE_STATIC
                    : ReservationType.RESERVATION_TYPE_ELASTIC);
      }
      if (random.nextBoolean()) {
        spec.setControllerLimit(ControllerLimit.newBuilder().setMaxPercent(random.nextInt(101)));
      }
      if (random.nextBoolean()) {
        spec.setSlackLimit(SlackLimit.newBuilder().setMaxPercent(random.nextInt(101)));
      }
      return spec.build();
    }

    void run() {
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> come();
          case 3 -> go();
          case 4 -> {
            if (random.nextInt(10) == 0) {
              makePools();
            }
          }
          case 5 -> {
            if (random.nextInt(10) == 0) {
              capacity = capacity();
              book.capacity(capacity);
            }
          }
          default -> {}
        }
        turn();
      }
      int quiet = 0;
      for (int turn = 0; turn < 200 && quiet < 10; turn++) {
        quiet = turn() ? 0 : quiet + 1;
      }
      assertThat(quiet).as("seed %d: turns in which nothing moved", seed).isEqualTo(10);
    }

    private void come() {
      int count = 1 + random.nextInt(6);
      boolean revocable = random.nextInt(4) == 0;
      Amounts need =
          revocable
              ? Amounts.of(0, random.nextInt(3000), 0, 0, random.nextInt(3000))
              : Amounts.of(
                  random.nextInt(4000), random.nextInt(3000), 0, random.nextInt(8) / 7 * 1000);
      PodClass podClass =
          new PodClass(
              need,
              random.nextInt(3),
              revocable || random.nextBoolean(),
              revocable,
              random.nextInt(5) == 0);
      String pool = leaves.get(random.nextInt(leaves.size()));
      for (int i = 0; i < count; i++) {
        int pod = pods++;
        classes.put(pod, podClass);
        poolOf.put(pod, pool);
        submit(pod);
      }
    }

    private void submit(int pod) {
      if (book.submit(pod, poolOf.get(pod), classes.get(pod), now)) {
        admitted.put(pod, classes.get(pod));
      }
    }

    private void go() {
      if (!classes.isEmpty()) {
        int pod = List.copyOf(classes.keySet()).get(random.nextInt(classes.size()));
        classes.remove(pod);
        poolOf.remove(pod);
        admitted.remove(pod);
        book.withdraw(pod);
        if (running.remove(pod) != null) {
          book.ended(pod);
        }
      }
    }

    /** Admits, places what fits, takes back and lets the victims line up again. */
    private boolean turn() {
      now += Duration.ofSeconds(20).toNanos();
      boolean moved = false;
      long[] before = entitlementLeft();
      for (int pod : book.admit(true, now)) {
        admitted.put(pod, classes.get(pod));
        moved = true;
      }
      assertEntitlementKept(before);
      for (int pod : List.copyOf(admitted.keySet())) {
        if (fits(classes.get(pod))) {
          running.put(pod, admitted.remove(pod));
          book.placed(pod, poolOf.get(pod), classes.get(pod), now, false);
          moved = true;
        }
      }
      for (Taken<Integer> taken :
          book.takeBack(now, HOLD, pod -> Integer.MAX_VALUE, pod -> "job")) {
        assertThat(classes.get(taken.pod()).preemptible()).isTrue();
        moved = true;
        if (taken.placed()) {
          running.remove(taken.pod());
          book.ended(taken.pod());
          submit(taken.pod());
        } else {
          admitted.remove(taken.pod());
        }
      }
      assertBooksAreRight();
      return moved;
    }

    private boolean fits(PodClass pod) {
      long[] used = pod.need().toArray();
      running.values().forEach(other -> other.need().addTo(used, 1));
      return Amounts.of(used).isAtMost(capacity);
    }

    /** What the cluster has beyond what is charged; below 0 where capacity went or was claimed. */
    private long[] entitlementLeft() {
      long[] left = new long[leaves.size()];
      List<PoolState> states = states();
      for (int i = 0; i < left.length; i++) {
        PoolState state = states.get(i);
        left[i] =
            state.entitlement().get(ResourceKind.CPU) - state.allocation().get(ResourceKind.CPU);
      }
      return left;
    }

    private List<PoolState> states() {
      Map<String, PoolState> byId =
          book.states().stream().collect(Collectors.toMap(PoolState::id, state -> state));
      return leaves.stream().map(byId::get).toList();
    }

    private void assertEntitlementKept(long[] before) {
      long[] after = entitlementLeft();
      for (int i = 0; i < after.length; i++) {
        assertThat(after[i])
            .as("seed %d: what admission leaves in pool %s", seed, leaves.get(i))
            .isGreaterThanOrEqualTo(Math.min(0, before[i]));
      }
    }

    private void assertBooksAreRight() {
      long[] charged = new long[ResourceKind.COUNT];
      running.values().forEach(pod -> pod.need().addTo(charged, 1));
      admitted.values().forEach(pod -> pod.need().addTo(charged, 1));
      assertThat(book.states().get(0).allocation())
          .as("seed %d", seed)
          .isEqualTo(Amounts.of(inTree(charged)));
      long[] entitled = new long[ResourceKind.COUNT];
      for (PoolState state : states()) {
        state.entitlement().addTo(entitled, 1);
      }
      for (int kind = 0; kind < entitled.length; kind++) {
        assertThat(entitled[kind]).as("seed %d", seed).isLessThanOrEqualTo(capacity.get(kind));
      }
    }

    /** Without the pods whose pool is no more. */
    private long[] inTree(long[] charged) {
      Map<Integer, PodClass> all = new TreeMap<>(running);
      all.putAll(admitted);
      all.forEach(
          (pod, podClass) -> {
            if (!pools.containsKey(poolOf.get(pod))) {
              podClass.need().addTo(charged, -1);
            }
          });
      return charged;
    }
  }
}
