package peloton.mesos.local.agent;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.mesos.local.loop.EventLoop;

/**
 * One agent with a command executor for each single task and default executors for groups. It goes
 * on while its master is away: tasks run and end, and their updates wait.
 */
public final class Agent implements TaskRunner.Listener, RunningTask.Sender {

  private static final Logger log = LoggerFactory.getLogger(Agent.class);

  /** The grace of a task that names none, as in Mesos. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(3);

  private final String id;
  private final String hostname;
  private final TaskRunner runner;
  private final StatusSink master;
  private final RunningTask.Tools tools;
  private final Map<TaskKey, RunningTask> tasks = new LinkedHashMap<>();
  private final Map<ExecutorKey, GroupExecutor> executors = new LinkedHashMap<>();
  private Optional<DrainConfig> drain = Optional.empty();
  private boolean connected = true;

  /**
   * @param hostname the machine that it is on
   * @param resendInterval how long an update may stay without acknowledgement before it is sent
   *     again; doubles each time
   */
  public Agent(
      String id,
      String hostname,
      EventLoop loop,
      InstantSource clock,
      RandomGenerator random,
      TaskRunner runner,
      Duration resendInterval,
      StatusSink master) {
    this.id = id;
    this.hostname = hostname;
    this.runner = runner;
    this.master = master;
    this.tools = new RunningTask.Tools(loop, clock, random, runner, resendInterval, this);
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
    List.copyOf(tasks.values()).forEach(task -> task.updates().resume());
  }

  /** Sends the oldest update of each of the framework's tasks again: it has a new scheduler. */
  public void resume(String frameworkId) {
    for (var task : List.copyOf(tasks.values())) {
      if (task.key().frameworkId().equals(frameworkId)) {
        task.updates().resume();
      }
    }
  }

  /** Starts a task, unless the agent is being drained. */
  public void run(Owner owner, TaskInfo info) {
    run(List.of(task(owner, info, Optional.empty())));
  }

  /** Starts tasks that belong together, on a new default executor or on one that is there. */
  public void runGroup(Owner owner, ExecutorInfo info, List<TaskInfo> infos) {
    String executorId = info.getExecutorId().getValue();
    var key = new ExecutorKey(owner.frameworkId(), executorId);
    var executor =
        executors.computeIfAbsent(
            key,
            any ->
                new GroupExecutor(
                    key,
                    new GroupContainer(
                        executorId,
                        newContainerId(),
                        PersistentVolume.of(hostname, info.getResourcesList()))));
    var group = new ArrayList<RunningTask>(infos.size());
    infos.forEach(task -> group.add(task(owner, task, Optional.of(executor.container()))));
    executor.add(group.stream().map(RunningTask::key).toList());
    run(group);
  }

  private RunningTask task(Owner owner, TaskInfo info, Optional<GroupContainer> parent) {
    var key = new TaskKey(owner.frameworkId(), info.getTaskId().getValue());
    return new RunningTask(
        new Launch(key, info, id, hostname, newContainerId(), parent), owner, tools);
  }

  private void run(List<RunningTask> group) {
    group.forEach(task -> tasks.put(task.key(), task));
    for (var task : group) {
      if (drain.isPresent()) {
        drop(task);
      } else {
        task.update(TaskState.TASK_STARTING, status -> {});
      }
    }
    if (drain.isEmpty()) {
      group.forEach(task -> runner.start(task.launch(), this));
    }
  }

  private void drop(RunningTask task) {
    task.update(
        task.owner().partitionAware() ? TaskState.TASK_DROPPED : TaskState.TASK_LOST,
        status ->
            status
                .setMessage("The agent is draining")
                .setSource(TaskStatus.Source.SOURCE_AGENT)
                .setReason(TaskStatus.Reason.REASON_AGENT_DRAINING));
    over(task, true);
  }

  /**
   * Ends all tasks, and starts no more until {@link #endDrain}.
   *
   * @param config {@code max_grace_period} shortens the grace of tasks, and never extends it
   */
  public void drain(DrainConfig config) {
    drain = Optional.of(config);
    for (var task : List.copyOf(tasks.values())) {
      kill(task.key(), shorterGrace(task.launch().info(), config));
    }
  }

  /** Tasks may be started again. */
  public void endDrain() {
    drain = Optional.empty();
  }

  @Override
  public Optional<DrainConfig> drain() {
    return drain;
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
    if (task == null || task.isOver()) {
      return;
    }
    if (!task.killed()) {
      task.beginKill();
      boolean toldAsGone = drain.filter(DrainConfig::getMarkGone).isPresent();
      if (task.owner().reportsKilling() && !(toldAsGone && task.owner().partitionAware())) {
        task.update(TaskState.TASK_KILLING, status -> {});
      }
    }
    runner.stop(key, grace(task.launch().info(), override));
  }

