package peloton.command.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be measured.
 *
 * @param pods launched by each run
 * @param jobs that the pods are spread over
 * @param hosts simulated agents
 * @param resident pods that run before the second series of runs; 0 for no second series
 * @param repeat runs of each series
 * @param warmUp pods that are launched and deleted before anything counts
 * @param allocationInterval of the local Mesos
 * @param calibration how long each limit of etcd is measured
 * @param limit for each step to be over
 */
record LaunchPlan(
    int pods,
    int jobs,
    int hosts,
    int resident,
    int repeat,
    int warmUp,
    Duration allocationInterval,
    Duration calibration,
    Duration limit) {

  static final double POD_CPUS = 0.1;
  static final double POD_MEM_MB = 32;
  static final double POD_DISK_MB = 10;

  /** An agent has room for so many times its fair part of the pods. */
  private static final int ROOM = 4;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException that names the option
   */
  LaunchPlan {
    within("--pods", pods, 1, 1_000_000);
    within("--jobs", jobs, 1, pods);
    within("--hosts", hosts, 1, 100_000);
    within("--resident", resident, 0, 1_000_000);
    within("--repeat", repeat, 1, 100);
    within("--warm-up", warmUp, 0, 1_000_000);
  }

  /** The sizes of the jobs that so many pods are spread over, as even as can be. */
  List<Integer> sizes(int count) {
    int parts = Math.min(jobs, count);
    List<Integer> sizes = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      sizes.add(count / parts + (i < count % parts ? 1 : 0));
    }
    return sizes;
  }

  /** How many pods one agent has room for. */
  int podsPerHost() {
    int most = Math.max(pods, warmUp) + resident;
    return room(most, hosts);
  }

  /** The room of an agent, in pods, if so many are spread over so many agents. */
  static int room(int pods, int hosts) {
    return ROOM * ((pods + hosts - 1) / hosts);
  }

  static void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option + " must be from " + least + " to " + most + ", found " + value);
    }
  }
}
