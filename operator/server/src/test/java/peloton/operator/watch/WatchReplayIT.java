package peloton.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.api.v1alpha.watch.Watch.PodFilter;
import peloton.api.v1alpha.watch.Watch.StatelessJobFilter;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.operator.TestCluster;
import peloton.scenario.RandomWalk;
import peloton.store.view.JobEntry;

/**
 * Whoever watches from the first revision on, and keeps the last that was said of each job and pod,
 * has in the end what a read answers: over the stories of many random walks. {@code -Dseeds} and
 * {@code -Dfrom} say which.
 */
class WatchReplayIT {
  private static final long SEEDS = Long.getLong("seeds", 300);
  private static final long FROM = Long.getLong("from", 1);

  private static final WatchRequest EVERYTHING =
      WatchRequest.newBuilder()
          .setPodFilter(PodFilter.getDefaultInstance())
          .setStatelessJobFilter(StatelessJobFilter.getDefaultInstance())
          .setStartRevision(1)
          .build();

  @Test
  void aWatchFromTheBeginningReplaysToTheFinalState() {
    for (long seed = FROM; seed < FROM + SEEDS; seed++) {
      replay(seed);
    }
  }

  private static void replay(long seed) {
    TestCluster cluster = TestCluster.over(RandomWalk.tell(seed));
    RecordingSink sink = new RecordingSink();
    cluster.hub(new WatchSettings(1, 100, 1)).open(EVERYTHING, sink);
    Map<String, JobSummary> jobs = new TreeMap<>();
    Map<String, PodStatus> pods = new TreeMap<>();
    long revision = 0;
    for (WatchResponse message : sink.messages) {
      assertThat(message.getRevision()).as("seed %s", seed).isGreaterThanOrEqualTo(revision);
      revision = message.getRevision();
      for (JobSummary job : message.getStatelessJobsList()) {
        put(jobs, job.getJobId().getValue(), job, isGone(job));
      }
      for (PodSummary pod : message.getPodsList()) {
        put(pods, pod.getPodName().getValue(), own(pod.getStatus()), isGone(pod));
      }
    }
    assertThat(sink.end).isEmpty();
    assertThat(jobs).as("jobs of seed %s", seed).isEqualTo(jobs(cluster));
    assertThat(pods).as("pods of seed %s", seed).containsAllEntriesOf(pods(cluster));
    assertThat(pods.keySet())
        .as("pods of seed %s that there are no more", seed)
        .allMatch(pod -> exists(cluster, PodName.parse(pod)));
  }

  private static <T> void put(Map<String, T> last, String name, T said, boolean gone) {
    if (gone) {
      last.remove(name);
    } else {
      last.put(name, said);
    }
  }

  private static boolean isGone(JobSummary job) {
    return job.getStatus().getState() == JobState.JOB_STATE_DELETED;
  }

  private static boolean isGone(PodSummary pod) {
    return pod.getStatus().getState() == PodState.POD_STATE_DELETED;
  }

  /** What is said of a pod without what follows from its job and from the time of day. */
  private static PodStatus own(PodStatus status) {
    return status.toBuilder()
        .clearDesiredState()
        .clearVersion()
        .clearDesiredVersion()
        .clearResourceUsage()
        .build();
  }

  private static Map<String, JobSummary> jobs(TestCluster cluster) {
    Map<String, JobSummary> jobs = new TreeMap<>();
    for (JobEntry job : cluster.view.records().jobs()) {
      jobs.put(job.id(), cluster.jobs.summary(job));
    }
    return jobs;
  }

  /** The pods that were ever launched; of the others a watch tells if a client spoke of them. */
  private static Map<String, PodStatus> pods(TestCluster cluster) {
    Map<String, PodStatus> pods = new TreeMap<>();
    for (JobEntry job : cluster.view.records().jobs()) {
      for (int i = 0; i < job.pods().bound(); i++) {
        if (job.pods().get(i) != null) {
          pods.put(
              new PodName(job.id(), i).toString(),
              own(cluster.pods.status(job, i, cluster.view.records().lastRuns())));
        }
      }
    }
    return pods;
  }

  private static boolean exists(TestCluster cluster, PodName pod) {
    JobEntry job = cluster.view.records().job(pod.job());
    return job != null && cluster.pods.exists(job, pod.instance());
  }
}
