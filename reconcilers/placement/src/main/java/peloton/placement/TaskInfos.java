package peloton.placement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.DiscoveryInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.Labels;
import org.apache.mesos.v1.Protos.Port;
import org.apache.mesos.v1.Protos.Ports;
import org.apache.mesos.v1.Protos.RLimitInfo.RLimit;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import peloton.api.ids.PodId;
import peloton.api.ids.TaskId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.placement.AgentOffers.Purse;

/** Says a pod in the words of Mesos. */
public final class TaskInfos {
  /** The grace between SIGTERM and SIGKILL when a spec names none (reference, PodSpec). */
  public static final int DEFAULT_KILL_GRACE_SECONDS = 30;

  private static final String SYSTEM_LABEL = "peloton.";

  /** What Peloton's users expect custom executors to be called. */
  private static final String CUSTOM_EXECUTOR = "thermos-";

  private static final String CUSTOM_EXECUTOR_NAME = "AuroraExecutor";

  private TaskInfos() {}

  /**
   * What is to be launched together.
   *
   * @param executor what runs the tasks as one group; empty for the only task of a pod
   * @param ports the numbers that were chosen for the pod's ports, by name
   */
  public record Launch(
      List<TaskInfo> tasks, Optional<ExecutorInfo> executor, Map<String, Integer> ports) {
    public Launch {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * The tasks that a run begins with.
   *
   * @param pod the effective spec: overrides applied, the command in its Mesos form
   * @param framework the framework's id at Mesos
   * @param purse pays for the tasks; the caller has made sure that it can
   */
  public static Launch of(
      PodId id, JobSpec job, PodSpec pod, String agentId, String framework, Purse purse) {
    if (PodResources.isGroup(pod)) {
      return TaskGroups.first(id, job, pod, agentId, framework, purse);
    }
    ContainerSpec container = pod.getContainers(0);
    Map<String, Integer> ports = new LinkedHashMap<>();
    List<Resource> resources = new ArrayList<>(purse.take(Need.of(pod), pod.getRevocable()));
    resources.addAll(ports(List.of(container), ports, purse).get(0));
    TaskInfo.Builder task = task(TaskId.of(id), job, pod, container, ports, agentId);
    task.addAllResources(resources);
    return new Launch(List.of(task.build()), Optional.empty(), ports);
  }

  /**
   * The tasks that follow an init container of a run.
   *
   * @param stage the number of the next init container, or how many there are: the pod's containers
   * @param executor what the run's first tasks were launched under
   * @param ports those of the run
   */
  public static Launch later(
      PodId id,
      JobSpec job,
      PodSpec pod,
      String agentId,
      int stage,
      ExecutorInfo executor,
      Map<String, Integer> ports,
      Purse purse) {
    return TaskGroups.later(id, job, pod, agentId, stage, executor, ports, purse);
  }

  /** The task of one container, which has no resources yet. */
  static TaskInfo.Builder task(
      TaskId id,
      JobSpec job,
      PodSpec pod,
      ContainerSpec container,
      Map<String, Integer> ports,
      String agentId) {
    TaskInfo.Builder task =
        TaskInfo.newBuilder()
            .setName(id.pod().job())
            .setTaskId(TaskID.newBuilder().setValue(id.toString()))
            .setAgentId(AgentID.newBuilder().setValue(agentId));
    CommandInfo command = command(id.pod(), pod, container, ports);
    if (container.hasExecutor()) {
      customExecutor(id.pod(), container, command, task);
    } else {
      task.setCommand(command);
      container(container).ifPresent(task::setContainer);
    }
    task.setKillPolicy(killPolicy(pod));
    HealthChecks.liveness(container.getLivenessCheck(), command.getEnvironment())
        .ifPresent(task::setHealthCheck);
    HealthChecks.readiness(container.getReadinessCheck(), command.getEnvironment())
        .ifPresent(task::setCheck);
    task.setLabels(labels(id.pod(), job, pod));
    task.setDiscovery(discovery(id.pod(), container, ports));
    return task;
  }

  static KillPolicy killPolicy(PodSpec pod) {
    int grace = pod.getKillGracePeriodSeconds();
    return KillPolicy.newBuilder()
        .setGracePeriod(seconds(grace == 0 ? DEFAULT_KILL_GRACE_SECONDS : grace))
        .build();
  }

  /**
   * Chooses the ports of a pod, those with a fixed number first.
   *
   * @param ports takes what was chosen, by name
   * @return for each container the resources that its ports are of what was offered
   */
  static List<List<Resource>> ports(
      List<ContainerSpec> containers, Map<String, Integer> ports, Purse purse) {
    List<List<Resource>> resources = new ArrayList<>();
    for (ContainerSpec container : containers) {
      List<Resource> taken = new ArrayList<>();
      for (PortSpec port : container.getPortsList()) {
        if (port.getValue() != 0) {
          ports.put(port.getName(), port.getValue());
          if (Shape.usesHostNetwork(container)) {
            purse.takePort(port.getValue()).ifPresent(taken::add);
          }
        }
      }
      resources.add(taken);
    }
    for (int i = 0; i < containers.size(); i++) {
      for (PortSpec port : containers.get(i).getPortsList()) {
        if (port.getValue() == 0) {
          Resource taken =
              purse
                  .takePort()
                  .orElseThrow(
                      () -> new IllegalStateException("offers lack a port that was planned"));
          resources.get(i).add(taken);
          ports.put(port.getName(), (int) taken.getRanges().getRange(0).getBegin());
        }
      }
    }
    return resources;
  }

  /** Every container is told all ports of the pod, its own where one variable is named twice. */
  private static CommandInfo command(
      PodId id, PodSpec pod, ContainerSpec container, Map<String, Integer> ports) {
    CommandInfo.Builder command = container.getCommand().toBuilder();
    Environment.Builder environment = command.getEnvironmentBuilder();
    add(environment, "PELOTON_JOB_ID", id.job());
    add(environment, "PELOTON_INSTANCE_ID", Integer.toString(id.instance()));
    add(environment, "PELOTON_TASK_ID", id.name().toString());
    Map<String, Integer> told = new LinkedHashMap<>();
    container.getPortsList().forEach(port -> tell(told, port, ports));
    pod.getContainersList().stream()
        .flatMap(other -> other.getPortsList().stream())
        .forEach(port -> tell(told, port, ports));
    told.forEach((name, number) -> add(environment, name, Integer.toString(number)));
    return command.build();
  }

  private static void tell(Map<String, Integer> told, PortSpec port, Map<String, Integer> ports) {
    if (!port.getEnvName().isEmpty() && ports.containsKey(port.getName())) {
      told.putIfAbsent(port.getEnvName(), ports.get(port.getName()));
    }
  }

  private static void add(Environment.Builder environment, String name, String value) {
    environment.addVariables(
        Environment.Variable.newBuilder()
            .setName(name)
            .setType(Environment.Variable.Type.VALUE)
            .setValue(value));
  }

  /**
   * The container as the spec has it, and how many files it may have open. Agents enforce that in
   * the Mesos containerizer if they isolate {@code posix/rlimits}; Docker takes it as a parameter.
   */
  private static Optional<ContainerInfo> container(ContainerSpec container) {
    int files = container.getResource().getFdLimit();
    if (files == 0) {
      return container.hasContainer() ? Optional.of(container.getContainer()) : Optional.empty();
    }
    long most = Integer.toUnsignedLong(files);
    if (container.getContainer().getType() == ContainerInfo.Type.DOCKER
        && container.hasContainer()) {
      ContainerInfo.Builder limited = container.getContainer().toBuilder();
      limited
          .getDockerBuilder()
          .addParametersBuilder()
          .setKey("ulimit")
          .setValue("nofile=" + most + ":" + most);
      return Optional.of(limited.build());
    }
    ContainerInfo.Builder limited = container.getContainer().toBuilder();
    limited.setType(ContainerInfo.Type.MESOS);
    limited
        .getRlimitInfoBuilder()
        .addRlimitsBuilder()
        .setType(RLimit.Type.RLMT_NOFILE)
        .setSoft(most)
        .setHard(most);
    return Optional.of(limited.build());
  }

  /** The id of the executor that runs a pod's tasks. */
  public static String executorId(PodId id, PodSpec pod) {
    boolean custom = pod.getContainersCount() == 1 && pod.getContainers(0).hasExecutor();
    return custom ? CUSTOM_EXECUTOR + id : id.toString();
  }

  /** The executor that the spec brings: it is told the command, the task has none of its own. */
  private static void customExecutor(
      PodId id, ContainerSpec container, CommandInfo command, TaskInfo.Builder task) {
    ExecutorInfo.Builder executor = container.getExecutor().toBuilder();
    executor
        .setExecutorId(ExecutorID.newBuilder().setValue(CUSTOM_EXECUTOR + id))
        .clearResources()
        .setCommand(command);
    if (executor.getName().isEmpty()) {
      executor.setName(CUSTOM_EXECUTOR_NAME);
    }
    container(container).ifPresent(executor::setContainer);
    task.setExecutor(executor).setData(executor.getData());
  }

  static Labels labels(PodId id, JobSpec job, PodSpec pod) {
    Labels.Builder labels = Labels.newBuilder();
    pod.getLabelsList().stream()
        .filter(label -> !label.getKey().startsWith(SYSTEM_LABEL))
        .forEach(label -> labels.addLabels(label(label.getKey(), label.getValue())));
    labels.addLabels(label("peloton.job_name", job.getName()));
    labels.addLabels(label("peloton.job_owner", job.getOwningTeam()));
    labels.addLabels(label("peloton.job_type", "SERVICE"));
    labels.addLabels(label("peloton.job_id", id.job()));
    labels.addLabels(label("peloton.instance_id", Integer.toString(id.instance())));
    labels.addLabels(label("peloton.task_id", id.toString()));
    return labels.build();
  }

  private static Label label(String key, String value) {
    return Label.newBuilder().setKey(key).setValue(value).build();
  }

  private static DiscoveryInfo discovery(
      PodId id, ContainerSpec container, Map<String, Integer> ports) {
    DiscoveryInfo.Builder discovery =
        DiscoveryInfo.newBuilder()
            .setVisibility(DiscoveryInfo.Visibility.EXTERNAL)
            .setName(id.job());
    if (container.getPortsCount() > 0) {
      Ports.Builder all = Ports.newBuilder();
      for (PortSpec port : container.getPortsList()) {
        all.addPorts(
            Port.newBuilder().setName(port.getName()).setNumber(ports.get(port.getName())));
      }
      discovery.setPorts(all);
    }
    return discovery.build();
  }

  private static DurationInfo seconds(int seconds) {
    return DurationInfo.newBuilder().setNanoseconds(seconds * 1_000_000_000L).build();
  }
}
