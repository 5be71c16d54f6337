package peloton.operator;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.pod.Pod.CommandSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.operator.query.JobIndex;
import peloton.operator.read.CurrentView;
import peloton.operator.read.JobReader;
import peloton.operator.read.PodReader;
import peloton.operator.read.SpecReader;
import peloton.operator.read.WorkflowReader;
import peloton.operator.watch.WatchHub;
import peloton.operator.watch.WatchSettings;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.PodRecord;
import peloton.records.ResourcePoolRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.store.ManualTimers;
import peloton.store.Txn;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;
import peloton.store.view.JobEntry;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.StoreView;
import peloton.store.view.StoreViewSettings;

/**
 * A store in memory with a view on it, all on the calling thread. Tests write records as the API
 * and the loops would.
 */
public final class TestCluster {
  public static final String JOB = "11111111-2222-3333-4444-555555555555";
  public static final String OTHER = "aaaaaaaa-2222-3333-4444-555555555555";
  public static final String POOL = "99999999-2222-3333-4444-555555555555";
  public static final Duration LIMIT = Duration.ofSeconds(10);

  public final ManualTimers timers = new ManualTimers();
  public final MemoryData data;
  public final MemoryStore store;
  public final Keyspace keyspace = new Keyspace(Keyspace.DEFAULT_PREFIX);
  public final StoreView view;
  public final CurrentView current;
  public final SpecReader specs = new SpecReader();
  public final JobReader jobs = new JobReader(specs, new WorkflowReader());
  public final PodReader pods = new PodReader(specs, timers.clock());
  public final JobIndex index = new JobIndex();
  private final AtomicLong ids = new AtomicLong();

  public TestCluster() {
    data = new MemoryData(timers.clock());
    store = new MemoryStore(data, Runnable::run);
    view = viewOf(store);
    current = new CurrentView(view, LIMIT);
  }

  private TestCluster(MemoryData data) {
    this.data = data;
    store = new MemoryStore(data, Runnable::run);
    view = viewOf(store);
    current = new CurrentView(view, LIMIT);
  }

  private StoreView viewOf(MemoryStore from) {
    return new StoreView(from, keyspace, Runnable::run, timers, StoreViewSettings.defaults());
  }

  /** A cluster that others have filled. */
  public static TestCluster over(MemoryData data) {
    TestCluster cluster = new TestCluster(data);
    cluster.view.attach(cluster.index);
    cluster.view.start();
    return cluster;
  }

  /** A cluster whose view is up to date. */
  public static TestCluster started() {
    TestCluster cluster = new TestCluster();
    cluster.write(new RecordKey.Pool(POOL), pool("infrastructure", "root"));
    cluster.view.attach(cluster.index);
    cluster.view.start();
    return cluster;
  }

  /** A hub on this cluster that does everything on the calling thread. */
  public WatchHub hub(WatchSettings settings) {
    WatchHub hub =
        new WatchHub(
            Runnable::run, current, jobs, pods, store, keyspace, settings, ids::incrementAndGet);
    view.attach(hub);
    return hub;
  }

  /** Writes records at one revision, which it returns. */
  public long write(RecordKey key, Message value, Object... more) {
    List<Txn.Write> writes = new ArrayList<>();
    writes.add(keyspace.put(key, value));
    for (int i = 0; i < more.length; i += 2) {
      writes.add(keyspace.put((RecordKey) more[i], (Message) more[i + 1]));
    }
    return commit(writes);
  }

  /** Deletes records at one revision, which it returns. */
  public long delete(RecordKey... keys) {
    List<Txn.Write> writes = new ArrayList<>();
    for (RecordKey key : keys) {
      writes.add(new Txn.Write.Delete(keyspace.key(key)));
    }
    return commit(writes);
  }

  /** Deletes every record of a job at one revision, which it returns. */
  public long deleteJob(String job) {
    return commit(
        List.of(
            new Txn.Write.DeletePrefix(keyspace.below(RecordKey.desiredOf(job))),
            new Txn.Write.DeletePrefix(keyspace.below(RecordKey.actualOf(job)))));
  }

  private long commit(List<Txn.Write> writes) {
    return store.commit(new Txn(List.of(), writes)).join().revision();
  }

  /** Writes a job as its creation does: version 1, and a workflow that adds all instances. */
  public long createJob(String id, JobSpec spec) {
    return write(
        new RecordKey.JobSpec(id, 1),
        JobSpecRecord.newBuilder().setVersion(1).setSpec(spec).setCreatedAt(1_000_000_001L).build(),
        new RecordKey.JobGoal(id),
        goal(1, 1, 1, 1).build(),
        new RecordKey.WorkflowRequest(id, 1),
        request(1, 1, 0).build());
  }

  public JobEntry job(String id) {
    return view.records().job(id);
  }

  public static JobGoalRecord.Builder goal(long c, long d, long w, long workflow) {
    return JobGoalRecord.newBuilder()
        .setConfigurationVersion(c)
        .setDesiredStateVersion(d)
        .setWorkflowVersion(w)
        .setWorkflow(workflow)
        .setGoal(JobState.JOB_STATE_RUNNING)
        .setLastConfigurationVersion(c)
        .setCreatedAt(1_000_000_001L)
        .setUpdatedAt(2_000_000_000L);
  }

  public static WorkflowRequestRecord.Builder request(long number, long version, long previous) {
    return WorkflowRequestRecord.newBuilder()
        .setNumber(number)
        .setType(WorkflowType.WORKFLOW_TYPE_UPDATE)
        .setVersion(version)
        .setPreviousVersion(previous)
        .setUpdateSpec(UpdateSpec.newBuilder().setBatchSize(2))
        .setCreatedAt(1_000_000_001L);
  }

  public static JobSpec.Builder spec(int instances) {
    return JobSpec.newBuilder()
        .setName("web")
        .setOwner("me")
        .setOwningTeam("us")
        .setInstanceCount(instances)
        .setRespoolId(ResourcePoolID.newBuilder().setValue(POOL))
        .addLabels(label("tier", "front"))
        .setDefaultSpec(
            PodSpec.newBuilder()
                .addLabels(label("app", "web"))
                .addContainers(
                    ContainerSpec.newBuilder()
                        .setName("main")
                        .setResource(ResourceSpec.newBuilder().setCpuLimit(0.5).setMemLimitMb(64))
                        .setEntrypoint(CommandSpec.newBuilder().setValue("serve"))));
  }

  public static PodRecord.Builder pod(long run, PodState state) {
    return PodRecord.newBuilder()
        .setRun(run)
        .setDesiredRun(run)
        .setPreviousRun(run - 1)
        .setState(state)
        .setVersion(1)
        .setDesiredVersion(1)
        .setHost("agent-0")
        .setAgentId("S0")
        .setRevision(1);
  }

  public static Label label(String key, String value) {
    return Label.newBuilder().setKey(key).setValue(value).build();
  }

  public static ResourcePoolRecord pool(String name, String parent) {
    return ResourcePoolRecord.newBuilder()
        .setSpec(
            ResourcePoolSpec.newBuilder()
                .setName(name)
                .setParent(ResourcePoolID.newBuilder().setValue(parent)))
        .setCreatedAt(3)
        .setUpdatedAt(4)
        .build();
  }
}
