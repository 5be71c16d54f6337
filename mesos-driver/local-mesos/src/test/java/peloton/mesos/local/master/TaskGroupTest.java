package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.CheckInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.mesos.local.agent.SimulatedTasks;
import peloton.mesos.local.resources.Resources;

/** LAUNCH_GROUP and default executors; what a real master and agent were seen to do. */
class TaskGroupTest {

  private static final Resources EACH = Fixture.EACH.plus(Resources.scalar("disk", 1024));

  private final Fixture fixture = new Fixture();
  private Offer offer;

  @BeforeEach
  void offer() {
    fixture.addAgent(EACH);
    fixture.subscribe(
        Fixture.framework(Capability.Type.PARTITION_AWARE, Capability.Type.TASK_KILLING_STATE));
    offer = fixture.scheduler.takeOffer();
  }

  @Test
  void aGroupRunsOnOneExecutorWhoseResourcesAreTakenToo() {
    launchGroup(executor(), task("a"), task("b"));
    acknowledgeAll(TaskState.TASK_STARTING, TaskState.TASK_STARTING);
    var running = acknowledgeAll(TaskState.TASK_RUNNING, TaskState.TASK_RUNNING);
    assertThat(running)
        .allSatisfy(
            status -> {
              assertThat(status.getExecutorId().getValue()).isEqualTo("pod");
              assertThat(status.getContainerStatus().getContainerId().hasParent()).isTrue();
            });
    assertThat(running.get(0).getContainerStatus().getContainerId().getParent())
        .isEqualTo(running.get(1).getContainerStatus().getContainerId().getParent());
    fixture.loop.advance(Duration.ofSeconds(6));
    assertThat(fixture.scheduler.takeOffer().getResourcesList())
        .filteredOn(resource -> resource.getName().equals("cpus"))
        .extracting(resource -> resource.getScalar().getValue())
        .containsExactly(4 - 2 - 0.1);
  }

  @Test
  void aTaskThatFailsTakesItsSiblingsWithIt() {
    launchGroup(executor(), ending("fails", 1), task("sibling"));
    acknowledgeAll(TaskState.TASK_STARTING, TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING, TaskState.TASK_RUNNING);
    fixture.loop.advance(Duration.ofSeconds(10));
    acknowledgeAll(TaskState.TASK_FAILED, TaskState.TASK_KILLING);
    acknowledgeAll(TaskState.TASK_KILLED);
    assertExecutorEnded();
    assertNothingIsTaken();
  }

  @Test
  void aTaskThatSucceedsLeavesItsSiblingsAlone() {
    launchGroup(executor(), ending("done", 0), task("stays"));
    acknowledgeAll(TaskState.TASK_STARTING, TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING, TaskState.TASK_RUNNING);
    fixture.loop.advance(Duration.ofSeconds(10));
    acknowledgeAll(TaskState.TASK_FINISHED);
    fixture.loop.advance(Duration.ofHours(1));
    assertThat(fixture.scheduler.takeUpdates()).isEmpty();
    assertThat(fixture.scheduler.take(Event.Type.FAILURE)).isEmpty();
  }

  @Test
  void theExecutorEndsWithItsLastTaskAndThatIsAFailureOfStatusZero() {
    launchGroup(executor(), ending("done", 0));
    acknowledgeAll(TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING);
    fixture.loop.advance(Duration.ofSeconds(10));
    acknowledgeAll(TaskState.TASK_FINISHED);
    assertExecutorEnded();
    assertNothingIsTaken();
  }

