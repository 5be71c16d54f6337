package peloton.command.bench;

import java.util.List;

/**
 * All that was measured.
 *
 * @param disk syncs of small writes, in milliseconds
 * @param nullRate tasks a second of a scheduler that stores nothing
 * @param stolen part of the processors' time that the hypervisor took away meanwhile
 * @param runs with no other pods there
 * @param later runs while {@code plan.resident} other pods ran; none without such
 * @param violations what must not be and was
 */
record LaunchResult(
    LaunchPlan plan,
    Machine machine,
    Disk disk,
    EtcdLimits etcd,
    double nullRate,
    double stolen,
    List<Sample> runs,
    List<Sample> later,
    List<String> violations) {

  record Disk(double p50Millis, double p99Millis) {}

  boolean succeeded() {
    return violations.isEmpty();
  }
}
