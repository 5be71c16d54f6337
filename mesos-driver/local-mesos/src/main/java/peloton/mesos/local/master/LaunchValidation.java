package peloton.mesos.local.master;

import java.util.Optional;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.Secret;
import org.apache.mesos.v1.Protos.TaskInfo;
import peloton.mesos.local.resources.InvalidResources;
import peloton.mesos.local.resources.Resources;

/** Decides whether the master lets a task through to its agent. Pure. */
final class LaunchValidation {

  private LaunchValidation() {}

  /** What was found: the task's resources, or why it may not run. */
  record Verdict(Resources resources, Optional<String> problem) {

    private static Verdict refused(String problem) {
      return new Verdict(Resources.NONE, Optional.of(problem));
    }
  }

  /**
   * Judges one task of a LAUNCH.
   *
   * @param available what is left of the accepted offers
   */
  static Verdict judge(
      TaskInfo task, Framework framework, AgentSlot agent, String role, Resources available) {
    var problem = common(task, framework, agent).or(() -> commandOrExecutor(task));
    if (problem.isPresent()) {
      return Verdict.refused(problem.get());
    }
    if (task.getResourcesCount() == 0) {
      return Verdict.refused("TaskInfo.resources: a task must use some resources, none are given");
    }
    Resources wanted;
    try {
      wanted = Resources.of(task.getResourcesList(), role);
    } catch (InvalidResources e) {
      return Verdict.refused("TaskInfo.resources: " + e.getMessage());
    }
    if (wanted.mixesRevocable()) {
      return Verdict.refused(
          "TaskInfo.resources: a task cannot use both revocable and non-revocable resources of one"
              + " name");
    }
    return available.contains(wanted)
        ? new Verdict(wanted, Optional.empty())
        : Verdict.refused(
            "TaskInfo.resources: the task uses " + wanted + ", the offers have " + available);
  }

  /** What is wrong with a task, in a group or alone; empty when nothing is. */
  static Optional<String> common(TaskInfo task, Framework framework, AgentSlot agent) {
    return Ids.problem(task.getTaskId().getValue())
        .map(text -> "TaskInfo.task_id: " + text)
        .or(() -> reusedId(task, framework))
        .or(() -> wrongAgent(task, agent))
        .or(() -> negativeDurations(task))
        .or(() -> HealthValidation.check(task))
        .or(() -> HealthValidation.healthCheck(task))
        .or(
            () ->
                task.hasCommand()
                    ? environment(task.getCommand(), "TaskInfo.command")
                    : Optional.empty());
  }

  private static Optional<String> reusedId(TaskInfo task, Framework framework) {
    String id = task.getTaskId().getValue();
    if (framework.tasks().containsKey(id)) {
      return Optional.of("TaskInfo.task_id: the framework already has a task " + id);
    }
    return framework.unreachableTasks().containsKey(id)
        ? Optional.of("TaskInfo.task_id: the framework has an unreachable task " + id)
        : Optional.empty();
  }

  private static Optional<String> wrongAgent(TaskInfo task, AgentSlot agent) {
    String given = task.getAgentId().getValue();
    return given.equals(agent.id())
        ? Optional.empty()
        : Optional.of("TaskInfo.agent_id is " + given + ", the offers are of agent " + agent.id());
  }

  private static Optional<String> negativeDurations(TaskInfo task) {
    if (task.getKillPolicy().getGracePeriod().getNanoseconds() < 0) {
      return Optional.of("TaskInfo.kill_policy.grace_period must not be negative");
    }
    return task.getMaxCompletionTime().getNanoseconds() < 0
        ? Optional.of("TaskInfo.max_completion_time must not be negative")
        : Optional.empty();
  }

  private static Optional<String> commandOrExecutor(TaskInfo task) {
    if (task.hasCommand() == task.hasExecutor()) {
      return Optional.of(
          "TaskInfo: exactly one of command and executor must be set, "
              + (task.hasCommand() ? "both are" : "none is"));
    }
    if (task.hasExecutor()) {
      return Optional.of(
          "TaskInfo.executor: custom executors are not supported by the local Mesos");
    }
    if (task.getContainer().getLinuxInfo().hasShareCgroups()
        && !task.getContainer().getLinuxInfo().getShareCgroups()) {
      return Optional.of(
          "TaskInfo.container.linux_info.share_cgroups may be false only in a task group");
    }
    if (task.getLimitsCount() > 0) {
      return Optional.of("TaskInfo.limits: limits are not supported by the local Mesos");
    }
    return Optional.empty();
  }

  /** What is wrong with the environment of a command; empty when nothing is. */
  static Optional<String> environment(CommandInfo command, String where) {
    for (var variable : command.getEnvironment().getVariablesList()) {
      if (variable.getType() == Environment.Variable.Type.SECRET) {
        if (!variable.hasSecret()) {
          return Optional.of(
              where + ".environment: " + variable.getName() + " is a SECRET and has no secret");
        }
        if (variable.getSecret().getType() != Secret.Type.VALUE) {
          return Optional.of(
              where
                  + ".environment: "
                  + variable.getName()
                  + " is a secret by reference, which the local Mesos does not support");
        }
      } else if (!variable.hasValue()) {
        return Optional.of(
            where + ".environment: " + variable.getName() + " is of type VALUE and has no value");
      }
    }
    return Optional.empty();
  }
}