  /** Asks a default executor to end, with all its tasks; an unknown one is left alone. */
  public void shutDown(ExecutorKey key) {
    var executor = executors.get(key);
    if (executor != null) {
      executor.live().forEach(task -> kill(task, Optional.empty()));
    }
  }

  /** Makes persistent volumes; they are empty. */
  public void createVolumes(List<Resource> volumes) {
    PersistentVolume.of(hostname, volumes).forEach(runner::createVolume);
  }

  /** Destroys persistent volumes with all data on them. */
  public void destroyVolumes(List<Resource> volumes) {
    PersistentVolume.of(hostname, volumes).forEach(runner::destroyVolume);
  }

  /** Whether a default executor is there. */
  public boolean hasExecutor(ExecutorKey key) {
    return executors.containsKey(key);
  }

  /** Takes the scheduler's acknowledgement of an update. */
  public void acknowledge(TaskKey key, ByteString uuid) {
    var task = tasks.get(key);
    if (task == null) {
      return;
    }
    task.updates().acknowledge(uuid);
    if (task.updates().finished()) {
      tasks.remove(key);
    }
  }

  /** Ends all tasks of a framework that is no more; nobody hears of it. */
  public void shutDown(String frameworkId) {
    executors.keySet().removeIf(key -> key.frameworkId().equals(frameworkId));
    tasks
        .values()
        .removeIf(
            task -> {
              if (!task.key().frameworkId().equals(frameworkId)) {
                return false;
              }
              task.updates().stop();
              task.stopWatching();
              runner.stop(task.key(), DEFAULT_GRACE);
              return true;
            });
  }

  /** The newest state of a task; empty when the agent does not know it. */
  public Optional<TaskState> state(TaskKey key) {
    return Optional.ofNullable(tasks.get(key)).map(task -> task.updates().latest());
  }

  @Override
  public void running(TaskKey key) {
    var task = tasks.get(key);
    if (task != null && !task.killed()) {
      task.update(TaskState.TASK_RUNNING, status -> {});
      task.watch();
    }
  }

  @Override
  public void exited(TaskKey key, ExitStatus exit) {
    var task = tasks.get(key);
    if (task == null) {
      return;
    }
    task.stopWatching();
    var state =
        task.killed()
            ? TaskState.TASK_KILLED
            : exit.succeeded() ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED;
    boolean ofGroup = task.launch().parent().isPresent();
    task.update(
        state,
        status -> {
          status.setMessage(exit.describe());
          if (task.killed() && task.unhealthy()) {
            status.setHealthy(false);
          }
          if (state == TaskState.TASK_FAILED && !ofGroup) {
            status.setReason(TaskStatus.Reason.REASON_COMMAND_EXECUTOR_FAILED);
          }
        });
    over(task, state == TaskState.TASK_FINISHED);
  }

  @Override
  public void failedToStart(TaskKey key, String why) {
    var task = tasks.get(key);
    if (task == null) {
      return;
    }
    log.warn("Task {} does not start: {}", key, why);
    task.update(
        task.killed() ? TaskState.TASK_KILLED : TaskState.TASK_FAILED,
        status ->
            status
                .setMessage(why)
                .setSource(TaskStatus.Source.SOURCE_AGENT)
                .setReason(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED));
    over(task, false);
  }

  /** What the end of a task means for its group and its executor. */
  private void over(RunningTask task, boolean well) {
    var parent = task.launch().parent();
    if (parent.isEmpty()) {
      return;
    }
    var key = new ExecutorKey(task.key().frameworkId(), parent.get().executorId());
    var executor = executors.get(key);
    if (executor == null) {
      return;
    }
    executor.ended(task.key(), well).forEach(sibling -> kill(sibling, Optional.empty()));
    if (executor.isIdle()) {
      executors.remove(key);
      if (connected) {
        master.executorExited(this, key, 0);
      }
    }
  }

  @Override
  public void send(RunningTask task, TaskStatus status) {
    if (connected) {
      master.statusUpdate(this, task.key(), status, task.updates().latest());
    }
  }

  @Override
  public void unhealthy(RunningTask task) {
    kill(task.key(), Optional.empty());
  }

  private String newContainerId() {
    return RunningTask.uuid(tools.random()).toString();
  }

  private static Duration grace(TaskInfo info, Optional<KillPolicy> override) {
    if (override.isPresent() && override.get().hasGracePeriod()) {
      return Duration.ofNanos(override.get().getGracePeriod().getNanoseconds());
    }
    return info.hasKillPolicy() && info.getKillPolicy().hasGracePeriod()
        ? Duration.ofNanos(info.getKillPolicy().getGracePeriod().getNanoseconds())
        : DEFAULT_GRACE;
  }
}
