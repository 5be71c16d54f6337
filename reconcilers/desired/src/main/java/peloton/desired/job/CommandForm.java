package peloton.desired.job;

import java.util.List;
import org.apache.mesos.v1.Protos.CommandInfo;
import peloton.api.v1alpha.pod.Pod.CommandSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.Environment;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;

/** The two ways in which a container says what it runs: a Mesos command, or its parts. */
final class CommandForm {
  private CommandForm() {}

  /** The Mesos command that the parts describe. */
  static CommandInfo fromParts(
      CommandSpec entrypoint, List<Environment> environment, Apachemesos.PodSpec mesos) {
    CommandInfo.Builder command = CommandInfo.newBuilder().setShell(mesos.getShell());
    if (!entrypoint.getValue().isEmpty()) {
      command.setValue(entrypoint.getValue());
    }
    command.addAllArguments(entrypoint.getArgumentsList());
    for (Apachemesos.PodSpec.URI uri : mesos.getUrisList()) {
      command.addUris(uri(uri));
    }
    return withEnvironment(command.build(), environment);
  }

  /** The command with these environment variables, and no others. */
  static CommandInfo withEnvironment(CommandInfo command, List<Environment> environment) {
    CommandInfo.Builder changed = command.toBuilder().clearEnvironment();
    for (Environment variable : environment) {
      changed
          .getEnvironmentBuilder()
          .addVariables(
              org.apache.mesos.v1.Protos.Environment.Variable.newBuilder()
                  .setType(org.apache.mesos.v1.Protos.Environment.Variable.Type.VALUE)
                  .setName(variable.getName())
                  .setValue(variable.getValue()));
    }
    return changed.build();
  }

  /** Says in parts what the command says. Variables that have no plain value are left out. */
  static void toParts(
      CommandInfo command, ContainerSpec.Builder container, Apachemesos.PodSpec.Builder mesos) {
    container.clearEntrypoint().clearEnvironment();
    if (!command.getValue().isEmpty() || command.getArgumentsCount() > 0) {
      container
          .getEntrypointBuilder()
          .setValue(command.getValue())
          .addAllArguments(command.getArgumentsList());
    }
    for (var variable : command.getEnvironment().getVariablesList()) {
      if (variable.getType() == org.apache.mesos.v1.Protos.Environment.Variable.Type.VALUE) {
        container.addEnvironmentBuilder().setName(variable.getName()).setValue(variable.getValue());
      }
    }
    mesos.setShell(command.getShell()).clearUris();
    for (CommandInfo.URI uri : command.getUrisList()) {
      mesos
          .addUrisBuilder()
          .setValue(uri.getValue())
          .setExecutable(uri.getExecutable())
          .setExtract(uri.getExtract())
          .setCache(uri.getCache())
          .setOutputFile(uri.getOutputFile());
    }
  }

  private static CommandInfo.URI.Builder uri(Apachemesos.PodSpec.URI uri) {
    CommandInfo.URI.Builder built =
        CommandInfo.URI
            .newBuilder()
            .setValue(uri.getValue())
            .setExecutable(uri.getExecutable())
            .setExtract(uri.getExtract())
            .setCache(uri.getCache());
    if (!uri.getOutputFile().isEmpty()) {
      built.setOutputFile(uri.getOutputFile());
    }
    return built;
  }
}
