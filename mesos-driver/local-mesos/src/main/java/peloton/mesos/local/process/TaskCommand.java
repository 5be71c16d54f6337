package peloton.mesos.local.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.RLimitInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import peloton.mesos.local.agent.Launch;

/** How a task becomes a command line and an environment. Pure. */
final class TaskCommand {

  private TaskCommand() {}

  /**
   * Why the task cannot run as a plain process; empty when it can.
   *
   * @param ourUser who we are: only root could run it as somebody else, others ignore its user
   */
  static Optional<String> problem(TaskInfo task, String ourUser, Images images) {
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
    return Limits.problem(task.getContainer().getRlimitInfo())
        .or(() -> task.hasContainer() ? images.problem(task.getContainer()) : Optional.empty());
  }

  /** The command line; the process leads a session and a process group of its own. */
  static List<String> line(CommandInfo command) {
    return line(command, RLimitInfo.getDefaultInstance());
  }

  /** The same under limits. */
  static List<String> line(CommandInfo command, RLimitInfo limits) {
    var line = new ArrayList<>(List.of("setsid"));
    line.addAll(Limits.prefix(limits));
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
    environment.put("MESOS_EXECUTOR_ID", launch.executorId());
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
    addVariables(launch.info().getCommand(), environment);
    return environment;
  }

  /** Adds what a command says of its environment. */
  static void addVariables(CommandInfo command, Map<String, String> environment) {
    for (var variable : command.getEnvironment().getVariablesList()) {
      environment.put(
          variable.getName(),
          variable.getType() == Environment.Variable.Type.SECRET
              ? variable.getSecret().getValue().getData().toStringUtf8()
              : variable.getValue());
    }
  }

  /**
   * Why the program of a command without a shell cannot be run; empty when it can. Else the agent
   * would only see that something ended with a status.
   */
  static Optional<String> missingProgram(
      CommandInfo command, Path directory, Map<String, String> environment) {
    if (command.getShell()) {
      return Optional.empty();
    }
    String program = command.hasValue() ? command.getValue() : command.getArguments(0);
    boolean there =
        program.contains("/")
            ? Files.isExecutable(directory.resolve(program))
            : Arrays.stream(environment.getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    return there
        ? Optional.empty()
        : Optional.of(
            "Failed to execute '" + program + "': there is no such program that may be executed");
  }
}
