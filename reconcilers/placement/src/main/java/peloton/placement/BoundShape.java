package peloton.placement;

import java.util.List;

/**
 * A shape and where its answers stand in an index: the counts that its rules compare, and what of
 * that can be said of 64 agents at a time.
 */
final class BoundShape {
  private final AgentIndex index;
  private final Shape shape;
  private final long[] needs;
  private final int cpuClass;
  private final int memoryClass;
  private final SlotCounts hostPool;
  private final Test[] tests;

  // Where nothing would do, and since when nothing has changed that could help.
  private long hopelessGains = -1;
  private long hopelessPlacements = -1;

  /** One rule that can be asked of an agent. */
  abstract static class Test {
    /** Those of 64 agents for which it may hold; no agent for which it holds is left out. */
    abstract long mayHold(int w);

    abstract boolean holds(int slot);
  }

  BoundShape(AgentIndex index, Shape shape) {
    this.index = index;
    this.shape = shape;
    this.needs = shape.amounts();
    this.cpuClass = CapacityClasses.of(needs[ResourceKind.CPUS.ordinal()]);
    this.memoryClass = CapacityClasses.of(needs[ResourceKind.MEMORY.ordinal()]);
    String pool = index.settings().hostPool();
    this.hostPool =
        pool.isEmpty() || shape.namesHostPool()
            ? null
            : index.hostLabel(new Label(Label.HOST_POOL, pool));
    this.tests = shape.rules().stream().map(this::test).toArray(Test[]::new);
  }

  Shape shape() {
    return shape;
  }

  long[] needs() {
    return needs;
  }

  /** Those of 64 agents that may do; no agent that would do is left out. */
  long mayDo(int w) {
    long agents =
        index.freeCpus().word(cpuClass, w)
            & index.freeMemory().word(memoryClass, w)
            & (shape.need().gpus() > 0 ? index.withGpus().word(w) : ~index.withGpus().word(w));
    if (!shape.namesExclusive()) {
      agents &= ~index.exclusive().word(w);
    }
    if (hostPool != null) {
      agents &= hostPool.any().word(w);
    }
    for (int i = 0; i < tests.length && agents != 0; i++) {
      agents &= tests[i].mayHold(w);
    }
    return agents;
  }

  /** Whether an agent that {@link #mayDo} would do. */
  boolean does(int slot) {
    if (!index.hasRoom(slot, needs)) {
      return false;
    }
    for (Test test : tests) {
      if (!test.holds(slot)) {
        return false;
      }
    }
    return true;
  }

  boolean admitsGpus(int slot) {
    return (shape.need().gpus() > 0) == index.withGpus().contains(slot);
  }

  boolean admitsExclusive(int slot) {
    return shape.namesExclusive() || !index.exclusive().contains(slot);
  }

  boolean admitsHostPool(int slot) {
    return hostPool == null || hostPool.any().contains(slot);
  }

  Test test(int rule) {
    return tests[rule];
  }

  /** Whether the agent's own traits, and the pods on it, are as the pod wants them. */
  boolean admits(int slot) {
    if (!admitsGpus(slot) || !admitsExclusive(slot) || !admitsHostPool(slot)) {
      return false;
    }
    for (Test test : tests) {
      if (!test.holds(slot)) {
        return false;
      }
    }
    return true;
  }

  /** Nothing would do, and every agent was free to be looked at. */
  void hopeless() {
    hopelessGains = index.gains();
    hopelessPlacements = index.placements();
  }

  /** Whether nothing would do, and nothing has happened since that could change it. */
  boolean isHopeless() {
    return hopelessGains == index.gains()
        && (shape.fillingOnlyHurts() || hopelessPlacements == index.placements());
  }

  private Test test(Rule rule) {
    if (rule instanceof Rule.Count count) {
      return new CountTest(
          count,
          count.kind() == Rule.Kind.HOST
              ? index.hostLabel(count.label())
              : index.podLabel(count.label()));
    }
    if (rule instanceof Rule.All all) {
      return new AllTest(tests(all.rules()));
    }
    if (rule instanceof Rule.Any any) {
      return new AnyTest(tests(any.rules()));
    }
    return new NeverTest();
  }

  private List<Test> tests(List<Rule> rules) {
    return rules.stream().map(this::test).toList();
  }

  private static final class CountTest extends Test {
    private final Rule.Count rule;
    private final SlotCounts counts;
    private final boolean none;
    private final boolean atLeastOne;

    CountTest(Rule.Count rule, SlotCounts counts) {
      this.rule = rule;
      this.counts = counts;
      this.none = rule.meansNone();
      this.atLeastOne =
          rule.condition() == Rule.Condition.GREATER_THAN
              || (rule.condition() == Rule.Condition.EQUAL && rule.requirement() > 0);
    }

    @Override
    long mayHold(int w) {
      return none ? ~counts.any().word(w) : atLeastOne ? counts.any().word(w) : -1;
    }

    @Override
    boolean holds(int slot) {
      return rule.condition().holds(counts.of(slot), rule.requirement());
    }
  }

  private static final class AllTest extends Test {
    private final List<Test> tests;

    AllTest(List<Test> tests) {
      this.tests = tests;
    }

    @Override
    long mayHold(int w) {
      long agents = -1;
      for (Test test : tests) {
        agents &= test.mayHold(w);
      }
      return agents;
    }

    @Override
    boolean holds(int slot) {
      for (Test test : tests) {
        if (!test.holds(slot)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final class AnyTest extends Test {
    private final List<Test> tests;

    AnyTest(List<Test> tests) {
      this.tests = tests;
    }

    @Override
    long mayHold(int w) {
      long agents = 0;
      for (Test test : tests) {
        agents |= test.mayHold(w);
      }
      return agents;
    }

    @Override
    boolean holds(int slot) {
      for (Test test : tests) {
        if (test.holds(slot)) {
          return true;
        }
      }
      return false;
    }
  }

  private static final class NeverTest extends Test {
    @Override
    long mayHold(int w) {
      return 0;
    }

    @Override
    boolean holds(int slot) {
      return false;
    }
  }
}
