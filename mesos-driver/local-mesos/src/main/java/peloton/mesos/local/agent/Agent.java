package peloton.mesos.local.agent;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.mesos.v1.Protos.ContainerID;
import org.apache.mesos.v1.Protos.ContainerStatus;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.NetworkInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.mesos.local.loop.EventLoop;

/**
 * One agent with a command executor for each task. It goes on while its master is away: tasks run
 * and end, and their updates wait.
 */
public final class Agent implements TaskRunner.Listener {

  private static final Logger log = LoggerFactory.getLogger(Agent.class);

  /** The grace of a task that names none, as in Mesos. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(3);

  private final String id;
  private final EventLoop loop;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final TaskRunner runner;
  private final Duration resendInterval;
  private final StatusSink master;
  private final Map<TaskKey, RunningTask> tasks = new LinkedHashMap<>();
  private Optional<DrainConfig> drain = Optional.empty();
  private boolean connected = true;

  /**
   * @param resendInterval how long an update may stay without acknowledgement before it is sent
   *     again; doubles each time
   */
  public Agent(
      String id,
      EventLoop loop,
      InstantSource clock,
      RandomGenerator random,
      TaskRunner runner,
      Duration resendInterval,
      StatusSink master) {
    this.id = id;
    this.loop = loop;
    this.clock = clock;
    this.random = random;
    this.runner = runner;
    this.resendInterval = resendInterval;
    this.master = master;
  }

  public String id() {
    return id;
  }

  /** Whether updates reach the master. */
  public boolean connected() {
    return connected;
  }

  /** Cuts the agent off from its master. */
  public void disconnect() {
    connected = false;
  }

  /** Joins the master again; updates that nobody acknowledged are sent again. */
  public void reconnect() {
    connected = true;
    List.copyOf(tasks.values()).forEach(task -> task.updates.resume());
  }

  /** Sends the oldest update of each of the framework's tasks again: it has a new scheduler. */
  public void resume(String frameworkId) {
    for (var task : List.copyOf(tasks.values())) {
      if (task.launch.key().frameworkId().equals(frameworkId)) {
        task.updates.resume();
      }
    }
  }

  /** Starts a task, unless the agent is being drained. */
  public void run(Owner owner, TaskInfo info) {
    var key = new TaskKey(owner.frameworkId(), info.getTaskId().getValue());
    var launch = new Launch(key, info, id, uuid(random).toString());
    var task = new RunningTask(launch, owner);
    tasks.put(key, task);
    if (drain.isPresent()) {
      task.update(
          owner.partitionAware() ? TaskState.TASK_DROPPED : TaskState.TASK_LOST,
          status ->
              status
                  .setMessage("The agent is draining")
                  .setSource(TaskStatus.Source.SOURCE_AGENT)
                  .setReason(TaskStatus.Reason.REASON_AGENT_DRAINING));
      return;
    }
    task.update(TaskState.TASK_STARTING, status -> {});
    runner.start(launch, this);
  }

  /**
   * Ends all tasks, and starts no more until {@link #endDrain}.
   *
   * @param config {@code max_grace_period} shortens the grace of tasks, and never extends it
   */
  public void drain(DrainConfig config) {
    drain = Optional.of(config);
    for (var task : List.copyOf(tasks.values())) {
      kill(task.launch.key(), shorterGrace(task.launch.info(), config));
    }
  }

  /** Tasks may be started again. */
  public void endDrain() {
    drain = Optional.empty();
  }

  private static Optional<KillPolicy> shorterGrace(TaskInfo info, DrainConfig config) {
    if (!config.hasMaxGracePeriod()) {
      return Optional.empty();
    }
    var most = config.getMaxGracePeriod();
    var own = info.getKillPolicy();
    return own.hasGracePeriod() && own.getGracePeriod().getNanoseconds() <= most.getNanoseconds()
        ? Optional.empty()
        : Optional.of(KillPolicy.newBuilder().setGracePeriod(most).build());
  }

  /** Asks a task to end; unknown tasks and those that have ended are left alone. */
  public void kill(TaskKey key, Optional<KillPolicy> override) {
    var task = tasks.get(key);
    if (task == null || TaskStates.isTerminal(task.updates.latest())) {
      return;
    }
    if (!task.killed) {
      task.killed = true;
      task.health.ifPresent(HealthMonitor::stop);
      boolean toldAsGone = drain.filter(DrainConfig::getMarkGone).isPresent();
      if (task.owner.reportsKilling() && !(toldAsGone && task.owner.partitionAware())) {
        task.update(TaskState.TASK_KILLING, status -> {});
      }
    }
    runner.stop(key, grace(task.launch.info(), override));
  }

  /** Takes the scheduler's acknowledgement of an update. */
  public void acknowledge(TaskKey key, ByteString uuid) {
    var task = tasks.get(key);
    if (task == null) {
      return;
    }
    task.updates.acknowledge(uuid);
    if (task.updates.finished()) {
      tasks.remove(key);
    }
  }

  /** Ends all tasks of a framework that is no more; nobody hears of it. */
  public void shutDown(String frameworkId) {
    tasks
        .values()
        .removeIf(
            task -> {
              if (!task.launch.key().frameworkId().equals(frameworkId)) {
                return false;
              }
              task.updates.stop();
              task.health.ifPresent(HealthMonitor::stop);
              runner.stop(task.launch.key(), DEFAULT_GRACE);
              return true;
            });
  }

