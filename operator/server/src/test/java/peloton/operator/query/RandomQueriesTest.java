package peloton.operator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.goal;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.Stateless.QuerySpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsResponse;
import peloton.api.v1alpha.pod.Pod.PodInfo;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.query.Query.OrderBy;
import peloton.api.v1alpha.query.Query.PaginationSpec;
import peloton.api.v1alpha.query.Query.PropertyPath;
import peloton.operator.TestCluster;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.records.PodGoalRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;

/** Holds indexes and counters to what a look at every record finds. */
class RandomQueriesTest {
  private static final List<String> OWNERS = List.of("ann", "bob");
  private static final List<JobState> JOB_STATES =
      List.of(JobState.JOB_STATE_PENDING, JobState.JOB_STATE_RUNNING, JobState.JOB_STATE_KILLED);
  private static final List<PodState> POD_STATES =
      List.of(PodState.POD_STATE_RUNNING, PodState.POD_STATE_KILLED, PodState.POD_STATE_FAILED);

  private final TestCluster cluster = TestCluster.started();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void jobsAreFoundWhateverHappenedToThem(long seed) {
    Random random = new Random(seed);
    JobQuery query = new JobQuery(cluster.index, cluster.jobs);
    for (int step = 0; step < 300; step++) {
      change(random);
      for (String owner : OWNERS) {
        assertThat(ids(query, QuerySpec.newBuilder().setOwner(owner)))
            .isEqualTo(scan(job -> job.currentSpec().getOwner().equals(owner)));
      }
      JobState state = JOB_STATES.get(random.nextInt(JOB_STATES.size()));
      assertThat(ids(query, QuerySpec.newBuilder().addJobStates(state)))
          .isEqualTo(scan(job -> job.status().getState() == state));
      assertThat(ids(query, QuerySpec.newBuilder())).isEqualTo(scan(job -> true));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void podsAreCountedAsAWalkFindsThem(long seed) {
    Random random = new Random(seed);
    PodQuery query = new PodQuery(cluster.pods);
    cluster.createJob(JOB, spec(20).build());
    for (int step = 0; step < 200; step++) {
      changePods(random);
      PodState state = POD_STATES.get(random.nextInt(POD_STATES.size()));
      List<String> expected =
          IntStream.range(0, cluster.pods.bound(cluster.job(JOB)))
              .filter(i -> cluster.pods.exists(cluster.job(JOB), i))
              .mapToObj(
                  i -> cluster.pods.status(cluster.job(JOB), i, cluster.view.records().lastRuns()))
              .filter(status -> status.getState() == state)
              .map(status -> status.getPodId().getValue())
              .toList();
      int offset = random.nextInt(6);
      QueryPodsResponse response =
          query.answer(
              QueryPodsRequest.newBuilder()
                  .setSpec(
                      peloton.api.v1alpha.pod.Pod.QuerySpec.newBuilder()
                          .addPodStates(state)
                          .setPagination(PaginationSpec.newBuilder().setOffset(offset).setLimit(4)))
                  .build(),
              cluster.job(JOB),
              cluster.view.records());
      assertThat(response.getPagination().getTotal()).isEqualTo(expected.size());
      assertThat(response.getPodsList())
          .extracting(pod -> pod.getStatus().getPodId().getValue())
          .isEqualTo(expected.stream().skip(offset).limit(4).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void pagesInAnOrderMakeUpTheWholeWhateverHappenedBefore(long seed) {
    Random random = new Random(seed);
    PodQuery query = new PodQuery(cluster.pods);
    cluster.createJob(JOB, spec(20).build());
    for (int step = 0; step < 200; step++) {
      changePods(random);
      boolean descending = random.nextBoolean();
      Comparator<PodInfo> byState = Comparator.comparing(pod -> pod.getStatus().getState().name());
      List<PodInfo> all = pods(query, PaginationSpec.newBuilder().setLimit(100));
      List<String> expected =
          all.stream()
              .sorted(descending ? byState.reversed() : byState)
              .map(pod -> pod.getStatus().getPodId().getValue())
              .toList();
      List<String> pages = new ArrayList<>();
      for (int offset = 0; offset < all.size(); offset += 7) {
        PaginationSpec.Builder page = PaginationSpec.newBuilder().setOffset(offset).setLimit(7);
        page.addOrderByBuilder()
            .setOrder(descending ? OrderBy.Order.ORDER_BY_DESC : OrderBy.Order.ORDER_BY_INVALID)
            .setProperty(PropertyPath.newBuilder().setValue("state"));
        pods(query, page).forEach(pod -> pages.add(pod.getStatus().getPodId().getValue()));
      }
      assertThat(pages).isEqualTo(expected);
    }
  }

  private List<PodInfo> pods(PodQuery query, PaginationSpec.Builder page) {
    return query
        .answer(
            QueryPodsRequest.newBuilder().setPagination(page).build(),
            cluster.job(JOB),
            cluster.view.records())
        .getPodsList();
  }

  private void change(Random random) {
    String id = "job-" + random.nextInt(8);
    switch (random.nextInt(6)) {
      case 0 -> cluster.deleteJob(id);
      case 1, 2 ->
          cluster.write(
              new RecordKey.JobStatus(id),
              JobStatusRecord.newBuilder()
                  .setState(JOB_STATES.get(random.nextInt(JOB_STATES.size())))
                  .build());
      case 3 -> cluster.delete(new RecordKey.JobGoal(id));
      default -> {
        long version = random.nextInt(1, 4);
        cluster.write(
            new RecordKey.JobSpec(id, version),
            JobSpecRecord.newBuilder()
                .setVersion(version)
                .setSpec(spec(1).setOwner(OWNERS.get(random.nextInt(2))))
                .build(),
            new RecordKey.JobGoal(id),
            goal(version, 1, 1, 1).setCreatedAt(random.nextInt(5)).build());
      }
    }
    if (random.nextInt(50) == 0) {
      cluster.index.onSnapshot(cluster.view.records(), cluster.view.revision());
    }
  }

  private void changePods(Random random) {
    int instance = random.nextInt(24);
    switch (random.nextInt(5)) {
      case 0 -> cluster.delete(new RecordKey.Pod(JOB, instance));
      case 1 ->
          cluster.write(
              new RecordKey.PodGoal(JOB, instance),
              PodGoalRecord.newBuilder()
                  .setGoal(
                      random.nextBoolean() ? PodState.POD_STATE_RUNNING : PodState.POD_STATE_KILLED)
                  .setDesiredStateVersion(random.nextInt(3))
                  .build());
      case 2 ->
          cluster.write(
              new RecordKey.JobGoal(JOB),
              goal(1, 1, 1, 1)
                  .setGoal(
                      random.nextBoolean() ? JobState.JOB_STATE_RUNNING : JobState.JOB_STATE_KILLED)
                  .setStoppedBelow(random.nextInt(3) == 0 ? random.nextInt(20) : 0)
                  .build());
      default ->
          cluster.write(
              new RecordKey.Pod(JOB, instance),
              pod(1, POD_STATES.get(random.nextInt(POD_STATES.size()))).build());
    }
  }

  private List<String> ids(JobQuery query, QuerySpec.Builder spec) {
    return query
        .answer(
            QueryJobsRequest.newBuilder()
                .setSpec(spec.setPagination(PaginationSpec.newBuilder().setLimit(100)))
                .build(),
            cluster.view.records())
        .getRecordsList()
        .stream()
        .map(JobSummary::getJobId)
        .map(id -> id.getValue())
        .toList();
  }

  private List<String> scan(Predicate<JobEntry> wanted) {
    return cluster.view.records().jobs().stream()
        .filter(JobEntry::complete)
        .filter(wanted)
        .sorted(
            Comparator.<JobEntry>comparingLong(job -> -job.goal().getCreatedAt())
                .thenComparing(JobEntry::id))
        .map(JobEntry::id)
        .toList();
  }
}
