package peloton.mesos.local.agent;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import org.apache.mesos.v1.Protos.ContainerID;
import org.apache.mesos.v1.Protos.ContainerStatus;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.NetworkInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import peloton.mesos.local.loop.EventLoop;

/** One task of an agent: what is told of it, and what watches it while it runs. */
final class RunningTask implements HealthMonitor.Listener {

  private final Launch launch;
  private final Owner owner;
  private final Tools tools;
  private final StatusStream updates;
  private final ContainerStatus container;
  private Optional<HealthMonitor> health = Optional.empty();
  private Optional<CheckMonitor> check = Optional.empty();
  private Optional<Boolean> lastHealth = Optional.empty();
  private Optional<CheckStatusInfo> lastCheck;
  private boolean killed;
  private boolean unhealthy;

  /** What a task needs of its agent. */
  record Tools(
      EventLoop loop,
      InstantSource clock,
      RandomGenerator random,
      TaskRunner runner,
      Duration resendInterval,
      Sender sender) {}

  /** The agent's side of its tasks. */
  interface Sender {

    void send(RunningTask task, TaskStatus status);

    /** The health check has failed often enough. */
    void unhealthy(RunningTask task);

    Optional<DrainConfig> drain();
  }

  RunningTask(Launch launch, Owner owner, Tools tools) {
    this.launch = launch;
    this.owner = owner;
    this.tools = tools;
    this.updates =
        new StatusStream(
            tools.loop(),
            tools.resendInterval(),
            status -> tools.sender().send(RunningTask.this, status));
    this.lastCheck =
        launch.info().hasCheck()
            ? Optional.of(CheckMonitor.unknown(launch.info().getCheck()))
            : Optional.empty();
    var id = ContainerID.newBuilder().setValue(launch.containerId());
    launch.parent().ifPresent(parent -> id.getParentBuilder().setValue(parent.containerId()));
    this.container =
        ContainerStatus.newBuilder()
            .setContainerId(id)
            .addNetworkInfos(
                NetworkInfo.newBuilder()
                    .addIpAddresses(
                        NetworkInfo.IPAddress.newBuilder()
                            .setProtocol(NetworkInfo.Protocol.IPv4)
                            .setIpAddress("127.0.0.1")))
            .build();
  }

  TaskKey key() {
    return launch.key();
  }

  Launch launch() {
    return launch;
  }

  Owner owner() {
    return owner;
  }

  StatusStream updates() {
    return updates;
  }

  boolean isOver() {
    return TaskStates.isTerminal(updates.latest());
  }

  boolean killed() {
    return killed;
  }

  boolean unhealthy() {
    return unhealthy;
  }

  /** It is being killed; nothing watches it any more. */
  void beginKill() {
    killed = true;
    stopWatching();
  }

  void update(TaskState state, Consumer<TaskStatus.Builder> more) {
    var info = launch.info();
    var now = tools.clock().instant();
    var status =
        TaskStatus.newBuilder()
            .setTaskId(info.getTaskId())
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setAgentId(info.getAgentId())
            .setTimestamp(now.getEpochSecond() + now.getNano() / 1e9)
            .setUuid(uuidBytes(tools.random()))
            .setContainerStatus(container);
    status.getExecutorIdBuilder().setValue(launch.executorId());
    lastCheck.ifPresent(status::setCheckStatus);
    if (state == TaskState.TASK_RUNNING) {
      lastHealth.ifPresent(status::setHealthy);
    }
    more.accept(status);
    tools.sender().drain().ifPresent(config -> tellOfDrain(status, config));
    updates.add(status.build());
  }

  /** It runs now: checks begin. */
  void watch() {
    var info = launch.info();
    if (info.hasHealthCheck()) {
      health =
          Optional.of(
              new HealthMonitor(
                  tools.loop(),
                  info.getHealthCheck(),
                  result -> tools.runner().probe(key(), result),
                  this));
    }
    if (info.hasCheck()) {
      check =
          Optional.of(
              new CheckMonitor(
                  tools.loop(),
                  info.getCheck(),
                  result -> tools.runner().check(key(), result),
                  this::checked));
    }
  }

  void stopWatching() {
    health.ifPresent(HealthMonitor::stop);
    check.ifPresent(CheckMonitor::stop);
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
      tools.sender().unhealthy(this);
    }
  }

  private void tellHealth(boolean isHealthy, String message) {
    lastHealth = Optional.of(isHealthy);
    update(
        TaskState.TASK_RUNNING,
        status ->
            status
                .setMessage(message)
                .setReason(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED));
  }

  private void checked(CheckStatusInfo result) {
    lastCheck = Optional.of(result);
    update(
        TaskState.TASK_RUNNING,
        status -> status.setReason(TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED));
  }

  /** Whatever ends a task while its agent is drained, the drain is why. */
  private void tellOfDrain(TaskStatus.Builder status, DrainConfig config) {
    if (status.getState() != TaskState.TASK_KILLING && status.getState() != TaskState.TASK_KILLED) {
      return;
    }
    status.setReason(TaskStatus.Reason.REASON_AGENT_DRAINING);
    if (config.getMarkGone() && owner.partitionAware()) {
      status.setState(TaskState.TASK_GONE_BY_OPERATOR);
    }
  }

  static UUID uuid(RandomGenerator random) {
    return new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 1L << 63);
  }

  private static ByteString uuidBytes(RandomGenerator random) {
    var uuid = uuid(random);
    var bytes = ByteBuffer.allocate(16);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(bytes);
  }
}
