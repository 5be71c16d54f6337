package peloton.mesos.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.mesos.v1.Protos.CheckInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.RLimitInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Volume;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.mesos.local.process.Images;

/** Task groups, containers and checks with real processes. */
class GroupTasksIT {

  @TempDir Path workDir;
  private LocalMesos mesos;
  private TestScheduler scheduler;
  private Offer offer;

  @BeforeEach
  void start() throws Exception {
    mesos =
        LocalMesos.start(
            LocalMesosSettings.real(workDir, 1)
                .withAllocationInterval(Duration.ofMillis(20))
                .withTasks(
                    new LocalMesosSettings.Tasks.Real(Images.ignoredBut(Set.of("no/such:1")))));
    scheduler =
        TestScheduler.subscribed(
            mesos.port(),
            TestScheduler.framework(
                    Capability.Type.PARTITION_AWARE, Capability.Type.TASK_KILLING_STATE)
                .build());
    offer = scheduler.expectOffer();
  }

  @AfterEach
  void stop() throws Exception {
    scheduler.close();
    mesos.close();
  }

  @Test
  void tasksOfAGroupShareAVolumeOfTheirExecutorAndDieTogether() throws Exception {
    var writer = task("writer", "echo hello > shared/note; exec sleep 1000");
    shared(writer);
    var reader =
        task(
            "reader",
            "until test -s shared/note; do sleep 0.05; done; cat shared/note;"
                + " echo $MESOS_EXECUTOR_ID $MESOS_TASK_ID; pwd; exit 7");
    shared(reader);
    launchGroup(writer, reader);
    scheduler.expectState("writer", TaskState.TASK_STARTING);
    scheduler.expectState("reader", TaskState.TASK_STARTING);
    scheduler.expectState("writer", TaskState.TASK_RUNNING);
    scheduler.expectState("reader", TaskState.TASK_RUNNING);
    var failed = scheduler.expectState("reader", TaskState.TASK_FAILED);
    assertThat(failed.getMessage()).isEqualTo("Command exited with status 7");
    scheduler.expectState("writer", TaskState.TASK_KILLING);
    var killed = scheduler.expectState("writer", TaskState.TASK_KILLED);
    assertThat(killed.getMessage()).isEqualTo("Command terminated with signal Terminated");
    var failure = scheduler.expect(Event.Type.FAILURE).getFailure();
    assertThat(failure.getExecutorId().getValue()).isEqualTo("pod");
    assertThat(failure.getStatus()).isZero();

    var sandbox = sandbox("reader");
    assertThat(sandbox.resolve("stdout")).hasContent("hello\npod reader\n" + sandbox.toRealPath());
    assertThat(sandbox("writer").toRealPath()).isNotEqualTo(sandbox.toRealPath());
    assertThat(sandbox.toRealPath().getParent().getParent().resolve("common/note"))
        .hasContent("hello");
    assertThat(sandbox.toRealPath().getFileName().toString())
        .isEqualTo(failed.getContainerStatus().getContainerId().getValue());
  }

  @Test
  void limitsOfAContainerHoldInItsProcess() throws Exception {
    var task = task("limited", "ulimit -Sn; ulimit -Hn");
    task.getContainerBuilder()
        .setType(ContainerInfo.Type.MESOS)
        .getRlimitInfoBuilder()
        .addRlimitsBuilder()
        .setType(RLimitInfo.RLimit.Type.RLMT_NOFILE)
        .setSoft(123)
        .setHard(234);
    launchGroup(task);
    scheduler.expectState("limited", TaskState.TASK_STARTING);
    scheduler.expectState("limited", TaskState.TASK_RUNNING);
    scheduler.expectState("limited", TaskState.TASK_FINISHED);
    assertThat(sandbox("limited").resolve("stdout")).hasContent("123\n234");
  }

  @Test
  void anImageThatCannotBePulledFailsTheGroup() throws Exception {
    var bad = task("bad", "true");
    image(bad, "no/such:1");
    var good = task("good", "exec sleep 1000");
    image(good, "some/thing:1");
    launchGroup(bad, good);
    scheduler.expectState("bad", TaskState.TASK_STARTING);
    var failed = scheduler.expectState("bad", TaskState.TASK_FAILED);
    assertThat(failed.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED);
    assertThat(failed.getMessage())
        .isEqualTo("Failed to pull image 'no/such:1': it is in no registry");
    scheduler.expect(
        event ->
            event.getType() == Event.Type.UPDATE
                && event.getUpdate().getStatus().getState() == TaskState.TASK_STARTING,
        "STARTING of the other");
    assertThat(mesos.tasks())
        .filteredOn(task -> task.taskId().equals("good"))
        .extracting("state")
        .doesNotContain(TaskState.TASK_FINISHED, TaskState.TASK_FAILED);
  }

