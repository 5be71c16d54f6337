package peloton.mesos.local.master;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.TaskInfo;
import peloton.mesos.local.agent.ExecutorKey;
import peloton.mesos.local.resources.InvalidResources;
import peloton.mesos.local.resources.Resources;

/** Decides whether the master lets a task group and its executor through to the agent. Pure. */
final class GroupValidation {

  /** What an executor needs at least, in thousandths: cpus, and MB of memory. */
  private static final long LEAST_CPUS = 10;

  private static final long LEAST_MEM = 32_000;

  private GroupValidation() {}

  /**
   * What was found.
   *
   * @param tasks the resources of each task
   * @param executor those of the executor; nothing when it runs already
   * @param problem why none of them may run; then there are no resources
   */
  record Verdict(List<Resources> tasks, Resources executor, Optional<String> problem) {

    private static Verdict refused(String problem) {
      return new Verdict(List.of(), Resources.NONE, Optional.of(problem));
    }
  }

  /**
   * Judges one LAUNCH_GROUP.
   *
   * @param available what is left of the accepted offers
   */
  static Verdict judge(
      ExecutorInfo executor,
      List<TaskInfo> tasks,
      Framework framework,
      AgentSlot agent,
      String role,
      Resources available) {
    if (tasks.isEmpty()) {
      return Verdict.refused("Task group cannot be empty");
    }
    var running =
        Optional.ofNullable(
            agent
                .executors()
                .get(new ExecutorKey(framework.id(), executor.getExecutorId().getValue())));
    var problem =
        executor(executor, framework, running)
            .or(() -> distinct(tasks))
            .or(() -> each(executor, tasks, framework, agent))
            .or(() -> sharedCgroups(executor, tasks));
    if (problem.isPresent()) {
      return Verdict.refused(problem.get());
    }
    try {
      var ofExecutor = Resources.of(executor.getResourcesList(), role);
      var tooLittle = tooLittle(executor, ofExecutor);
      if (tooLittle.isPresent()) {
        return Verdict.refused(tooLittle.get());
      }
      var ofTasks =
          tasks.stream().map(task -> Resources.of(task.getResourcesList(), role)).toList();
      var taken = running.isPresent() ? Resources.NONE : ofExecutor;
      var total = taken;
      for (var resources : ofTasks) {
        total = total.plus(resources);
      }
      if (total.mixesRevocable()) {
        return Verdict.refused("Task group and executor mix revocable and non-revocable resources");
      }
      return available.contains(total)
          ? new Verdict(ofTasks, taken, Optional.empty())
          : Verdict.refused(
              "Total resources "
                  + total
                  + " required by task group and its executor are more than available "
                  + available);
    } catch (InvalidResources e) {
      return Verdict.refused("Task group uses invalid resources: " + e.getMessage());
    }
  }

  private static Optional<String> executor(
      ExecutorInfo executor, Framework framework, Optional<ExecutorRecord> running) {
    String id = executor.getExecutorId().getValue();
    var badId = Ids.problem(id);
    if (badId.isPresent()) {
      return badId.map(text -> "ExecutorInfo.executor_id: " + text);
    }
    if (!executor.hasFrameworkId()) {
      return Optional.of("'ExecutorInfo.framework_id' must be set");
    }
    if (!executor.getFrameworkId().getValue().equals(framework.id())) {
      return Optional.of(
          "ExecutorInfo has an invalid framework ID (Actual: "
              + executor.getFrameworkId().getValue()
              + " vs Expected: "
              + framework.id()
              + ")");
    }
    if (running.isPresent() && !running.get().info().equals(executor)) {
      return Optional.of(
          "ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID " + id);
    }
    if (executor.getShutdownGracePeriod().getNanoseconds() < 0) {
      return Optional.of("ExecutorInfo's 'shutdown_grace_period' must be non-negative");
    }
    if (!executor.hasType()) {
      return Optional.of("'ExecutorInfo.type' must be set");
    }
    return switch (executor.getType()) {
      case UNKNOWN -> Optional.of("Unknown executor type");
      case CUSTOM ->
          Optional.of("Custom executors are not supported by the local Mesos: use type DEFAULT");
      case DEFAULT -> defaultExecutor(executor);
    };
  }

