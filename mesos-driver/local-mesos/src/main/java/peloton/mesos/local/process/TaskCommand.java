package peloton.mesos.local.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Volume;
import peloton.mesos.local.agent.Launch;

/** How a task becomes a command line and an environment. Pure. */
final class TaskCommand {

  private TaskCommand() {}

  /**
   * Why the task cannot run as a plain process; empty when it can.
   *
   * @param ourUser who we are: only root could run it as somebody else, others ignore its user
   */
  static Optional<String> problem(TaskInfo task, String ourUser) {
    var command = task.getCommand();
    if (ourUser.equals("root") && command.hasUser() && !command.getUser().equals(ourUser)) {
      return Optional.of(
          "The command is to run as user "
              + command.getUser()
              + ", which is not supported by the local Mesos");
    }
    if (!command.hasValue() && command.getShell()) {
      return Optional.of("The command has no value to give to the shell");
    }
    if (!command.hasValue() && command.getArgumentsCount() == 0) {
      return Optional.of("The command names no program");
    }
    if (command.getUrisCount() > 0) {
      return Optional.of("Fetching URIs is not supported by the local Mesos");
    }
    if (task.getHealthCheck().getHttp().getScheme().equals("https")) {
      return Optional.of("HTTPS health checks are not supported by the local Mesos");
    }
    if (task.hasContainer()) {
      return container(task.getContainer());
    }
    return Optional.empty();
  }

  /** The command line; the process leads a session and a process group of its own. */
  static List<String> line(CommandInfo command) {
    var line = new ArrayList<>(List.of("setsid"));
    if (command.getShell()) {
      line.addAll(List.of("/bin/sh", "-c", command.getValue()));
    } else if (command.hasValue()) {
      // The first argument is only what the program sees as its name, which Java cannot set.
      line.add(command.getValue());
      line.addAll(
          command
              .getArgumentsList()
              .subList(Math.min(1, command.getArgumentsCount()), command.getArgumentsCount()));
    } else {
      line.addAll(command.getArgumentsList());
    }
    return line;
  }

  /** The environment of the task: nothing of ours but where programs are found. */
  static Map<String, String> environment(Launch launch, Sandbox sandbox, Map<String, String> ours) {
    var environment = new HashMap<String, String>();
    for (var name : List.of("PATH", "HOME", "LANG", "TZ")) {
      if (ours.containsKey(name)) {
        environment.put(name, ours.get(name));
      }
    }
    environment.put("MESOS_SANDBOX", sandbox.directory().toString());
    environment.put("MESOS_DIRECTORY", sandbox.directory().toString());
    environment.put("MESOS_TASK_ID", launch.key().taskId());
    environment.put("MESOS_EXECUTOR_ID", launch.key().taskId());
    environment.put("MESOS_FRAMEWORK_ID", launch.key().frameworkId());
    environment.put("MESOS_AGENT_ID", launch.agentId());
    environment.put("MESOS_SLAVE_ID", launch.agentId());
    environment.put("MESOS_CONTAINER_ID", launch.containerId());
    for (var resource : launch.info().getResourcesList()) {
      if (resource.getName().equals("ports")) {
        environment.put(
            "MESOS_PORTS",
            resource.getRanges().getRangeList().stream()
                .map(range -> range.getBegin() + "-" + range.getEnd())
                .collect(Collectors.joining(",")));
      }
    }
    for (var variable : launch.info().getCommand().getEnvironment().getVariablesList()) {
      environment.put(variable.getName(), variable.getValue());
    }
    return environment;
  }

  private static Optional<String> container(ContainerInfo container) {
    if (container.getType() == ContainerInfo.Type.DOCKER
        || container.getMesos().hasImage()
        || container.hasDocker()) {
      return Optional.of(
          "Container images are not supported by the local Mesos: tasks are plain processes");
    }
    boolean volumes =
        container.getVolumesList().stream()
            .anyMatch(volume -> volume.getContainerPath().startsWith("/") || mounts(volume));
    return volumes
        ? Optional.of("Volumes are not supported by the local Mesos: tasks are plain processes")
        : Optional.empty();
  }

  private static boolean mounts(Volume volume) {
    return volume.hasHostPath() || volume.hasImage() || volume.hasSource();
  }
}
