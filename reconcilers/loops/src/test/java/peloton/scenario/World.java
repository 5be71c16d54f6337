package peloton.scenario;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import peloton.api.ids.EntityVersion;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeRequest;
import peloton.desired.DesiredStore;
import peloton.desired.job.JobWriter;
import peloton.desired.pod.PodWriter;
import peloton.desired.secret.SealedSecrets;
import peloton.desired.secret.SecretBox;
import peloton.desired.secret.SecretKeys;
import peloton.desired.volume.VolumeWriter;
import peloton.loop.FrameworkSettings;
import peloton.loop.LeaderLoops;
import peloton.loop.LoopMeter;
import peloton.loop.LoopSettings;
import peloton.loop.PlacementPlan;
import peloton.mesos.driver.MesosCalls;
import peloton.records.JobGoalRecord;
import peloton.records.LeaderRecord;
import peloton.records.LockdownRecord;
import peloton.records.PodHistoryRecord;
import peloton.records.PodRecord;
import peloton.records.ResourcePoolRecord;
import peloton.records.WaitingGroupRecord;
import peloton.records.WorkflowCommand;
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
  private static final String POOL = "pool-1";
  private static final Duration IDLE_STEP = Duration.ofSeconds(10);
  private static final SecretBox SECRETS =
      new SecretBox(new SecretKeys("today", Map.of("today", new byte[SecretKeys.KEY_BYTES])));
  private static final Duration STEP = Duration.ofMillis(500);

  final ManualExecutor queue = new ManualExecutor();
  final ManualTimers timers = new ManualTimers();
  final MemoryData data = new MemoryData(timers.clock());
  final ScriptedMesos mesos = new ScriptedMesos(queue, timers.clock());
  final ScriptedMaster master = new ScriptedMaster(mesos, queue);
  private final Keyspace keyspace = new Keyspace(Keyspace.DEFAULT_PREFIX);
  private final MemoryStore client = new MemoryStore(data, queue);
  private final StoreView apiView =
      new StoreView(client, keyspace, queue, timers, StoreViewSettings.defaults());
  private final DesiredStore desired =
      new DesiredStore(client, apiView, timers, queue, Duration.ofSeconds(5));
  final JobWriter jobs = new JobWriter(desired, keyspace, timers.clock(), Optional.of(SECRETS));
  final VolumeWriter volumes = new VolumeWriter(desired, keyspace, timers.clock());
  final PodWriter pods = new PodWriter(desired, keyspace, timers.clock());
  private final CrashPoints crashPoints;
  private final LoopSettings settings;

  /** How many calls seem to wait for Mesos. */
  int callsWaiting;

  private int leaders;
  private long oldestKept;
  private Leader leader;

  World(CrashPoints crashPoints) {
    this(crashPoints, LoopSettings.defaults(FrameworkSettings.DEFAULT));
  }

  World(CrashPoints crashPoints, LoopSettings settings) {
    this.crashPoints = crashPoints;
    this.settings = settings;
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
    private final LoopMeter meter = new LoopMeter();
    private LeaderLoops loops;
    private boolean dead;
    private long lease;

    private void start() {
      view.start();
      drain();
      lease = get(store.grantLease(Duration.ofDays(1000)));
      String key = keyspace.key(new RecordKey.Leader());
      LeaderRecord record = LeaderRecord.newBuilder().setId("leader-" + ++leaders).build();
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
              (why, cause) -> end("deposed: " + why, cause));
      store.beforeCommit(txn -> crashPoint("before commit"));
      store.afterCommit(txn -> crashPoint("after commit"));
      loops =
          new LeaderLoops(
              executor,
              writer,
              gate,
              master.client(
                  () -> crashPoint("before an order to the master"),
                  () -> crashPoint("after an order to the master"),
                  () -> dead),
              this::rollBack,
              new SealedSecrets(Optional.of(SECRETS)),
              mortalTimers,
              timers.clock(),
              settings,
              meter,
              why -> end("abdicated: " + why, Optional.empty()));
      view.attach(loops);
      drain();
      if (!dead) {
        subscribe();
      }
    }

    private void subscribe() {
      gate.target = mesos.subscribe(loops.frameworkInfo().orElseThrow(), loops);
    }

    /** Lets calls through to Mesos, and dies after them when it is time. */
    private final class CallGate implements MesosCalls {
      private MesosCalls target = call -> {};

      @Override
      public int waiting() {
        return callsWaiting;
      }

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

    private CompletableFuture<?> rollBack(String job, long workflow) {
      crashPoint("before the rollback");
      if (dead) {
        return new CompletableFuture<>();
      }
      CompletableFuture<?> asked = jobs.rollBack(job, workflow);
      crashPoint("after the rollback");
      return asked;
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

    /** A leader whose time is over goes in peace; any other must not go. */
    private void end(String why, Optional<Throwable> cause) {
      if (this == leader) {
        throw new IllegalStateException(why, cause.orElse(null));
      }
      die();
    }

    private void die() {
      dead = true;
      store.crash();
      if (this == leader) {
        mesos.abandon();
      }
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
    mesos.offersOf(master::offers);
    writePool(POOL, plenty());
    apiView.start();
    drain();
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

  /**
   * Another leader takes over while the old one, which was paused, believes that it still leads.
   */
  void usurp() {
    Leader old = leader;
    replaceLeader();
    drain();
    // Whatever it may still have done is refused by now.
    old.die();
  }

  /**
   * The leader is cut off from the store for a while.
   *
   * @param compacted whether what it missed is gone when it is back, so that it reads all anew
   */
  void partition(Duration length, boolean compacted) {
    Leader cutOff = leader;
    cutOff.store.unavailable(true);
    advance(length);
    if (compacted && data.revision() > oldestKept) {
      oldestKept = data.revision();
      data.compact(oldestKept);
    }
    cutOff.store.unavailable(false);
    drain();
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

  /** Lets time pass in larger steps, for when little happens. */
  void idle(Duration by) {
    for (Duration past = Duration.ZERO; past.compareTo(by) < 0; past = past.plus(IDLE_STEP)) {
      timers.advance(IDLE_STEP);
      drain();
      mesos.tick();
      drain();
    }
  }

  /** Hears of every change from the first revision on. */
  void watchAll(KeyValueStore.WatchListener listener) {
    client.watch(keyspace.prefix(), 1, listener);
  }

  /** How often the leader could not reconcile a job. */
  long failures() {
    return leader.meter.count(LoopMeter.Count.FAILURES);
  }

  Keyspace keyspace() {
    return keyspace;
  }

  /** The API replica's view. */
  Records seenByClients() {
    return apiView.records();
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

  // ---- what clients ask, through the API's own writers ---------------------------------

  void createJob(JobSpec spec, UpdateSpec create) {
    call(jobs.create(createRequest(spec, create)));
  }

  static CreateJobRequest createRequest(JobSpec spec, UpdateSpec create) {
    return CreateJobRequest.newBuilder()
        .setJobId(jobId())
        .setSpec(inPool(spec))
        .setCreateSpec(
            CreateSpec.newBuilder()
                .setBatchSize(create.getBatchSize())
                .setMaxInstanceRetries(create.getMaxInstanceRetries())
                .setMaxTolerableInstanceFailures(create.getMaxTolerableInstanceFailures())
                .setStartPaused(create.getStartPaused()))
        .build();
  }

  void replaceJob(JobSpec spec, UpdateSpec update) {
    call(
        jobs.replace(
            ReplaceJobRequest.newBuilder()
                .setJobId(jobId())
                .setVersion(version())
                .setSpec(inPool(spec))
                .setUpdateSpec(update)
                .build()));
  }

  void restartJob(RestartSpec restart) {
    call(
        jobs.restart(
            RestartJobRequest.newBuilder()
                .setJobId(jobId())
                .setVersion(version())
                .setRestartSpec(restart)
                .build()));
  }

  void setGoal(JobState state) {
    switch (state) {
      case JOB_STATE_RUNNING ->
          call(
              jobs.start(
                  StartJobRequest.newBuilder().setJobId(jobId()).setVersion(version()).build()));
      case JOB_STATE_KILLED ->
          call(
              jobs.stop(
                  StopJobRequest.newBuilder().setJobId(jobId()).setVersion(version()).build()));
      default ->
          call(
              jobs.delete(
                  DeleteJobRequest.newBuilder()
                      .setJobId(jobId())
                      .setVersion(version())
                      .setForce(true)
                      .build()));
    }
  }

  void stopJob(String id) {
    call(
        jobs.stop(
            StopJobRequest.newBuilder()
                .setJobId(JobID.newBuilder().setValue(id))
                .setVersion(version(id))
                .build()));
  }

  void command(WorkflowCommand command) {
    switch (command) {
      case WORKFLOW_COMMAND_PAUSE ->
          call(
              jobs.pauseWorkflow(
                  PauseJobWorkflowRequest.newBuilder()
                      .setJobId(jobId())
                      .setVersion(version())
                      .build()));
      case WORKFLOW_COMMAND_RUN ->
          call(
              jobs.resumeWorkflow(
                  ResumeJobWorkflowRequest.newBuilder()
                      .setJobId(jobId())
                      .setVersion(version())
                      .build()));
      default ->
          call(
              jobs.abortWorkflow(
                  AbortJobWorkflowRequest.newBuilder()
                      .setJobId(jobId())
                      .setVersion(version())
                      .build()));
    }
  }

  void startPod(int instance) {
    call(pods.start(StartPodRequest.newBuilder().setPodName(podName(instance)).build()));
  }

  void stopPod(int instance) {
    call(pods.stop(StopPodRequest.newBuilder().setPodName(podName(instance)).build()));
  }

  void restartPod(int instance) {
    call(pods.restart(RestartPodRequest.newBuilder().setPodName(podName(instance)).build()));
  }

  /** Locks down these parts of the control plane and frees all others. */
  void lockDown(Component... components) {
    write(
        new RecordKey.Lockdown(),
        LockdownRecord.newBuilder().addAllComponents(List.of(components)).build());
  }

  /** Writes a record as a replica does that decided on older records than the newest. */
  void write(RecordKey key, Message record) {
    get(client.commit(new Txn(List.of(), List.of(keyspace.put(key, record)))));
    drain();
  }

  static Peloton.PodName podName(int instance) {
    return Peloton.PodName.newBuilder().setValue(JOB + "-" + instance).build();
  }

  /** The answer to a request; fails as the request does. */
  <T> T call(CompletableFuture<T> request) {
    drain();
    if (!request.isDone()) {
      throw new IllegalStateException("a request was not answered");
    }
    try {
      return request.join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
  }

  static JobID jobId() {
    return JobID.newBuilder().setValue(JOB).build();
  }

  /** The job's entity version as it is now. */
  Peloton.EntityVersion version() {
    return version(JOB);
  }

  Peloton.EntityVersion version(String job) {
    JobGoalRecord goal = committed().job(job).goal();
    return new EntityVersion(
            goal.getConfigurationVersion(),
            goal.getDesiredStateVersion(),
            goal.getWorkflowVersion())
        .toProto();
  }

  static JobSpec inPool(JobSpec spec) {
    return spec.toBuilder().setRespoolId(ResourcePoolID.newBuilder().setValue(POOL)).build();
  }

  /** Writes a resource pool as the API would have stored it, new or changed. */
  void writePool(String id, ResourcePoolSpec spec) {
    get(
        client.commit(
            new Txn(
                List.of(),
                List.of(
                    keyspace.put(
                        new RecordKey.Pool(id),
                        ResourcePoolRecord.newBuilder().setId(id).setSpec(spec).build())))));
  }

  /** A pool that reserves more than any cluster here has. */
  private static ResourcePoolSpec plenty() {
    ResourcePoolSpec.Builder spec =
        ResourcePoolSpec.newBuilder()
            .setName("pool")
            .setParent(ResourcePoolID.newBuilder().setValue("root"));
    for (String kind : List.of("cpu", "memory", "disk", "gpu")) {
      spec.addResourcesBuilder().setKind(kind).setReservation(1e6).setLimit(1e6).setShare(1);
    }
    return spec.build();
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

  /** Why pods of the job wait, as etcd has it. */
  List<WaitingGroupRecord> waiting() {
    return committed().job(JOB).waiting().getGroupsList();
  }

  /** What the leader says of places for pods. */
  PlacementPlan plan(PlacementPlan.Question question) {
    return get(leader.loops.plan(question));
  }

  PodRecord pod(int instance) {
    return committed().job(JOB).pods().get(instance);
  }

  /** A run that is over, as it is kept. */
  Optional<PodHistoryRecord> history(int instance, long run) {
    return history(JOB, instance, run);
  }

  Optional<PodHistoryRecord> history(String job, int instance, long run) {
    return data.range(keyspace.key(new RecordKey.PodHistory(job, instance, run))).entries().stream()
        .map(
            entry -> {
              try {
                return PodHistoryRecord.parseFrom(entry.value());
              } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new IllegalStateException(entry.key(), e);
              }
            })
        .findFirst();
  }

  /** What a story comes to: the same, whatever was cut on the way. */
  Map<String, Object> outcome() {
    Map<String, Object> outcome = new TreeMap<>();
    JobEntry job = committed().job(JOB);
    outcome.put("living", mesos.living());
    outcome.put("violations", List.copyOf(mesos.violations()));
    if (!committed().volumes().volumes().isEmpty()) {
      outcome.put("reserved", List.copyOf(mesos.volumes().all().values()));
      outcome.put(
          "volumes",
          committed().volumes().volumes().values().stream()
              .filter(volume -> volume.getState() != VolumeState.VOLUME_STATE_DELETED)
              .map(v -> v.getInstance() + " " + v.getState() + " on " + v.getHost())
              .sorted()
              .toList());
    }
    outcome.put("failures", leader.meter.count(LoopMeter.Count.FAILURES));
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

  private <T> T get(CompletableFuture<T> future) {
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

  /** A job whose pods have a volume each. */
  static JobSpec jobWithVolumes(int instances, String command, int sizeMb) {
    JobSpec.Builder job = job(instances, command).toBuilder();
    job.getDefaultSpecBuilder().getVolumeBuilder().setContainerPath("data").setSizeMb(sizeMb);
    return job.build();
  }

  void deleteVolume(String id) {
    DeleteVolumeRequest.Builder request = DeleteVolumeRequest.newBuilder();
    request.getVolumeIdBuilder().setValue(id);
    call(volumes.delete(request.build()));
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
