package peloton.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.ids.JobId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.desired.job.JobVersions;
import peloton.desired.job.JobWriter;
import peloton.desired.job.NonPreemptiblePods;
import peloton.desired.job.Specs;
import peloton.desired.pod.PodWriter;
import peloton.desired.pool.PoolTree;
import peloton.desired.pool.PoolWriter;
import peloton.records.JobGoalRecord;
import peloton.records.PodRecord;
import peloton.store.ScheduledTimers;
import peloton.store.Txn;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.StoreView;
import peloton.store.view.StoreViewSettings;

/** Two replicas on threads of their own, with many clients each. */
class ConcurrentWritesTest {
  private static final Keyspace KEYS = new Keyspace(Keyspace.DEFAULT_PREFIX);
  private static final int CLIENTS = 8;

  private final List<AutoCloseable> resources = new ArrayList<>();
  private final MemoryData data = new MemoryData(InstantSource.system());
  private final ScheduledTimers timers = closed(new ScheduledTimers("timers"));
  private final ExecutorService clients = executor(CLIENTS);
  private final List<Replica> replicas = List.of(new Replica(), new Replica());

  /** One server of the cluster. */
  private final class Replica {
    final StoreView view;
    final JobWriter jobs;
    final PoolWriter pools;
    final PodWriter pods;

    Replica() {
      MemoryStore store = new MemoryStore(data, executor(1));
      view = new StoreView(store, KEYS, executor(1), timers, StoreViewSettings.defaults());
      view.start().join();
      DesiredStore desired =
          new DesiredStore(store, view, timers, executor(2), Duration.ofSeconds(30));
      jobs = new JobWriter(desired, KEYS, InstantSource.system());
      pools = new PoolWriter(desired, KEYS, InstantSource.system(), NonPreemptiblePods::use);
      pods = new PodWriter(desired, KEYS, InstantSource.system());
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable resource : resources) {
      resource.close();
    }
  }

  @Test
  void noAcceptedWriteIsLost() throws Exception {
    String pool = createPool();
    String job = createJob(pool);

    int perClient = 25;
    List<Integer> accepted = onEveryClient(client -> stopAgainAndAgain(job, client, perClient));

    assertThat(accepted).containsOnly(perClient);
    for (Replica replica : replicas) {
      replica.view.awaitRevision(data.revision()).get(90, TimeUnit.SECONDS);
      assertThat(replica.view.records().job(job).goal().getDesiredStateVersion())
          .isEqualTo(1 + (long) CLIENTS * perClient);
    }
  }

  @Test
  void jobsThatComeTogetherIntoOnePoolDoNotHinderEachOther() throws Exception {
    String pool = createPool();

    List<Integer> created =
        onEveryClient(
            client -> {
              for (int i = 0; i < 25; i++) {
                createJob(pool);
              }
              return 25;
            });

    assertThat(created).containsOnly(25);
    Replica replica = replicas.get(0);
    replica.view.awaitRevision(data.revision()).get(90, TimeUnit.SECONDS);
    assertThat(replica.view.records().jobs()).hasSize(25 * CLIENTS);
    assertThat(replica.view.records().jobsNamed("web")).hasSize(25 * CLIENTS);
  }

  @Test
  void everyClientReadsWhatItWrote() throws Exception {
    String pool = createPool();

    List<Integer> read =
        onEveryClient(
            client -> {
              Replica replica = replicas.get(client % replicas.size());
              int found = 0;
              for (int i = 0; i < 25; i++) {
                String job = UUID.randomUUID().toString();
                replica.jobs.create(jobRequest(job, pool)).join();
                found += replica.view.records().job(job).complete() ? 1 : 0;
              }
              return found;
            });

    assertThat(read).containsOnly(25);
  }

  @Test
  void noChangeOfAPodIsLost() throws Exception {
    String job = createJob(createPool());
    RefreshPodRequest request =
        RefreshPodRequest.newBuilder().setPodName(new PodName(job, 1).toProto()).build();

    List<Integer> accepted =
        onEveryClient(
            client -> {
              for (int done = 0; done < 10; ) {
                done += accepted(replicas.get(client % 2).pods.refresh(request)) ? 1 : 0;
              }
              return 10;
            });

    assertThat(accepted).containsOnly(10);
    Replica replica = replicas.get(0);
    replica.view.awaitRevision(data.revision()).get(90, TimeUnit.SECONDS);
    assertThat(replica.view.records().job(job).podGoals().get(1).getRefresh())
        .isEqualTo(10L * CLIENTS);
  }

