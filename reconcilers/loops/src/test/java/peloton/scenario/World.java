package peloton.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.loop.FrameworkSettings;
import peloton.loop.LeaderLoops;
import peloton.loop.LoopSettings;
import peloton.mesos.driver.MesosCalls;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.LeaderRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowCommand;
import peloton.records.WorkflowRequestRecord;
import peloton.store.KeyValueStore;
import peloton.store.ManualExecutor;
import peloton.store.ManualTimers;
import peloton.store.Timers;
import peloton.store.Txn;
import peloton.store.commit.FencedWriter;
import peloton.store.commit.WriterSettings;
import peloton.store.election.Term;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;
import peloton.store.view.JobEntry;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;
import peloton.store.view.StoreView;
import peloton.store.view.StoreViewSettings;

/**
 * A cluster in which everything but the process that leads lasts: the store's data, Mesos, and the
 * clock. {@link #restart} kills the leader wherever it is and begins another.
 */
final class World {
  static final String JOB = "11111111-2222-3333-4444-555555555555";
  private static final Duration STEP = Duration.ofMillis(500);

  final ManualExecutor queue = new ManualExecutor();
  final ManualTimers timers = new ManualTimers();
  final MemoryData data = new MemoryData(timers.clock());
  final ScriptedMesos mesos = new ScriptedMesos(queue, timers.clock());
  private final Keyspace keyspace = new Keyspace(Keyspace.DEFAULT_PREFIX);
  private final MemoryStore client = new MemoryStore(data, queue);
  private final CrashPoints crashPoints;
  private Leader leader;

  World(CrashPoints crashPoints) {
    this.crashPoints = crashPoints;
  }

  World() {
    this(CrashPoints.none());
  }

  /** One process that leads; after its death nothing that it left behind runs any more. */
  private final class Leader {
    private final MemoryStore store = new MemoryStore(data, this::run);
    private final Executor executor = this::run;
    private final Timers mortalTimers = new MortalTimers();
    private final StoreView view =
        new StoreView(store, keyspace, executor, mortalTimers, StoreViewSettings.defaults());
    private final CallGate gate = new CallGate();
    private LeaderLoops loops;
    private boolean dead;
    private long lease;

    private void start() {
      view.start();
      drain();
      lease = get(store.grantLease(Duration.ofDays(1000)));
      String key = keyspace.key(new RecordKey.Leader());
      LeaderRecord record = LeaderRecord.newBuilder().setId(UUID.randomUUID().toString()).build();
      var elected =
          get(
              store.commit(
                  new Txn(
                      List.of(new Txn.Guard.Absent(key)),
                      List.of(new Txn.Write.Put(key, record.toByteString(), lease)))));
      if (!elected.committed()) {
        throw new IllegalStateException("another leader is in office");
      }
      Term term = new Term(key, elected.revision(), lease, record);
      FencedWriter writer =
          new FencedWriter(
              store,
              keyspace,
              term,
              executor,
              executor,
              mortalTimers,
              WriterSettings.defaults(),
              (why, cause) -> {
                throw new IllegalStateException("deposed: " + why, cause.orElse(null));
              });
      store.beforeCommit(txn -> crashPoint("before commit"));
      store.afterCommit(txn -> crashPoint("after commit"));
      loops =
          new LeaderLoops(
              executor,
              writer,
              gate,
              mortalTimers,
              timers.clock(),
              LoopSettings.defaults(FrameworkSettings.DEFAULT),
              why -> {
                throw new IllegalStateException("abdicated: " + why);
              });
      view.attach(loops);
      drain();
      subscribe();
    }

    private void subscribe() {
      gate.target = mesos.subscribe(loops.frameworkInfo().orElseThrow(), loops);
    }

    /** Lets calls through to Mesos, and dies after them when it is time. */
    private final class CallGate implements MesosCalls {
      private MesosCalls target = call -> {};