  private static Optional<String> defaultExecutor(ExecutorInfo executor) {
    if (executor.hasCommand()) {
      return Optional.of("'ExecutorInfo.command' must not be set for 'DEFAULT' executor");
    }
    if (!executor.hasContainer()) {
      return Optional.empty();
    }
    if (executor.getContainer().getType() != ContainerInfo.Type.MESOS) {
      return Optional.of("'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor");
    }
    if (executor.getContainer().getMesos().hasImage()) {
      return Optional.of(
          "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor");
    }
    return executor.getContainer().getLinuxInfo().getShareCgroups()
            && executor.getContainer().getLinuxInfo().hasShareCgroups()
        ? Optional.of("The 'share_cgroups' field cannot be set to 'true' on executor containers")
        : Optional.empty();
  }

  private static Optional<String> distinct(List<TaskInfo> tasks) {
    var ids = new HashSet<String>();
    return tasks.stream()
        .map(task -> task.getTaskId().getValue())
        .filter(id -> !ids.add(id))
        .findFirst()
        .map(id -> "Task '" + id + "' is twice in the task group");
  }

  private static Optional<String> each(
      ExecutorInfo executor, List<TaskInfo> tasks, Framework framework, AgentSlot agent) {
    for (var task : tasks) {
      var problem =
          LaunchValidation.common(task, framework, agent)
              .or(() -> inGroup(task, executor))
              .or(
                  () ->
                      task.getResourcesCount() == 0
                          ? Optional.of("Task uses no resources")
                          : Optional.empty());
      if (problem.isPresent()) {
        return problem.map(
            text -> "Task '" + task.getTaskId().getValue() + "' is invalid: " + text);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> inGroup(TaskInfo task, ExecutorInfo executor) {
    if (task.hasExecutor() && !task.getExecutor().equals(executor)) {
      return Optional.of(
          "The `ExecutorInfo` of task '"
              + task.getTaskId().getValue()
              + "' is different from executor '"
              + executor.getExecutorId().getValue()
              + "'");
    }
    if (!task.hasCommand()) {
      return Optional.of("'TaskInfo.command' must be set");
    }
    if (task.getContainer().getType() == ContainerInfo.Type.DOCKER && task.hasContainer()) {
      return Optional.of("Docker ContainerInfo is not supported on the task");
    }
    var health = task.getHealthCheck().getType();
    if (task.getContainer().getNetworkInfosCount() > 0
        && task.hasHealthCheck()
        && (health == HealthCheck.Type.HTTP || health == HealthCheck.Type.TCP)) {
      return Optional.of(
          "HTTP and TCP health checks are not supported for nested containers not joining parent's"
              + " network");
    }
    return task.getLimitsCount() > 0 && sharesCgroups(task)
        ? Optional.of(
            "Resource limits may only be set for tasks within a task group when the"
                + " 'share_cgroups' field is set to 'false'.")
        : Optional.empty();
  }

  private static Optional<String> sharedCgroups(ExecutorInfo executor, List<TaskInfo> tasks) {
    long sharing = tasks.stream().filter(GroupValidation::sharesCgroups).count();
    return sharing == 0 || sharing == tasks.size()
        ? Optional.empty()
        : Optional.of(
            "If set, the value of 'share_cgroups' must be the same for all tasks in each task"
                + " group and under executor '"
                + executor.getExecutorId().getValue()
                + "'");
  }

  private static boolean sharesCgroups(TaskInfo task) {
    var linux = task.getContainer().getLinuxInfo();
    return !linux.hasShareCgroups() || linux.getShareCgroups();
  }

  private static Optional<String> tooLittle(ExecutorInfo executor, Resources resources) {
    String name = "Executor '" + executor.getExecutorId().getValue() + "'";
    if (resources.thousandths("cpus") < LEAST_CPUS) {
      return Optional.of(
          name
              + " uses less CPUs ("
              + resources.thousandths("cpus") / 1000.0
              + ") than the minimum required (0.01)");
    }
    if (resources.thousandths("mem") < LEAST_MEM) {
      return Optional.of(
          name
              + " uses less memory ("
              + resources.thousandths("mem") / 1000.0
              + " MB) than the minimum required (32MB)");
    }
    return resources.thousandths("disk") == 0
        ? Optional.of(name + " uses no disk")
        : Optional.empty();
  }
}
