package peloton.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.admission.Pools.controller;
import static peloton.admission.Pools.cpu;
import static peloton.admission.Pools.pod;
import static peloton.admission.Pools.revocable;
import static peloton.admission.Pools.spec;
import static peloton.admission.Pools.with;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import peloton.admission.PoolBook.Taken;
import peloton.admission.Refusal.Rule;
import peloton.api.v1alpha.respool.Respool.ControllerLimit;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.Respool.SlackLimit;
import peloton.entitlement.Amounts;
import peloton.entitlement.ResourceKind;

class PoolBookTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration HOLD = Duration.ofSeconds(30);

  private final PoolBook<String> book =
      new PoolBook<>("root", Comparator.<String>naturalOrder(), PATIENCE);
  private final Map<String, ResourcePoolSpec> pools = new TreeMap<>();
  private long now = 1_000;

  @Test
  void letsInByPriorityThenByWaiting() {
    cluster(2, 0);
    pool("a", cpu(0, 10));
    submit("late", "a", pod(1), 20);
    submit("early", "a", pod(1), 10);
    submit("urgent", "a", pod(1, 7, true), 30);

    assertThat(admit()).containsExactly("urgent", "early");
    assertThat(admit()).isEmpty();
  }

  @Test
  void letsSmallPodsPassOneThatDoesNotFitUntilItHasWaitedTooLong() {
    cluster(10, 0);
    pool("a", cpu(0, 10));
    submit("base", "a", pod(8), 1);
    admit();
    submit("large", "a", pod(4), 10);
    submit("small-1", "a", pod(1), 20);

    assertThat(admit()).containsExactly("small-1");

    now += PATIENCE.toNanos();
    submit("small-2", "a", pod(1), 30);
    assertThat(admit()).isEmpty();
    assertThat(book.whyWaiting("small-2").orElseThrow().rule()).isEqualTo(Rule.ROOM_KEPT);

    end("base");
    assertThat(admit()).containsExactly("large", "small-2");
  }

  @Test
  void keepsNoRoomForAPodThatCouldNeverFit() {
    cluster(10, 0);
    pool("a", cpu(0, 10));
    submit("huge", "a", pod(11), 1);
    now += PATIENCE.toNanos();
    submit("small", "a", pod(1), 20);

    assertThat(admit()).containsExactly("small");
    assertThat(book.whyWaiting("huge").orElseThrow())
        .isEqualTo(new Refusal(Rule.POOL_LIMIT, ResourceKind.CPU, 11_000, 0, 10_000));
  }

  @Test
  void makesNobodyElseGiveWayToAPodThatCouldNeverFit() {
    cluster(10, 0);
    pool("a", cpu(0, 5));
    pool("b", cpu(0, 10));
    submit("huge", "a", pod(6), 1);
    for (int i = 0; i < 10; i++) {
      submit("b-" + i, "b", pod(1), 10);
    }

    assertThat(admit()).hasSize(10);
  }

  @Test
  void keepsWhatIsNotPreemptibleWithinTheReservation() {
    cluster(10, 0);
    pool("a", cpu(2, 10));
    submit("firm-1", "a", pod(1, 0, false), 1);
    submit("firm-2", "a", pod(1, 0, false), 2);
    submit("firm-3", "a", pod(1, 0, false), 3);
    submit("elastic", "a", pod(5), 4);

    assertThat(admit()).containsExactly("firm-1", "firm-2", "elastic");
    assertThat(book.whyWaiting("firm-3").orElseThrow())
        .isEqualTo(new Refusal(Rule.RESERVATION, ResourceKind.CPU, 1_000, 2_000, 2_000));
  }

  @Test
  void keepsControllersWithinTheirLimit() {
    cluster(10, 0);
    pool("a", cpu(10, 10).setControllerLimit(ControllerLimit.newBuilder().setMaxPercent(20)));
    submit("controller-1", "a", controller(2), 1);
    submit("controller-2", "a", controller(1), 2);
    submit("worker", "a", pod(8), 3);

    assertThat(admit()).containsExactly("controller-1", "worker");
    assertThat(book.whyWaiting("controller-2").orElseThrow())
        .isEqualTo(new Refusal(Rule.CONTROLLER_LIMIT, ResourceKind.CPU, 1_000, 2_000, 2_000));
  }

  @Test
  void letsRevocablePodsUseRevocableCpuAndMemoryWithinTheSlackLimit() {
    cluster(10, 2);
    pool("a", cpu(10, 10).setSlackLimit(SlackLimit.newBuilder().setMaxPercent(20)));
    submit("one", "a", revocable(1, 100), 1);
    submit("two", "a", revocable(0.5, 100), 2);
    submit("no-memory", "a", revocable(0.5, 100), 3);
    submit("no-cpu", "a", revocable(1, 0), 4);

    assertThat(admit()).containsExactly("one", "two");
    assertThat(book.whyWaiting("no-memory").orElseThrow().rule()).isEqualTo(Rule.SLACK_LIMIT);
    assertThat(book.whyWaiting("no-cpu").orElseThrow())
        .isEqualTo(new Refusal(Rule.ENTITLEMENT, ResourceKind.REVOCABLE_CPU, 1_000, 1_500, 2_000));
    assertThat(state("a").slack()).isEqualTo(Amounts.of(0, 200_000, 0, 0, 1_500));
  }

  @Test
  void letsRevocablePodsUseWhatMemoryOthersLeaveWhereNoSlackLimitIsSet() {
    cluster(10, 9);
    pool("a", cpu(10, 10));
    PodClass memory = new PodClass(Amounts.of(0, 900_000), 0, true, false, false);
    submit("firm", "a", memory, 1);
    submit("revocable-1", "a", revocable(1, 100), 2);
    submit("revocable-2", "a", revocable(1, 100), 3);

    assertThat(admit()).containsExactly("firm", "revocable-1");
  }

  @Test
  void borrowsWhatOthersLeaveAndGivesBackWhatTheyClaim() {
    cluster(10, 0);
    pool("a", cpu(5, 10));
    pool("b", cpu(5, 10));
    runAll("b", 10, pod(1));
    assertThat(state("b").entitlement().get(ResourceKind.CPU)).isEqualTo(10_000);

    for (int i = 0; i < 8; i++) {
      submit("a-" + i, "a", pod(1), now);
    }
    assertThat(admit()).hasSize(5);
    assertThat(takeBack()).isEmpty();
    now += HOLD.toNanos();
    List<Taken<String>> taken = takeBack();

    assertThat(taken).hasSize(5).allMatch(Taken::placed).allMatch(t -> t.pod().startsWith("b-"));
    now += HOLD.toNanos();
    assertThat(takeBack()).as("what is on its way out counts").isEmpty();
    for (Taken<String> victim : taken) {
      end(victim.pod());
      submit(victim.pod(), "b", pod(1), now);
    }
    assertThat(admit()).isEmpty();
    now += HOLD.toNanos();
    assertThat(takeBack()).isEmpty();
    assertThat(state("a").allocation().get(ResourceKind.CPU)).isEqualTo(5_000);
    assertThat(state("b").allocation().get(ResourceKind.CPU)).isEqualTo(5_000);
  }

  @Test
  void takesNothingBackAsLongAsNobodyWasLetInForIt() {
    cluster(10, 0);
    pool("a", cpu(5, 10));
    pool("b", cpu(5, 10));
    runAll("b", 10, pod(1));
    submit("too-large", "a", pod(6), now);

    assertThat(admit()).isEmpty();
    now += HOLD.toNanos();
    takeBack();
    now += HOLD.toNanos();
    assertThat(takeBack()).isEmpty();
  }

  @Test
  void putsPodsWithoutATaskBackInLineAndKillsNone() {
    cluster(10, 0);
    pool("a", cpu(5, 10));
    pool("b", cpu(5, 10));
    for (int i = 0; i < 10; i++) {
      submit("b-" + i, "b", pod(1), 1 + i);
    }
    assertThat(admit()).hasSize(10);
    submit("a-0", "a", pod(5), now);
    assertThat(admit()).containsExactly("a-0");
    takeBack();
    now += HOLD.toNanos();

    assertThat(takeBack()).hasSize(5).noneMatch(Taken::placed);
    assertThat(book.waiting()).isEqualTo(5);
    assertThat(admit()).isEmpty();
  }

  @Test
  void neverTakesWhatIsNotPreemptible() {
    cluster(10, 0);
    pool("a", cpu(10, 10));
    runAll("a", 10, pod(1, 0, false));
    pool("a", cpu(2, 10));
    pool("b", cpu(8, 10));
    submit("b", "b", pod(4, 0, false), now);
    admit();
    takeBack();
    now += HOLD.toNanos();

    assertThat(takeBack()).isEmpty();
    assertThat(state("a").allocation().get(ResourceKind.CPU)).isEqualTo(10_000);
  }

  @Test
  void takesWhatIsAboveALoweredLimitThoughNobodyWaits() {
    cluster(10, 0);
    pool("a", cpu(0, 10));
    runAll("a", 10, pod(1));
    pool("a", cpu(0, 7));
    takeBack();
    now += HOLD.toNanos();

    assertThat(takeBack()).hasSize(3);
  }

  @Test
  void givesAPodThatIsReplacedItsRoomBackBeforeAnybodyElse() {
    cluster(2, 0);
    pool("a", cpu(0, 10));
    runAll("a", 2, pod(1));
    submit("other", "a", pod(1, 9, true), now);
    assertThat(admit()).isEmpty();

    end("a-0");
    assertThat(book.submit("a-0", "a", pod(1), now)).isTrue();
    assertThat(admit()).isEmpty();

    end("a-1");
    assertThat(admit()).as("whoever does not come back at once lines up").containsExactly("other");
  }

  @Test
  void looksAtOtherPoolsOnlyWhenAskedTo() {
    cluster(2, 0);
    pool("a", cpu(0, 10));
    pool("b", cpu(0, 10));
    runAll("a", 2, pod(1));
    submit("b-0", "b", pod(2), now);
    assertThat(admit()).isEmpty();

    end("a-0");
    end("a-1");
    assertThat(book.admit(false, now)).isEmpty();
    assertThat(book.isOverlooked()).isTrue();
    assertThat(book.admit(true, now)).containsExactly("b-0");
    assertThat(book.isOverlooked()).isFalse();
  }

  @Test
  void saysWhyInAPoolThatIsGoneOrHasChildren() {
    cluster(2, 0);
    pool("team", cpu(1, 10));
    pool("child", with(spec("team"), "cpu", 1, 10));
    submit("inner", "team", pod(1), 1);
    submit("nowhere", "missing", pod(1), 1);

    assertThat(admit()).isEmpty();
    assertThat(book.whyWaiting("inner").orElseThrow().rule()).isEqualTo(Rule.NOT_A_LEAF);
    assertThat(book.whyWaiting("nowhere").orElseThrow().rule()).isEqualTo(Rule.NO_POOL);
  }

  @Test
  void addsUpPoolsAboveTheirChildren() {
    cluster(10, 0);
    pool("team", cpu(4, 10));
    pool("x", with(spec("team"), "cpu", 2, 10));
    pool("y", with(spec("team"), "cpu", 2, 10));
    runAll("x", 3, pod(1));
    submit("waits", "y", pod(20), 1);
    admit();

    assertThat(state("team").allocation().get(ResourceKind.CPU)).isEqualTo(3_000);
    assertThat(state("team").demand().get(ResourceKind.CPU)).isEqualTo(23_000);
    assertThat(state("root").entitlement().get(ResourceKind.CPU)).isEqualTo(10_000);
  }

  private void cluster(double cpu, double revocableCpu) {
    book.capacity(
        Amounts.of(Amounts.milli(cpu), 1_000_000, 1_000_000, 0, Amounts.milli(revocableCpu)));
  }

  private void pool(String id, ResourcePoolSpec.Builder spec) {
    pools.put(id, spec.build());
    book.define(
        pools.entrySet().stream()
            .map(pool -> PoolDefinition.of(pool.getKey(), pool.getValue()))
            .toList());
  }

  private void submit(String pod, String pool, PodClass podClass, long since) {
    assertThat(book.submit(pod, pool, podClass, since)).isFalse();
  }

  private List<String> admit() {
    return book.admit(true, now);
  }

  /** Pods that were let in and have tasks, one started after the other. */
  private void runAll(String pool, int count, PodClass podClass) {
    for (int i = 0; i < count; i++) {
      submit(pool + "-" + i, pool, podClass, 1);
    }
    assertThat(admit()).hasSize(count);
    for (int i = 0; i < count; i++) {
      book.placed(pool + "-" + i, pool, podClass, now + i, false);
    }
  }

  private void end(String pod) {
    book.placed(pod, poolOf(pod), classOf(pod), 1, true);
    book.ended(pod);
  }

  private static String poolOf(String pod) {
    return pod.contains("-") ? pod.substring(0, pod.indexOf('-')) : "a";
  }

  private static PodClass classOf(String pod) {
    return pod.equals("base") ? pod(8) : pod(1);
  }

  private List<Taken<String>> takeBack() {
    return book.takeBack(now, HOLD, pod -> Integer.MAX_VALUE, pod -> pod);
  }

  private PoolState state(String id) {
    return book.states().stream().collect(Collectors.toMap(PoolState::id, state -> state)).get(id);
  }
}