  @Test
  void killingOneMemberKillsTheGroup() {
    launchGroup(executor(), task("a"), task("b"));
    acknowledgeAll(TaskState.TASK_STARTING, TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING, TaskState.TASK_RUNNING);
    fixture.kill("a");
    var killing = fixture.scheduler.takeUpdates();
    assertThat(killing)
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_KILLING, TaskState.TASK_KILLING);
    killing.forEach(fixture::acknowledge);
    acknowledgeAll(TaskState.TASK_KILLED, TaskState.TASK_KILLED);
    assertExecutorEnded();
  }

  @Test
  void aSecondGroupJoinsARunningExecutorAndDoesNotPayForItAgain() {
    launchGroup(executor(), task("a"));
    acknowledgeAll(TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING);
    fixture.loop.advance(Duration.ofSeconds(6));
    offer = fixture.scheduler.takeOffer();
    launchGroup(executor(), ending("b", 1));
    acknowledgeAll(TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING);
    fixture.loop.advance(Duration.ofSeconds(10));
    assertThat(fixture.scheduler.takeUpdates())
        .as("another group's failure is not one's own")
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_FAILED);
    offer = fixture.scheduler.takeOffer();
    assertThat(offer.getResourcesList())
        .filteredOn(resource -> resource.getName().equals("cpus"))
        .extracting(resource -> resource.getScalar().getValue())
        .containsExactly(4 - 1 - 0.1);
  }

  @Test
  void anotherExecutorInfoUnderTheSameIdIsRefused() {
    launchGroup(executor(), task("a"));
    acknowledgeAll(TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING);
    fixture.loop.advance(Duration.ofSeconds(6));
    offer = fixture.scheduler.takeOffer();
    launchGroup(executor().setName("another"), task("b"));
    assertThat(refused()).contains("not compatible with existing ExecutorInfo");
  }

  @Test
  void aShutdownOfTheExecutorKillsItsTasks() {
    launchGroup(executor(), task("a"), task("b"));
    acknowledgeAll(TaskState.TASK_STARTING, TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING, TaskState.TASK_RUNNING);
    var shutdown = Call.Shutdown.newBuilder().setAgentId(offer.getAgentId());
    shutdown.getExecutorIdBuilder().setValue("pod");
    fixture.call(Call.newBuilder().setType(Call.Type.SHUTDOWN).setShutdown(shutdown));
    acknowledgeAll(TaskState.TASK_KILLING, TaskState.TASK_KILLING);
    acknowledgeAll(TaskState.TASK_KILLED, TaskState.TASK_KILLED);
    assertExecutorEnded();
  }

  @Test
  void aFailingHealthCheckKillsTheGroupAndIsNoFailure() {
    var sick = task("sick");
    sick.getLabelsBuilder().addLabelsBuilder().setKey(SimulatedTasks.HEALTH).setValue("failing");
    sick.getHealthCheckBuilder()
        .setType(HealthCheck.Type.TCP)
        .setDelaySeconds(0)
        .setGracePeriodSeconds(0)
        .setConsecutiveFailures(1)
        .getTcpBuilder()
        .setPort(80);
    launchGroup(executor(), sick, task("sibling"));
    acknowledgeAll(TaskState.TASK_STARTING, TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING, TaskState.TASK_RUNNING);
    var statuses = drainUpdates();
    assertThat(statuses.stream().filter(status -> status.getTaskId().getValue().equals("sick")))
        .extracting(TaskStatus::getState, TaskStatus::hasHealthy, TaskStatus::getHealthy)
        .containsExactly(
            tuple(TaskState.TASK_RUNNING, true, false),
            tuple(TaskState.TASK_KILLING, false, false),
            tuple(TaskState.TASK_KILLED, true, false));
    assertThat(statuses.stream().filter(status -> status.getTaskId().getValue().equals("sibling")))
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_KILLING, TaskState.TASK_KILLED);
  }

  @Test
  void aCheckIsToldWhenItsResultChangesAndKillsNobody() {
    var unready = task("unready");
    unready.getLabelsBuilder().addLabelsBuilder().setKey(SimulatedTasks.CHECK).setValue("failing");
    unready
        .getCheckBuilder()
        .setType(CheckInfo.Type.HTTP)
        .setDelaySeconds(2)
        .setIntervalSeconds(1)
        .getHttpBuilder()
        .setPort(80);
    launchGroup(executor(), unready);
    acknowledgeAll(TaskState.TASK_STARTING);
    var running = acknowledgeAll(TaskState.TASK_RUNNING).get(0);
    assertThat(running.getCheckStatus().getType()).isEqualTo(CheckInfo.Type.HTTP);
    assertThat(running.getCheckStatus().getHttp().hasStatusCode()).isFalse();
    fixture.loop.advance(Duration.ofSeconds(2));
    var checked = acknowledgeAll(TaskState.TASK_RUNNING).get(0);
    assertThat(checked.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED);
    assertThat(checked.getCheckStatus().getHttp().getStatusCode()).isEqualTo(503);
    fixture.loop.advance(Duration.ofMinutes(5));
    assertThat(fixture.scheduler.takeUpdates()).isEmpty();
  }

  @Test
  void anExecutorIsAccountedForWhileItsAgentIsLostAndBack() {
    launchGroup(executor(), ending("a", 0));
    acknowledgeAll(TaskState.TASK_STARTING);
    acknowledgeAll(TaskState.TASK_RUNNING);
    String agent = offer.getAgentId().getValue();
    fixture.master.loseAgent(agent);
    fixture.loop.advance(Fixture.PING_TIMEOUT);
    fixture.scheduler.takeUpdate(TaskState.TASK_UNREACHABLE);
    fixture.master.returnAgent(agent);
    fixture.loop.advance(Duration.ofSeconds(6));
    acknowledgeAll(TaskState.TASK_FINISHED);
    fixture.loop.advance(Duration.ofSeconds(6));
    assertNothingIsTaken();
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        executor("uses no disk", e -> e.removeResources(2)),
        executor("uses less CPUs (0.005)", e -> e.setResources(0, Fixture.scalar("cpus", 0.005))),
        executor("uses less memory (16.0 MB)", e -> e.setResources(1, Fixture.scalar("mem", 16))),
        executor("'ExecutorInfo.type' must be set", ExecutorInfo.Builder::clearType),
        executor("'ExecutorInfo.framework_id' must be set", ExecutorInfo.Builder::clearFrameworkId),
        executor("invalid framework ID", e -> e.getFrameworkIdBuilder().setValue("another")),
        executor(
            "'ExecutorInfo.command' must not be set", e -> e.getCommandBuilder().setValue("x")),
        executor(
            "must be 'MESOS'", e -> e.getContainerBuilder().setType(ContainerInfo.Type.DOCKER)),
        executor(
            "cannot be set to 'true' on executor containers",
            e ->
                e.getContainerBuilder()
                    .setType(ContainerInfo.Type.MESOS)
                    .getLinuxInfoBuilder()
                    .setShareCgroups(true)),
        executor("more than available", e -> e.setResources(1, Fixture.scalar("mem", 1e6))),
        task("'a' is twice in the task group", t -> t.getTaskIdBuilder().setValue("a")),
        task("Task 'b' is invalid: Task uses no resources", TaskInfo.Builder::clearResources),
        task("'TaskInfo.command' must be set", TaskInfo.Builder::clearCommand),
        task(
            "is different from executor",
            t -> t.getExecutorBuilder().getExecutorIdBuilder().setValue("x")),
        task(
            "Docker ContainerInfo is not supported",
            t -> t.getContainerBuilder().setType(ContainerInfo.Type.DOCKER)),
        task(
            "'share_cgroups' field is set to 'false'",
            t -> t.putLimits("mem", Value.Scalar.newBuilder().setValue(1).build())),
        task(
            "must be the same for all tasks",
            t ->
                t.getContainerBuilder()
                    .setType(ContainerInfo.Type.MESOS)
                    .getLinuxInfoBuilder()
                    .setShareCgroups(false)),
        task(
            "TaskInfo.check.type must be set", t -> t.getCheckBuilder().getTcpBuilder().setPort(1)),
        task(
            "not supported for nested containers not joining parent's network",
            t -> {
              t.getContainerBuilder().setType(ContainerInfo.Type.MESOS).addNetworkInfosBuilder();
              t.getHealthCheckBuilder().setType(HealthCheck.Type.TCP).getTcpBuilder().setPort(1);
            }));
  }

  private static Arguments executor(String problem, Consumer<ExecutorInfo.Builder> change) {
    Consumer<TaskInfo.Builder> none = task -> {};
    return Arguments.of(problem, change, none);
  }

  private static Arguments task(String problem, Consumer<TaskInfo.Builder> change) {
    Consumer<ExecutorInfo.Builder> none = executor -> {};
    return Arguments.of(problem, none, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void aGroupThatIsNotValidIsAnErrorOfAllItsTasks(
      String problem,
      Consumer<ExecutorInfo.Builder> onExecutor,
      Consumer<TaskInfo.Builder> onTask) {
    var executor = executor();
    onExecutor.accept(executor);
    var second = task("b");
    onTask.accept(second);
    launchGroup(executor, task("a"), second);
    var statuses = fixture.scheduler.takeUpdates();
    assertThat(statuses).hasSize(2);
    assertThat(statuses)
        .allSatisfy(
            status -> {
              assertThat(status.getState()).isEqualTo(TaskState.TASK_ERROR);
              assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_GROUP_INVALID);
              assertThat(status.getMessage()).contains(problem);
              assertThat(status.hasUuid()).as("the master's own word").isFalse();
            });
    assertNothingIsTaken();
  }

  private String refused() {
    var status = fixture.scheduler.takeUpdate(TaskState.TASK_ERROR);
    assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_GROUP_INVALID);
    return status.getMessage();
  }

  private void assertExecutorEnded() {
    var failures = fixture.scheduler.take(Event.Type.FAILURE);
    assertThat(failures).hasSize(1);
    var failure = failures.get(0).getFailure();
    assertThat(failure.getExecutorId().getValue()).isEqualTo("pod");
    assertThat(failure.getAgentId()).isEqualTo(offer.getAgentId());
    assertThat(failure.hasStatus()).isTrue();
    assertThat(failure.getStatus()).isZero();
  }

  private void assertNothingIsTaken() {
    assertThat(fixture.agents().get(0).getAllocatedResourcesList()).isEmpty();
  }

  private List<TaskStatus> acknowledgeAll(TaskState... states) {
    var updates = fixture.scheduler.takeUpdates();
    assertThat(updates).extracting(TaskStatus::getState).containsExactlyInAnyOrder(states);
    updates.forEach(fixture::acknowledge);
    return updates;
  }

  private List<TaskStatus> drainUpdates() {
    var all = new ArrayList<TaskStatus>();
    for (var updates = fixture.scheduler.takeUpdates();
        !updates.isEmpty();
        updates = fixture.scheduler.takeUpdates()) {
      all.addAll(updates);
      updates.forEach(fixture::acknowledge);
    }
    return all;
  }

  private ExecutorInfo.Builder executor() {
    var executor =
        ExecutorInfo.newBuilder()
            .setType(ExecutorInfo.Type.DEFAULT)
            .addResources(Fixture.scalar("cpus", 0.1))
            .addResources(Fixture.scalar("mem", 32))
            .addResources(Fixture.scalar("disk", 16));
    executor.getExecutorIdBuilder().setValue("pod");
    executor.getFrameworkIdBuilder().setValue(fixture.frameworkId());
    return executor;
  }

  private TaskInfo.Builder task(String id) {
    return Fixture.task(offer, id);
  }

  /** A task that ends by itself after five seconds. */
  private TaskInfo.Builder ending(String id, int code) {
    var task = task(id);
    task.getLabelsBuilder().addLabelsBuilder().setKey(SimulatedTasks.RUN_SECONDS).setValue("5");
    task.getLabelsBuilder()
        .addLabelsBuilder()
        .setKey(SimulatedTasks.EXIT_CODE)
        .setValue(Integer.toString(code));
    return task;
  }

  private void launchGroup(ExecutorInfo.Builder executor, TaskInfo.Builder... tasks) {
    var group = Offer.Operation.LaunchGroup.newBuilder().setExecutor(executor);
    for (var task : tasks) {
      group.getTaskGroupBuilder().addTasks(task);
    }
    fixture.accept(
        List.of(offer),
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.LAUNCH_GROUP)
            .setLaunchGroup(group),
        5);
  }
}