  @Test
  void aProgramThatIsNotThereIsNamed() throws Exception {
    var task = task("missing", "no-such-program");
    task.getCommandBuilder().setShell(false).addArguments("no-such-program");
    launchGroup(task);
    scheduler.expectState("missing", TaskState.TASK_STARTING);
    var failed = scheduler.expectState("missing", TaskState.TASK_FAILED);
    assertThat(failed.getMessage())
        .contains("'no-such-program': there is no such program that may be executed");
    scheduler.expect(Event.Type.FAILURE);
  }

  @Test
  void checksTellWhatTheyFindAndHealthChecksGoOnBesideThem() throws Exception {
    var task = task("checked", "exec sleep 1000");
    task.getCheckBuilder()
        .setType(CheckInfo.Type.COMMAND)
        .setDelaySeconds(0)
        .setIntervalSeconds(0.05)
        .getCommandBuilder()
        .getCommandBuilder()
        .setValue("test -f ready || exit 3");
    task.getHealthCheckBuilder()
        .setType(HealthCheck.Type.COMMAND)
        .setDelaySeconds(0)
        .setIntervalSeconds(1000)
        .getCommandBuilder()
        .setValue("true");
    launchGroup(task);
    scheduler.expectState("checked", TaskState.TASK_STARTING);
    var running = scheduler.expectState("checked", TaskState.TASK_RUNNING);
    assertThat(running.getCheckStatus().getType()).isEqualTo(CheckInfo.Type.COMMAND);
    assertThat(running.getCheckStatus().getCommand().hasExitCode()).isFalse();
    var two =
        List.of(
            scheduler.expectState("checked", TaskState.TASK_RUNNING),
            scheduler.expectState("checked", TaskState.TASK_RUNNING));
    assertThat(two.get(1).getHealthy()).isTrue();
    assertThat(two.get(1).getCheckStatus().getCommand().getExitCode()).isEqualTo(3);
    Files.createFile(sandbox("checked").resolve("ready"));
    var ready = scheduler.expectState("checked", TaskState.TASK_RUNNING);
    assertThat(ready.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED);
    assertThat(ready.getCheckStatus().getCommand().getExitCode()).isZero();
    assertThat(ready.getHealthy()).as("what the health check found stays").isTrue();
    scheduler.kill("checked");
    scheduler.expectState("checked", TaskState.TASK_KILLING);
    scheduler.expectState("checked", TaskState.TASK_KILLED);
  }

  private static void shared(TaskInfo.Builder task) {
    var volume =
        task.getContainerBuilder()
            .setType(ContainerInfo.Type.MESOS)
            .addVolumesBuilder()
            .setMode(Volume.Mode.RW)
            .setContainerPath("shared");
    volume
        .getSourceBuilder()
        .setType(Volume.Source.Type.SANDBOX_PATH)
        .getSandboxPathBuilder()
        .setType(Volume.Source.SandboxPath.Type.PARENT)
        .setPath("common");
  }

  private static void image(TaskInfo.Builder task, String name) {
    task.getContainerBuilder()
        .setType(ContainerInfo.Type.MESOS)
        .getMesosBuilder()
        .getImageBuilder()
        .setType(org.apache.mesos.v1.Protos.Image.Type.DOCKER)
        .getDockerBuilder()
        .setName(name);
  }

  private TaskInfo.Builder task(String id, String command) {
    return TestScheduler.task(offer, id, command);
  }

  private Path sandbox(String taskId) {
    return LocalMesos.sandbox(
        workDir, offer.getAgentId().getValue(), scheduler.frameworkId(), "pod", taskId);
  }

  private void launchGroup(TaskInfo.Builder... tasks) throws Exception {
    var executor =
        ExecutorInfo.newBuilder()
            .setType(ExecutorInfo.Type.DEFAULT)
            .setFrameworkId(scheduler.id())
            .addResources(TestScheduler.scalar("cpus", 0.1))
            .addResources(TestScheduler.scalar("mem", 32))
            .addResources(TestScheduler.scalar("disk", 16));
    executor.getExecutorIdBuilder().setValue("pod");
    var group = Offer.Operation.LaunchGroup.newBuilder().setExecutor(executor);
    for (var task : tasks) {
      group.getTaskGroupBuilder().addTasks(task);
    }
    scheduler.call(
        Call.newBuilder()
            .setType(Call.Type.ACCEPT)
            .setAccept(
                Call.Accept.newBuilder()
                    .addOfferIds(offer.getId())
                    .addOperations(
                        Offer.Operation.newBuilder()
                            .setType(Offer.Operation.Type.LAUNCH_GROUP)
                            .setLaunchGroup(group))));
  }
}
