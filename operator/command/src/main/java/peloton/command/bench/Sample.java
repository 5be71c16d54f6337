package peloton.command.bench;

import java.util.Map;

/**
 * What one run came to.
 *
 * @param resident pods that ran when it began
 * @param pods that it launched
 * @param seconds from the first CreateJob until the last pod was seen RUNNING in etcd
 * @param p50Millis of the times from a pod's CreateJob until it was seen RUNNING
 * @param p99Millis likewise
 * @param puts keys that etcd wrote, until it wrote no more
 * @param proposals entries of etcd's log, likewise
 * @param writtenBytes that etcd wrote to disk, log and database, likewise
 * @param syncMillis mean time of a sync of etcd's log
 * @param cpuSeconds processor time by role, until the last pod was seen RUNNING
 */
record Sample(
    int resident,
    int pods,
    double seconds,
    double p50Millis,
    double p99Millis,
    double puts,
    double proposals,
    double writtenBytes,
    double syncMillis,
    Map<String, Double> cpuSeconds) {

  double rate() {
    return pods / seconds;
  }

  double putsPerPod() {
    return puts / pods;
  }

  double proposalsPerPod() {
    return proposals / pods;
  }

  double bytesPerPod() {
    return writtenBytes / pods;
  }

  /** Pods for each second of processor time of the operator and etcd together. */
  double podsPerCpuSecond() {
    return pods
        / (cpuSeconds.getOrDefault(Stage.OPERATOR, 0.0) + cpuSeconds.getOrDefault(Stage.ETCD, 0.0));
  }
}