  /** The newest state of a task; empty when the agent does not know it. */
  public Optional<TaskState> state(TaskKey key) {
    return Optional.ofNullable(tasks.get(key)).map(task -> task.updates.latest());
  }

  @Override
  public void running(TaskKey key) {
    var task = tasks.get(key);
    if (task != null && !task.killed) {
      task.update(TaskState.TASK_RUNNING, status -> {});
      task.watchHealth();
    }
  }

  @Override
  public void exited(TaskKey key, ExitStatus exit) {
    var task = tasks.get(key);
    if (task == null) {
      return;
    }
    task.health.ifPresent(HealthMonitor::stop);
    var state =
        task.killed
            ? TaskState.TASK_KILLED
            : exit.succeeded() ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED;
    task.update(
        state,
        status -> {
          status.setMessage(exit.describe());
          if (task.killed && task.unhealthy) {
            status.setHealthy(false);
          }
          if (state == TaskState.TASK_FAILED) {
            status.setReason(TaskStatus.Reason.REASON_COMMAND_EXECUTOR_FAILED);
          }
        });
  }

  @Override
  public void failedToStart(TaskKey key, String why) {
    var task = tasks.get(key);
    if (task == null) {
      return;
    }
    log.warn("Task {} does not start: {}", key, why);
    task.update(
        task.killed ? TaskState.TASK_KILLED : TaskState.TASK_FAILED,
        status ->
            status
                .setMessage(why)
                .setSource(TaskStatus.Source.SOURCE_AGENT)
                .setReason(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED));
  }

  private static Duration grace(TaskInfo info, Optional<KillPolicy> override) {
    if (override.isPresent() && override.get().hasGracePeriod()) {
      return Duration.ofNanos(override.get().getGracePeriod().getNanoseconds());
    }
    return info.hasKillPolicy() && info.getKillPolicy().hasGracePeriod()
        ? Duration.ofNanos(info.getKillPolicy().getGracePeriod().getNanoseconds())
        : DEFAULT_GRACE;
  }

  private static UUID uuid(RandomGenerator random) {
    return new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 1L << 63);
  }

  private static ByteString uuidBytes(RandomGenerator random) {
    var uuid = uuid(random);
    var bytes = ByteBuffer.allocate(16);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(bytes);
  }

  private final class RunningTask implements HealthMonitor.Listener {
    private final Launch launch;
    private final Owner owner;
    private final StatusStream updates;
    private final ContainerStatus container;
    private Optional<HealthMonitor> health = Optional.empty();
    private boolean killed;
    private boolean unhealthy;

    private RunningTask(Launch launch, Owner owner) {
      this.launch = launch;
      this.owner = owner;
      this.updates = new StatusStream(loop, resendInterval, this::send);
      this.container =
          ContainerStatus.newBuilder()
              .setContainerId(ContainerID.newBuilder().setValue(launch.containerId()))
              .addNetworkInfos(
                  NetworkInfo.newBuilder()
                      .addIpAddresses(
                          NetworkInfo.IPAddress.newBuilder()
                              .setProtocol(NetworkInfo.Protocol.IPv4)
                              .setIpAddress("127.0.0.1")))
              .build();
    }

    private void update(TaskState state, Consumer<TaskStatus.Builder> more) {
      var info = launch.info();
      var now = clock.instant();
      var status =
          TaskStatus.newBuilder()
              .setTaskId(info.getTaskId())
              .setState(state)
              .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
              .setAgentId(info.getAgentId())
              .setTimestamp(now.getEpochSecond() + now.getNano() / 1e9)
              .setUuid(uuidBytes(random))
              .setContainerStatus(container);
      status.getExecutorIdBuilder().setValue(info.getTaskId().getValue());
      more.accept(status);
      drain.ifPresent(config -> tellOfDrain(status, config));
      updates.add(status.build());
    }

    /** Whatever ends a task while its agent is drained, the drain is why. */
    private void tellOfDrain(TaskStatus.Builder status, DrainConfig config) {
      if (status.getState() != TaskState.TASK_KILLING
          && status.getState() != TaskState.TASK_KILLED) {
        return;
      }
      status.setReason(TaskStatus.Reason.REASON_AGENT_DRAINING);
      if (config.getMarkGone() && owner.partitionAware()) {
        status.setState(TaskState.TASK_GONE_BY_OPERATOR);
      }
    }

    private void watchHealth() {
      if (launch.info().hasHealthCheck()) {
        health =
            Optional.of(
                new HealthMonitor(
                    loop,
                    launch.info().getHealthCheck(),
                    result -> runner.probe(launch.key(), result),
                    this));
      }
    }

    @Override
    public void healthy() {
      tellHealth(true, "The task is healthy");
    }

    @Override
    public void unhealthy(String why, boolean kill) {
      tellHealth(false, why);
      if (kill) {
        unhealthy = true;
        Agent.this.kill(launch.key(), Optional.empty());
      }
    }

    private void tellHealth(boolean isHealthy, String message) {
      update(
          TaskState.TASK_RUNNING,
          status ->
              status
                  .setHealthy(isHealthy)
                  .setMessage(message)
                  .setReason(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED));
    }

    private void send(TaskStatus status) {
      if (connected) {
        master.statusUpdate(Agent.this, launch.key(), status, updates.latest());
      }
    }
  }
}