  @Test
  void ofManyRestartsAtATimeNoMoreAreAcceptedThanTheSlaAllows() throws Exception {
    int allowed = 3;
    JobSpec.Builder spec = Specs.job(createPool()).toBuilder().setInstanceCount(CLIENTS * 2);
    spec.getSlaBuilder().setMaximumUnavailableInstances(allowed);
    String job = UUID.randomUUID().toString();
    replicas
        .get(0)
        .jobs
        .create(CreateJobRequest.newBuilder().setJobId(JobId.toProto(job)).setSpec(spec).build())
        .join();
    MemoryStore loops = new MemoryStore(data, executor(1));
    for (int instance = 0; instance < CLIENTS * 2; instance++) {
      PodRecord running =
          PodRecord.newBuilder()
              .setRun(1)
              .setVersion(1)
              .setDesiredVersion(1)
              .setState(PodState.POD_STATE_RUNNING)
              .setHealth(HealthState.HEALTH_STATE_DISABLED)
              .build();
      loops
          .commit(new Txn(List.of(), List.of(KEYS.put(new RecordKey.Pod(job, instance), running))))
          .join();
    }
    for (Replica replica : replicas) {
      replica.view.awaitRevision(data.revision()).get(90, TimeUnit.SECONDS);
    }

    List<Integer> accepted =
        onEveryClient(
            client -> {
              int restarted = 0;
              for (int i = 0; i < 2; i++) {
                RestartPodRequest request =
                    RestartPodRequest.newBuilder()
                        .setPodName(new PodName(job, 2 * client + i).toProto())
                        .setCheckSla(true)
                        .build();
                restarted += accepted(replicas.get(client % 2).pods.restart(request)) ? 1 : 0;
              }
              return restarted;
            });

    assertThat(accepted.stream().mapToInt(n -> n).sum()).isEqualTo(allowed);
  }

  /** Whether a request was accepted, and not refused for the sake of somebody else's. */
  private static boolean accepted(CompletableFuture<?> request) {
    try {
      request.join();
      return true;
    } catch (CompletionException refused) {
      ApiException reason = (ApiException) refused.getCause();
      assertThat(reason.code()).as(reason.getMessage()).isEqualTo(ApiException.Code.ABORTED);
      return false;
    }
  }

  private interface Client {
    int run(int number) throws Exception;
  }

  private List<Integer> onEveryClient(Client client) throws Exception {
    List<Future<Integer>> running = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int number = i;
      running.add(clients.submit(() -> client.run(number)));
    }
    List<Integer> results = new ArrayList<>();
    for (Future<Integer> result : running) {
      results.add(result.get(120, TimeUnit.SECONDS));
    }
    return results;
  }

  /** Reads the version and stops the job with it, until it was accepted so many times. */
  private int stopAgainAndAgain(String job, int client, int times) {
    Replica replica = replicas.get(client % replicas.size());
    int accepted = 0;
    while (accepted < times) {
      JobGoalRecord goal = replica.view.records().job(job).goal();
      StopJobRequest request =
          StopJobRequest.newBuilder()
              .setJobId(JobId.toProto(job))
              .setVersion(JobVersions.of(goal).toProto())
              .build();
      try {
        String version = replica.jobs.stop(request).join().getVersion().getValue();
        assertThat(version).isEqualTo("1-" + (goal.getDesiredStateVersion() + 1) + "-1");
        accepted++;
      } catch (CompletionException refused) {
        ApiException reason = (ApiException) refused.getCause();
        assertThat(reason.code()).as(reason.getMessage()).isEqualTo(ApiException.Code.ABORTED);
      }
    }
    return accepted;
  }

  private String createPool() {
    CreateResourcePoolRequest.Builder request = CreateResourcePoolRequest.newBuilder();
    request.getSpecBuilder().setName("web").getParentBuilder().setValue(PoolTree.ROOT);
    return replicas.get(0).pools.create(request.build()).join().getRespoolId().getValue();
  }

  private String createJob(String pool) {
    String job = UUID.randomUUID().toString();
    replicas.get(1).jobs.create(jobRequest(job, pool)).join();
    return job;
  }

  private static CreateJobRequest jobRequest(String job, String pool) {
    return CreateJobRequest.newBuilder()
        .setJobId(JobId.toProto(job))
        .setSpec(Specs.job(pool))
        .build();
  }

  private ExecutorService executor(int threads) {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    closed(executor::shutdownNow);
    return executor;
  }

  private <T extends AutoCloseable> T closed(T resource) {
    resources.add(resource);
    return resource;
  }
}
