package peloton.controllers.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.crds.HostMaintenance;
import peloton.crds.Names;
import peloton.crds.ResourcePool;
import peloton.crds.StatelessJob;
import peloton.desired.DesiredStore;
import peloton.desired.host.HostWriter;
import peloton.desired.job.JobSnapshot;
import peloton.desired.job.JobWriter;
import peloton.desired.job.NonPreemptiblePods;
import peloton.desired.pool.PoolWriter;
import peloton.records.HostRecord;
import peloton.records.JobGoalRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.ManualExecutor;
import peloton.store.ManualTimers;
import peloton.store.Txn;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;
import peloton.store.view.JobEntry;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;
import peloton.store.view.StoreView;
import peloton.store.view.StoreViewSettings;

/**
 * Kubernetes and a store that last, and a process with controllers that may die between any two
 * writes and is replaced. Mesos is left out: workflows end when they are told to.
 */
final class ControllerWorld {
  static final String CLUSTER = "test";

  final ManualTimers timers = new ManualTimers();
  final MemoryData data = new MemoryData(timers.clock());
  final Keyspace keyspace = new Keyspace(Keyspace.DEFAULT_PREFIX);
  private final KubernetesSerialization json = new KubernetesSerialization();
  private final Map<ResourceKey, CustomResource<?, ?>> resources = new LinkedHashMap<>();
  private final long deadAt;
  private long passed;
  private int uids;
  int kubernetesWrites;
  int storeWrites;
  Process process;

  /** The process ends here. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param deadAt before or after which write the process dies, two moments for each; -1 for never
   */
  ControllerWorld(long deadAt) {
    this.deadAt = deadAt;
    this.process = new Process();
  }

  long passed() {
    return passed;
  }

  // ---- Kubernetes ----------------------------------------------------------------------

  /** What kubectl apply does; the specification as YAML. */
  void apply(Class<? extends CustomResource<?, ?>> type, String name, String spec) {
    CustomResource<?, ?> read =
        json.unmarshal("metadata: {name: " + name + "}\nspec: " + spec, type);
    ResourceKey key = new ResourceKey(type.getSimpleName(), "shop", name);
    CustomResource<?, ?> before = resources.get(key);
    if (before == null) {
      read.setMetadata(
          new ObjectMetaBuilder()
              .withName(name)
              .withNamespace("shop")
              .withUid(new UUID(0, ++uids).toString())
              .withGeneration(1L)
              .withFinalizers(List.of())
              .build());
    } else {
      read.setMetadata(before.getMetadata());
      read.getMetadata().setGeneration(before.getMetadata().getGeneration() + 1);
      copyStatus(before, read);
    }
    resources.put(key, read);
  }

  void delete(Class<? extends CustomResource<?, ?>> type, String name) {
    ResourceKey key = new ResourceKey(type.getSimpleName(), "shop", name);
    resources.get(key).getMetadata().setDeletionTimestamp(timers.clock().instant().toString());
    collect(key);
  }

  StatelessJob job(String name) {
    return (StatelessJob) resources.get(new ResourceKey("StatelessJob", "shop", name));
  }

  HostMaintenance hosts(String name) {
    return (HostMaintenance) resources.get(new ResourceKey("HostMaintenance", "shop", name));
  }

  ResourcePool pool(String name) {
    return (ResourcePool) resources.get(new ResourceKey("ResourcePool", "shop", name));
  }

  @SuppressWarnings("unchecked")
  private static <T> void copyStatus(CustomResource<?, ?> from, CustomResource<?, T> to) {
    to.setStatus((T) from.getStatus());
  }

  private void collect(ResourceKey key) {
    var metadata = resources.get(key).getMetadata();
    if (metadata.getDeletionTimestamp() != null && metadata.getFinalizers().isEmpty()) {
      resources.remove(key);
    }
  }

  private final class Kubernetes implements CustomResources {
    @Override
    public void addFinalizer(CustomResource<?, ?> resource) {
      write(() -> resource.getMetadata().setFinalizers(List.of(Names.FINALIZER)));
    }

    @Override
    public void removeFinalizer(CustomResource<?, ?> resource) {
      write(
          () -> {
            resource.getMetadata().setFinalizers(List.of());
            collect(ResourceKey.of(resource));
          });
    }

    @Override
    public <T> void writeStatus(CustomResource<?, T> resource, T status) {
      write(() -> resource.setStatus(status));
    }

    @Override
    public void tell(CustomResource<?, ?> resource, Occasion occasion) {}

    private void write(Runnable write) {
      dieHere();
      write.run();
      kubernetesWrites++;
      dieHere();
    }
  }

  private void dieHere() {
    if (passed++ == deadAt) {
      throw new Death();
    }
  }

  // ---- the process ---------------------------------------------------------------------

  /** What a death takes along. */
  final class Process {
    private final ManualExecutor queue = new ManualExecutor();
    private final MemoryStore store = new MemoryStore(data, queue);
    private final StoreView view =
        new StoreView(store, keyspace, queue, timers, StoreViewSettings.defaults());
    private final Followers followers = new Followers((key, haste) -> {});
    final JobWriter jobs;
    private final JobController jobController;
    private final PoolController poolController;
    private final HostController hostController;