      @Override
      public void send(org.apache.mesos.v1.scheduler.Protos.Call call) {
        if (!dead) {
          crashPoint("before " + call.getType());
        }
        if (!dead) {
          target.send(call);
          crashPoint("after " + call.getType());
        }
      }
    }

    private void run(Runnable task) {
      queue.execute(
          () -> {
            if (!dead) {
              task.run();
            }
          });
    }

    private void crashPoint(String where) {
      if (!dead && crashPoints.isHere(where)) {
        die();
      }
    }

    private void die() {
      dead = true;
      store.crash();
      mesos.abandon();
    }

    private final class MortalTimers implements Timers {
      @Override
      public long nanoTime() {
        return timers.nanoTime();
      }

      @Override
      public Cancellable schedule(Duration delay, Runnable task) {
        return timers.schedule(
            delay,
            () -> {
              if (!dead) {
                task.run();
              }
            });
      }
    }
  }

  /** Begins with a leader. */
  World start() {
    leader = new Leader();
    leader.start();
    drain();
    return this;
  }

  /** Kills the leader and begins another, once the lease of the dead one is over. */
  void restart() {
    leader.die();
    replaceLeader();
  }

  private void replaceLeader() {
    data.expireLease(leader.lease);
    leader = new Leader();
    leader.start();
  }

  /** The connection to Mesos breaks, and stands again a moment later. */
  void reconnect() {
    mesos.disconnect();
    drain();
    leader.subscribe();
    drain();
  }

  /** Works off everything that is under way now; a leader that dies on the way is replaced. */
  void drain() {
    queue.runAll();
    if (leader != null && leader.dead) {
      replaceLeader();
      queue.runAll();
    }
  }

  /** Lets time pass, with an allocation by Mesos in every step. */
  void advance(Duration by) {
    for (Duration left = by; !left.isNegative() && !left.isZero(); left = left.minus(STEP)) {
      timers.advance(left.compareTo(STEP) < 0 ? left : STEP);
      drain();
      mesos.tick();
      drain();
    }
  }

  // ---- what clients write, as the API does ---------------------------------------------

  void createJob(JobSpec spec, UpdateSpec create) {
    long now = now();
    write(
        new Txn.Guard.Absent(keyspace.key(new RecordKey.JobGoal(JOB))),
        keyspace.put(
            new RecordKey.JobSpec(JOB, 1),
            JobSpecRecord.newBuilder().setVersion(1).setSpec(spec).build()),
        keyspace.put(
            new RecordKey.JobGoal(JOB),
            JobGoalRecord.newBuilder()
                .setConfigurationVersion(1)
                .setDesiredStateVersion(1)
                .setWorkflowVersion(1)
                .setLastConfigurationVersion(1)
                .setWorkflow(1)
                .setGoal(JobState.JOB_STATE_RUNNING)
                .setCreatedAt(now)
                .build()),
        request(1, 1, 0, create));
  }

  void replaceJob(JobSpec spec, UpdateSpec update) {
    JobGoalRecord goal = committed().job(JOB).goal();
    long version = goal.getLastConfigurationVersion() + 1;
    long workflow = goal.getWorkflow() + 1;
    write(
        new Txn.Guard.ModRevision(
            keyspace.key(new RecordKey.JobGoal(JOB)), committed().job(JOB).goalRevision()),
        keyspace.put(
            new RecordKey.JobSpec(JOB, version),
            JobSpecRecord.newBuilder().setVersion(version).setSpec(spec).build()),
        keyspace.put(
            new RecordKey.JobGoal(JOB),
            goal.toBuilder()
                .setConfigurationVersion(version)
                .setLastConfigurationVersion(version)
                .setWorkflow(workflow)
                .setWorkflowVersion(goal.getWorkflowVersion() + 1)
                .build()),
        request(workflow, version, goal.getConfigurationVersion(), update));
  }

