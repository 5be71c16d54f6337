package peloton.command.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * All that was measured.
 *
 * @param disk syncs of small writes, in milliseconds
 * @param nullRate tasks a second of a scheduler that stores nothing
 * @param stolen part of the processors' time that the hypervisor took away meanwhile
 * @param violations what must not be and was
 */
record LaunchResult(
    LaunchPlan plan,
    Machine machine,
    Disk disk,
    EtcdLimits etcd,
    double nullRate,
    double stolen,
    Figures figures,
    List<String> violations)
    implements Outcome {

  /**
   * The runs, in the order in which they were made.
   *
   * @param cold the warm-up: the first pods that the processes launched
   * @param alone with no other pods there
   * @param beside while {@code plan.resident} other pods ran
   */
  record Figures(List<Sample> cold, List<Sample> alone, List<Sample> beside) {
    /** None yet. */
    Figures() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  record Disk(double p50Millis, double p99Millis) {}

  @Override
  public boolean succeeded() {
    return violations.isEmpty();
  }

  @Override
  public List<String> text() {
    return Report.text(this);
  }

  @Override
  public String json() {
    return Report.json(this);
  }
}