    Process() {
      DesiredStore desired = new DesiredStore(store, view, timers, queue, Duration.ofSeconds(5));
      jobs = new JobWriter(desired, keyspace, timers.clock());
      PoolWriter pools = new PoolWriter(desired, keyspace, timers.clock(), NonPreemptiblePods::use);
      view.start();
      queue.runAll();
      view.attach(followers);
      queue.runAll();
      Waiter waiter =
          new Waiter() {
            @Override
            public <T> T await(CompletableFuture<T> answer) {
              dieHere();
              T value = call(answer);
              storeWrites++;
              dieHere();
              return value;
            }
          };
      Kubernetes kubernetes = new Kubernetes();
      jobController =
          new JobController(
              CLUSTER, new Views(view), jobs, waiter, kubernetes, followers, timers.clock());
      poolController =
          new PoolController(
              CLUSTER, new Views(view), pools, waiter, kubernetes, followers, timers.clock());
      hostController =
          new HostController(
              CLUSTER,
              new Views(view),
              new HostWriter(desired, keyspace, timers.clock()),
              waiter,
              kubernetes,
              followers,
              timers.clock());
    }

    /** The answer to a request. */
    <T> T call(CompletableFuture<T> answer) {
      queue.runAll();
      try {
        return answer.join();
      } catch (CompletionException failure) {
        throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
      }
    }

    private void pass(CustomResource<?, ?> resource) {
      if (resource instanceof StatelessJob job) {
        jobController.pass(job);
      } else if (resource instanceof HostMaintenance hosts) {
        hostController.pass(hosts);
      } else {
        poolController.pass((ResourcePool) resource);
      }
    }
  }

  /** What the loops would have written of a host. */
  void see(String host, HostState state) {
    Txn.Write write =
        keyspace.put(
            new RecordKey.Host(host),
            HostRecord.newBuilder().setRegistered(true).setState(state).build());
    process.call(process.store.commit(new Txn(List.of(), List.of(write))));
  }

  /** Passes over every resource until nothing is left to write. */
  void settle() {
    int before;
    do {
      before = kubernetesWrites + storeWrites;
      for (CustomResource<?, ?> resource : List.copyOf(resources.values())) {
        pass(resource);
      }
      work();
    } while (kubernetesWrites + storeWrites != before);
  }

  private void pass(CustomResource<?, ?> resource) {
    process.queue.runAll();
    try {
      process.pass(resource);
    } catch (Death death) {
      process = new Process();
      kubernetesWrites++;
    }
  }

  /** What the loops would do: workflows come to their end, and deleted jobs go. */
  private void work() {
    for (JobEntry job : List.copyOf(records().jobs())) {
      Optional<JobSnapshot> found = JobSnapshot.of(job);
      if (found.isEmpty()) {
        continue;
      }
      JobGoalRecord goal = found.get().goal();
      List<Txn.Write> writes = new ArrayList<>();
      if (goal.getGoal() == JobState.JOB_STATE_DELETED) {
        data.range(keyspace.prefix() + RecordKey.desiredOf(job.id()))
            .entries()
            .forEach(entry -> writes.add(new Txn.Write.Delete(entry.key())));
        data.range(keyspace.prefix() + RecordKey.actualOf(job.id()))
            .entries()
            .forEach(entry -> writes.add(new Txn.Write.Delete(entry.key())));
      } else if (found.get().workflowActive()) {
        writes.add(
            keyspace.put(
                new RecordKey.WorkflowStatus(job.id(), goal.getWorkflow()),
                WorkflowStatusRecord.newBuilder()
                    .setNumber(goal.getWorkflow())
                    .setState(WorkflowState.WORKFLOW_STATE_SUCCEEDED)
                    .build()));
      }
      if (!writes.isEmpty()) {
        process.call(process.store.commit(new Txn(List.of(), writes)));
        storeWrites++;
      }
    }
  }

  Records records() {
    process.queue.runAll();
    return process.view.records();
  }

  /** Records without the readers of the API: names and numbers that do not matter here. */
  private record Views(StoreView view) implements peloton.controllers.reconcile.Views {
    @Override
    public Records records() {
      return view.records();
    }

    @Override
    public Optional<JobView> job(JobEntry job) {
      return JobSnapshot.of(job)
          .map(
              found -> {
                JobInfo.Builder info = JobInfo.newBuilder().setSpec(found.spec());
                info.getJobIdBuilder().setValue(job.id());
                info.getStatusBuilder()
                    .setDesiredState(found.goal().getGoal())
                    .setVersion(found.version().toProto());
                return new JobView(info.build(), found.spec().getInstanceCount(), 0);
              });
    }

    @Override
    public Optional<PoolView> pool(String id) {
      int jobs =
          (int)
              view.records().jobs().stream()
                  .flatMap(job -> JobSnapshot.of(job).stream())
                  .filter(job -> job.spec().getRespoolId().getValue().equals(id))
                  .count();
      return Optional.ofNullable(view.records().pools().get(id))
          .map(
              pool ->
                  new PoolView(
                      ResourcePoolInfo.newBuilder().setSpec(pool.getSpec()).build(),
                      jobs,
                      Map.of()));
    }
  }
}
