package peloton.mesos.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealTasksIT {

  @TempDir Path workDir;
  private LocalMesos mesos;
  private TestScheduler scheduler;

  @BeforeEach
  void start() throws Exception {
    mesos = LocalMesos.start(settings());
    scheduler =
        TestScheduler.subscribed(
            mesos.port(), TestScheduler.framework(Capability.Type.PARTITION_AWARE).build());
  }

  @AfterEach
  void stop() throws Exception {
    scheduler.close();
    mesos.close();
  }

  private LocalMesosSettings settings() {
    return LocalMesosSettings.real(workDir, 1).withAllocationInterval(Duration.ofMillis(20));
  }

  @Test
  void aCommandRunsInItsSandboxAndItsOutputIsKept() throws Exception {
    var offer = scheduler.expectOffer();
    var task =
        TestScheduler.task(offer, "hello", "pwd; echo $GREETING $MESOS_TASK_ID; echo oops >&2");
    task.addResources(TestScheduler.ports(31005, 31006));
    task.getCommandBuilder()
        .getEnvironmentBuilder()
        .addVariablesBuilder()
        .setName("GREETING")
        .setValue("hi");
    scheduler.launch(offer, task.build());
    scheduler.expectState("hello", TaskState.TASK_STARTING);
    var running = scheduler.expectState("hello", TaskState.TASK_RUNNING);
    var finished = scheduler.expectState("hello", TaskState.TASK_FINISHED);

    assertThat(finished.getMessage()).isEqualTo("Command exited with status 0");
    assertThat(running.getContainerStatus().getNetworkInfos(0).getIpAddresses(0).getIpAddress())
        .isEqualTo("127.0.0.1");
    var latest = sandbox(offer, "hello");
    assertThat(Files.readString(latest.resolve("stdout")))
        .isEqualTo(latest.toRealPath() + "\nhi hello\n");
    assertThat(Files.readString(latest.resolve("stderr"))).isEqualTo("oops\n");
    assertThat(latest.toRealPath().getFileName().toString())
        .isEqualTo(running.getContainerStatus().getContainerId().getValue());
  }

  @Test
  void aFailingCommandIsFailedWithItsStatus() throws Exception {
    var failed = runToEnd("f", "exit 3");
    assertThat(failed.getState()).isEqualTo(TaskState.TASK_FAILED);
    assertThat(failed.getMessage()).isEqualTo("Command exited with status 3");
    assertThat(failed.getReason()).isEqualTo(TaskStatus.Reason.REASON_COMMAND_EXECUTOR_FAILED);
  }

  @Test
  void aCommandThatASignalEndsIsFailedWithItsName() throws Exception {
    var failed = runToEnd("s", "kill -SEGV $$");
    assertThat(failed.getState()).isEqualTo(TaskState.TASK_FAILED);
    assertThat(failed.getMessage()).isEqualTo("Command terminated with signal Segmentation fault");
  }

  @Test
  void argumentsReachAProgramWithoutAShell() throws Exception {
    var offer = scheduler.expectOffer();
    var task = TestScheduler.task(offer, "argv", "printf");
    task.getCommandBuilder()
        .setShell(false)
        .addArguments("printf")
        .addArguments("%s|")
        .addArguments("a b")
        .addArguments("$HOME");
    scheduler.launch(offer, task.build());
    expectEnd("argv", TaskState.TASK_FINISHED);
    assertThat(Files.readString(sandbox(offer, "argv").resolve("stdout"))).isEqualTo("a b|$HOME|");
  }

  @Test
  void killingATaskEndsItsWholeGroup() throws Exception {
    var offer = scheduler.expectOffer();
    scheduler.launch(
        offer,
        TestScheduler.task(offer, "tree", "sleep 1000 & echo $! > child; echo $$ > self; wait")
            .build());
    scheduler.expectState("tree", TaskState.TASK_STARTING);
    scheduler.expectState("tree", TaskState.TASK_RUNNING);
    long self = pid(sandbox(offer, "tree").resolve("self"));
    long child = pid(sandbox(offer, "tree").resolve("child"));
    assertThat(ProcessHandle.of(child)).isPresent();
    scheduler.kill("tree");
    var killed = scheduler.expectState("tree", TaskState.TASK_KILLED);
    assertThat(killed.getMessage()).isEqualTo("Command terminated with signal Terminated");
    awaitEnd(self);
    awaitEnd(child);
  }

  @Test
  void aTaskThatIgnoresTermIsKilledAfterItsGrace() throws Exception {
    var offer = scheduler.expectOffer();
    var task =
        TestScheduler.task(
            offer, "deaf", "trap '' TERM; echo $$ > self; while true; do sleep 0.05; done");
    task.setKillPolicy(grace(Duration.ofMillis(300)));
    scheduler.launch(offer, task.build());
    scheduler.expectState("deaf", TaskState.TASK_STARTING);
    scheduler.expectState("deaf", TaskState.TASK_RUNNING);
    pid(sandbox(offer, "deaf").resolve("self"));
    scheduler.kill("deaf");
    var killed = scheduler.expectState("deaf", TaskState.TASK_KILLED);
    assertThat(killed.getMessage()).isEqualTo("Command terminated with signal Killed");
  }

  @Test
  void tasksOutliveTheirScheduler() throws Exception {
    var offer = scheduler.expectOffer();
    scheduler.launch(
        offer, TestScheduler.task(offer, "t", "echo $$ > self; exec sleep 1000").build());
    scheduler.expectState("t", TaskState.TASK_STARTING);
    scheduler.expectState("t", TaskState.TASK_RUNNING);
    long pid = pid(sandbox(offer, "t").resolve("self"));
    scheduler.close();
    try (var next =
        TestScheduler.subscribed(
            mesos.port(),
            TestScheduler.framework(Capability.Type.PARTITION_AWARE)
                .setId(scheduler.id())
                .build())) {
      next.reconcile(Call.Reconcile.newBuilder());
      assertThat(next.expectState("t", TaskState.TASK_RUNNING).getReason())
          .isEqualTo(TaskStatus.Reason.REASON_RECONCILIATION);
      assertThat(ProcessHandle.of(pid)).isPresent();
    }
  }

  @Test
  void aCleanStopKillsAllTasks() throws Exception {
    var offer = scheduler.expectOffer();
    scheduler.launch(
        offer, TestScheduler.task(offer, "t", "echo $$ > self; exec sleep 1000").build());
    scheduler.expectState("t", TaskState.TASK_STARTING);
    scheduler.expectState("t", TaskState.TASK_RUNNING);
    long pid = pid(sandbox(offer, "t").resolve("self"));
    mesos.close();
    awaitEnd(pid);
    try (var pids = Files.list(workDir.resolve("pids"))) {
      assertThat(pids).isEmpty();
    }
  }

  @Test
  void theNextOneOnTheSameWorkDirectoryKillsWhatWasLeftAndNothingElse() throws Exception {
    mesos.close();
    var left = new ProcessBuilder("setsid", "sleep", "1000").start();
    var other = new ProcessBuilder("setsid", "sleep", "1000").start();
    try {
      var pids = workDir.resolve("pids");
      Files.writeString(
          pids.resolve("left"),
          left.pid() + " " + left.toHandle().info().startInstant().orElseThrow() + "\n");
      Files.writeString(
          pids.resolve("reused"),
          other.pid()
              + " "
              + other.toHandle().info().startInstant().orElseThrow().minusSeconds(60)
              + "\n");
      mesos = LocalMesos.start(settings());
      assertThat(left.waitFor()).isEqualTo(137);
      assertThat(other.isAlive()).isTrue();
      try (var files = Files.list(pids)) {
        assertThat(files).isEmpty();
      }
    } finally {
      left.destroyForcibly();
      other.destroyForcibly();
    }
  }

  @Test
  void aWorkDirectoryIsForOneAtATime() {
    assertThatThrownBy(() -> LocalMesos.start(settings()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("another local Mesos is using it");
    assertThat(mesos.agents()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noTaskOutlivesASignalledLocalMesosForLong(boolean cleanly) throws Exception {
    var otherDir = Files.createDirectory(workDir.resolve("other"));
    var other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OneTask.class.getName(),
                otherDir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = other.inputReader()) {
      long pid = Long.parseLong(output.readLine());
      assertThat(isRunning(ProcessHandle.of(pid).orElseThrow())).isTrue();
      if (cleanly) {
        other.destroy();
      } else {
        other.destroyForcibly();
        other.waitFor();
        assertThat(isRunning(ProcessHandle.of(pid).orElseThrow())).isTrue();
        LocalMesos.start(LocalMesosSettings.real(otherDir, 1)).close();
      }
      awaitEnd(pid);
    } finally {
      other.destroyForcibly();
    }
  }

  /** A local Mesos of its own that prints the pid of the one task that it runs. */
  static final class OneTask {
    public static void main(String[] arguments) throws Exception {
      var workDir = Path.of(arguments[0]);
      var mesos = LocalMesos.start(LocalMesosSettings.real(workDir, 1));
      var scheduler = TestScheduler.subscribed(mesos.port(), TestScheduler.framework().build());
      var offer = scheduler.expectOffer();
      scheduler.launch(
          offer, TestScheduler.task(offer, "t", "echo $$ > self; exec sleep 1000").build());
      scheduler.expectState("t", TaskState.TASK_STARTING);
      scheduler.expectState("t", TaskState.TASK_RUNNING);
      System.out.println(
          pid(
              LocalMesos.sandbox(
                      workDir, offer.getAgentId().getValue(), scheduler.frameworkId(), "t")
                  .resolve("self")));
      new CountDownLatch(1).await();
    }
  }

  @Test
  void whatAPlainProcessCannotBeIsRefusedVisibly() throws Exception {
    var offer = scheduler.expectOffer();
    var task = TestScheduler.task(offer, "image", "true");
    task.getContainerBuilder()
        .setType(ContainerInfo.Type.DOCKER)
        .getDockerBuilder()
        .setImage("debian");
    scheduler.launch(offer, task.build());
    scheduler.expectState("image", TaskState.TASK_STARTING);
    var failed = scheduler.expectState("image", TaskState.TASK_FAILED);
    assertThat(failed.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED);
    assertThat(failed.getMessage()).contains("not supported by the local Mesos");
  }

  @Test
  void theAgentShowsTheFilesOfASandbox() throws Exception {
    var offer = scheduler.expectOffer();
    scheduler.launch(offer, TestScheduler.task(offer, "files", "printf 0123456789").build());
    expectEnd("files", TaskState.TASK_FINISHED);
    String latest = sandbox(offer, "files").toString();
    try (var http = new RawHttp(offer.getUrl().getAddress().getPort())) {
      var browse = get(http, "/files/browse?path=" + latest);
      assertThat(browse.status()).isEqualTo(200);
      assertThat(browse.text())
          .contains("\"path\":\"" + latest + "/stdout\"", "\"size\":10", "\"mode\":\"-rw");
      assertThat(get(http, "/files/read?offset=2&length=3&path=" + latest + "/stdout").text())
          .isEqualTo("{\"offset\":2,\"data\":\"234\"}");
      assertThat(get(http, "/files/read?path=" + latest + "/stdout").text())
          .isEqualTo("{\"offset\":10,\"data\":\"\"}");
      assertThat(get(http, "/files/download?path=" + latest + "/stdout").text())
          .isEqualTo("0123456789");
      assertThat(get(http, "/files/browse").status()).isEqualTo(400);
      assertThat(get(http, "/files/browse?path=" + latest + "/none").status()).isEqualTo(404);
      assertThat(get(http, "/files/read?path=/etc/passwd").status()).isEqualTo(404);
      assertThat(
              get(http, "/files/read?path=" + latest + "/../../../../../../../../../../etc/passwd")
                  .status())
          .isEqualTo(404);
      Files.createSymbolicLink(sandbox(offer, "files").resolve("out"), Path.of("/etc/passwd"));
      assertThat(get(http, "/files/read?path=" + latest + "/out").status()).isEqualTo(404);
      Files.delete(sandbox(offer, "files").resolve("out"));
    }
  }

  @Test
  void aHealthCommandRunsInTheSandboxWithTheTasksEnvironment() throws Exception {
    var offer = scheduler.expectOffer();
    var task = TestScheduler.task(offer, "t", "exec sleep 1000");
    checks(task)
        .setType(HealthCheck.Type.COMMAND)
        .getCommandBuilder()
        .setValue("test ! -f broken && test $MESOS_TASK_ID = t");
    scheduler.launch(offer, task.build());
    scheduler.expectState("t", TaskState.TASK_STARTING);
    assertThat(scheduler.expectState("t", TaskState.TASK_RUNNING).hasHealthy()).isFalse();
    var healthy = scheduler.expectState("t", TaskState.TASK_RUNNING);
    assertThat(healthy.getHealthy()).isTrue();
    Files.createFile(sandbox(offer, "t").resolve("broken"));
    var unhealthy = scheduler.expectState("t", TaskState.TASK_RUNNING);
    assertThat(unhealthy.hasHealthy()).isTrue();
    assertThat(unhealthy.getHealthy()).isFalse();
    assertThat(unhealthy.getMessage()).isEqualTo("Command exited with status 1");
  }

  @Test
  void anHttpCheckAsksThePortOfTheTask() throws Exception {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try {
      var offer = scheduler.expectOffer();
      var good = TestScheduler.task(offer, "good", "sleep 1000");
      checks(good)
          .setType(HealthCheck.Type.HTTP)
          .getHttpBuilder()
          .setPort(server.getAddress().getPort())
          .setPath("/health");
      var bad = TestScheduler.task(offer, "bad", "sleep 1000");
      checks(bad)
          .setConsecutiveFailures(1)
          .setType(HealthCheck.Type.HTTP)
          .getHttpBuilder()
          .setPort(server.getAddress().getPort())
          .setPath("/none");
      scheduler.launch(offer, good.build(), bad.build());
      scheduler.expectState("good", TaskState.TASK_STARTING);
      scheduler.expectState("good", TaskState.TASK_RUNNING);
      assertThat(scheduler.expectState("good", TaskState.TASK_RUNNING).getHealthy()).isTrue();
      scheduler.expectState("bad", TaskState.TASK_STARTING);
      scheduler.expectState("bad", TaskState.TASK_RUNNING);
      assertThat(scheduler.expectState("bad", TaskState.TASK_RUNNING).getMessage())
          .endsWith("/none was answered with 404");
      assertThat(scheduler.expectState("bad", TaskState.TASK_KILLED).getHealthy()).isFalse();
    } finally {
      server.stop(0);
    }
  }

  private static HealthCheck.Builder checks(TaskInfo.Builder task) {
    return task.getHealthCheckBuilder()
        .setDelaySeconds(0.05)
        .setIntervalSeconds(0.1)
        .setGracePeriodSeconds(0.001)
        .setConsecutiveFailures(1000);
  }

  private static RawHttp.Response get(RawHttp http, String path) throws Exception {
    return http.call("GET", path, Map.of(), new byte[0]);
  }

  private TaskStatus runToEnd(String id, String command) throws Exception {
    var offer = scheduler.expectOffer();
    scheduler.launch(offer, TestScheduler.task(offer, id, command).build());
    return expectEnd(id, TaskState.TASK_FAILED);
  }

  private TaskStatus expectEnd(String id, TaskState state) throws Exception {
    scheduler.expectState(id, TaskState.TASK_STARTING);
    scheduler.expectState(id, TaskState.TASK_RUNNING);
    return scheduler.expectState(id, state);
  }

  private Path sandbox(Offer offer, String taskId) {
    return LocalMesos.sandbox(
        workDir, offer.getAgentId().getValue(), scheduler.frameworkId(), taskId);
  }

  private static KillPolicy grace(Duration grace) {
    return KillPolicy.newBuilder()
        .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(grace.toNanos()))
        .build();
  }

  /** The pid in a file that a task writes soon after it has started. */
  private static long pid(Path file) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() - deadline < 0) {
      if (Files.exists(file) && Files.readString(file).endsWith("\n")) {
        return Long.parseLong(Files.readString(file).trim());
      }
      Thread.onSpinWait();
    }
    throw new AssertionError(file + " was not written in time");
  }

  private static void awaitEnd(long pid) {
    var process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      long deadline = System.nanoTime() + 10_000_000_000L;
      while (isRunning(process.get())) {
        assertThat(System.nanoTime() - deadline).as("process %d still runs", pid).isNegative();
        Thread.onSpinWait();
      }
    }
  }

  /** A zombie whose parent is not here does not run. */
  private static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }
}
