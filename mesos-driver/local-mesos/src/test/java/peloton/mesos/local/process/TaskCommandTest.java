package peloton.mesos.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Image;
import org.apache.mesos.v1.Protos.RLimitInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Value;
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
            "soft limit is above",
            task ->
                task.getContainerBuilder()
                    .setType(ContainerInfo.Type.MESOS)
                    .getRlimitInfoBuilder()
                    .addRlimitsBuilder()
                    .setType(RLimitInfo.RLimit.Type.RLMT_NOFILE)
                    .setSoft(2)
                    .setHard(1)),
        row(
            "both the soft and the hard",
            task ->
                task.getContainerBuilder()
                    .setType(ContainerInfo.Type.MESOS)
                    .getRlimitInfoBuilder()
                    .addRlimitsBuilder()
                    .setType(RLimitInfo.RLimit.Type.RLMT_NOFILE)
                    .setSoft(2)));
  }

  private static Arguments row(String part, Consumer<TaskInfo.Builder> change) {
    return Arguments.of(part, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("impossible")
  void whatAPlainProcessCannotDoIsNamed(String part, Consumer<TaskInfo.Builder> change) {
    var task = task();
    assertThat(TaskCommand.problem(task.build(), "root", Images.REFUSED)).isEmpty();
    change.accept(task);
    assertThat(TaskCommand.problem(task.build(), "root", Images.REFUSED).orElseThrow())
        .contains(part);
  }

  @Test
  void aUserIsIgnoredWhenWeAreNotRoot() {
    var task = task();
    task.getCommandBuilder().setUser("nobody");
    assertThat(TaskCommand.problem(task.build(), "me", Images.REFUSED)).isEmpty();
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
  void limitsAreSetBeforeTheProgramBegins() {
    var limits = RLimitInfo.newBuilder();
    limits
        .addRlimitsBuilder()
        .setType(RLimitInfo.RLimit.Type.RLMT_NOFILE)
        .setSoft(256)
        .setHard(512);
    limits.addRlimitsBuilder().setType(RLimitInfo.RLimit.Type.RLMT_CORE);
    assertThat(TaskCommand.line(task().getCommand(), limits.build()))
        .containsExactly(
            "setsid",
            "prlimit",
            "--nofile=256:512",
            "--core=unlimited",
            "/bin/sh",
            "-c",
            "sleep 1");
  }

  @Test
  void imagesAreIgnoredOnRequestButForThoseThatCannotBePulled() {
    var images = Images.ignoredBut(Set.of("registry/missing:1"));
    var task = task();
    var image =
        task.getContainerBuilder()
            .setType(ContainerInfo.Type.MESOS)
            .getMesosBuilder()
            .getImageBuilder()
            .setType(Image.Type.DOCKER)
            .getDockerBuilder();
    image.setName("nginx:1");
    assertThat(TaskCommand.problem(task.build(), "root", images)).isEmpty();
    image.setName("registry/missing:1");
    assertThat(TaskCommand.problem(task.build(), "root", images))
        .contains("Failed to pull image 'registry/missing:1': it is in no registry");
    var docker = task().setContainer(ContainerInfo.newBuilder().setType(ContainerInfo.Type.DOCKER));
    docker.getContainerBuilder().getDockerBuilder().setImage("registry/missing:1");
    assertThat(TaskCommand.problem(docker.build(), "root", images)).isPresent();
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
    var launch =
        new Launch(new TaskKey("f", "t"), task.build(), "a", "host", "c", Optional.empty());
    assertThat(
            TaskCommand.environment(
                launch,
                new Sandbox(Path.of("/sandbox"), Optional.empty()),
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
