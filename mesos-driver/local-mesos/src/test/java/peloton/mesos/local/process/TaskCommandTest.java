package peloton.mesos.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Image;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.Protos.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.mesos.local.agent.Launch;
import peloton.mesos.local.agent.TaskKey;

class TaskCommandTest {

  static Stream<Arguments> impossible() {
    return Stream.of(
        row("no value", task -> task.getCommandBuilder().clearValue()),
        row("names no program", task -> task.getCommandBuilder().clearValue().setShell(false)),
        row("URIs", task -> task.getCommandBuilder().addUrisBuilder().setValue("http://x/y")),
        row("user nobody", task -> task.getCommandBuilder().setUser("nobody")),
        row(
            "HTTPS",
            task ->
                task.getHealthCheckBuilder()
                    .setType(HealthCheck.Type.HTTP)
                    .getHttpBuilder()
                    .setPort(443)
                    .setScheme("https")),
        row(
            "images",
            task ->
                task.getContainerBuilder()
                    .setType(ContainerInfo.Type.MESOS)
                    .getMesosBuilder()
                    .getImageBuilder()
                    .setType(Image.Type.DOCKER)),
        row(
            "Volumes",
            task ->
                task.getContainerBuilder()
                    .setType(ContainerInfo.Type.MESOS)
                    .addVolumesBuilder()
                    .setMode(Volume.Mode.RO)
                    .setContainerPath("data")
                    .setHostPath("/srv")));
  }

  private static Arguments row(String part, Consumer<TaskInfo.Builder> change) {
    return Arguments.of(part, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("impossible")
  void whatAPlainProcessCannotDoIsNamed(String part, Consumer<TaskInfo.Builder> change) {
    var task = task();
    assertThat(TaskCommand.problem(task.build(), "root")).isEmpty();
    change.accept(task);
    assertThat(TaskCommand.problem(task.build(), "root").orElseThrow()).contains(part);
  }

  @Test
  void aUserIsIgnoredWhenWeAreNotRoot() {
    var task = task();
    task.getCommandBuilder().setUser("nobody");
    assertThat(TaskCommand.problem(task.build(), "me")).isEmpty();
  }

  @Test
  void aShellCommandAndAnArgumentVectorLeadTheirOwnSession() {
    var task = task();
    assertThat(TaskCommand.line(task.getCommand()))
        .containsExactly("setsid", "/bin/sh", "-c", "sleep 1");
    task.getCommandBuilder()
        .setShell(false)
        .setValue("/bin/sleep")
        .addArguments("sleep")
        .addArguments("1 2");
    assertThat(TaskCommand.line(task.getCommand())).containsExactly("setsid", "/bin/sleep", "1 2");
    task.getCommandBuilder().clearValue();
    assertThat(TaskCommand.line(task.getCommand())).containsExactly("setsid", "sleep", "1 2");
  }

  @Test
  void theEnvironmentIsTheTasksAndNotOurs() {
    var task = task();
    task.addResources(
        Resource.newBuilder()
            .setName("ports")
            .setType(Value.Type.RANGES)
            .setRanges(
                Value.Ranges.newBuilder()
                    .addRange(Value.Range.newBuilder().setBegin(31000).setEnd(31001))
                    .addRange(Value.Range.newBuilder().setBegin(31005).setEnd(31005))));
    task.getCommandBuilder()
        .getEnvironmentBuilder()
        .addVariablesBuilder()
        .setName("PATH")
        .setValue("/opt/bin");
    var launch = new Launch(new TaskKey("f", "t"), task.build(), "a", "c");
    assertThat(
            TaskCommand.environment(
                launch,
                new Sandbox(Path.of("/sandbox")),
                Map.of("PATH", "/usr/bin", "HOME", "/root", "SECRET", "ours")))
        .containsEntry("PATH", "/opt/bin")
        .containsEntry("HOME", "/root")
        .containsEntry("MESOS_SANDBOX", "/sandbox")
        .containsEntry("MESOS_TASK_ID", "t")
        .containsEntry("MESOS_PORTS", "31000-31001,31005-31005")
        .doesNotContainKey("SECRET");
  }

  private static TaskInfo.Builder task() {
    var task = TaskInfo.newBuilder().setName("n");
    task.getTaskIdBuilder().setValue("t");
    task.getAgentIdBuilder().setValue("a");
    task.getCommandBuilder().setValue("sleep 1");
    return task;
  }
}