  void setGoal(JobState state) {
    JobGoalRecord goal = committed().job(JOB).goal();
    write(
        new Txn.Guard.ModRevision(
            keyspace.key(new RecordKey.JobGoal(JOB)), committed().job(JOB).goalRevision()),
        keyspace.put(
            new RecordKey.JobGoal(JOB),
            goal.toBuilder()
                .setGoal(state)
                .setDesiredStateVersion(goal.getDesiredStateVersion() + 1)
                .build()));
  }

  void command(WorkflowCommand command) {
    JobEntry job = committed().job(JOB);
    long number = job.goal().getWorkflow();
    write(
        new Txn.Guard.ModRevision(keyspace.key(new RecordKey.JobGoal(JOB)), job.goalRevision()),
        keyspace.put(
            new RecordKey.WorkflowRequest(JOB, number),
            job.workflowRequests().get(number).toBuilder().setCommand(command).build()));
  }

  private Txn.Write request(long number, long version, long previous, UpdateSpec update) {
    return keyspace.put(
        new RecordKey.WorkflowRequest(JOB, number),
        WorkflowRequestRecord.newBuilder()
            .setNumber(number)
            .setType(WorkflowType.WORKFLOW_TYPE_UPDATE)
            .setVersion(version)
            .setPreviousVersion(previous)
            .setUpdateSpec(update)
            .setCreatedAt(now())
            .build());
  }

  private void write(Txn.Guard guard, Txn.Write... writes) {
    var done = client.commit(new Txn(List.of(guard), List.of(writes)));
    drain();
    if (!done.join().committed()) {
      throw new IllegalStateException("a client's write was refused: " + guard);
    }
  }

  private long now() {
    return timers.clock().millis() * 1_000_000;
  }

  // ---- what can be seen ----------------------------------------------------------------

  /** The records as etcd holds them. */
  Records committed() {
    Records records = new Records();
    for (var entry : data.range(keyspace.prefix()).entries()) {
      keyspace
          .parse(entry.key())
          .ifPresent(
              key -> {
                try {
                  records.apply(key, key.parser().parseFrom(entry.value()), entry.modRevision());
                } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                  throw new IllegalStateException(entry.key(), e);
                }
              });
    }
    return records;
  }

  PodRecord pod(int instance) {
    return committed().job(JOB).pods().get(instance);
  }

  /** What a story comes to: the same, whatever was cut on the way. */
  Map<String, Object> outcome() {
    Map<String, Object> outcome = new TreeMap<>();
    JobEntry job = committed().job(JOB);
    outcome.put("living", mesos.living());
    outcome.put("violations", List.copyOf(mesos.violations()));
    outcome.put("failures", leader.loops.failures());
    outcome.put("job", job == null ? "none" : job.status().getState());
    if (job != null && job.goal() != null) {
      outcome.put(
          "workflows",
          job.workflowStatuses().values().stream()
              .map(w -> w.getNumber() + " " + w.getState())
              .toList());
      Map<Integer, String> pods = new TreeMap<>();
      for (int i = 0; i < job.pods().bound(); i++) {
        PodRecord pod = job.pods().get(i);
        if (pod != null) {
          pods.put(i, pod.getState() + " on " + pod.getVersion() + "/" + pod.getDesiredVersion());
        }
      }
      outcome.put("pods", pods);
    }
    return outcome;
  }

  private <T> T get(java.util.concurrent.CompletableFuture<T> future) {
    queue.runAll();
    return future.join();
  }

  // ---- specs ---------------------------------------------------------------------------

  static JobSpec job(int instances, String command) {
    return JobSpec.newBuilder()
        .setName("web")
        .setInstanceCount(instances)
        .setDefaultSpec(pod(command, 1))
        .build();
  }

  static PodSpec pod(String command, double cpus) {
    ContainerSpec.Builder container =
        ContainerSpec.newBuilder()
            .setName("main")
            .setResource(ResourceSpec.newBuilder().setCpuLimit(cpus).setMemLimitMb(64));
    container.getCommandBuilder().setShell(true).setValue(command);
    return PodSpec.newBuilder().addContainers(container).build();
  }

  KeyValueStore client() {
    return client;
  }
}
