package peloton.placement;

import java.util.LinkedHashMap;
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
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;

/** Says a pod in the words of Mesos. */
public final class TaskInfos {
  /** The grace between SIGTERM and SIGKILL when a spec names none (reference, PodSpec). */
  public static final int DEFAULT_KILL_GRACE_SECONDS = 30;

  private static final String SYSTEM_LABEL = "peloton.";

  /** What Peloton's users expect custom executors to be called. */
  private static final String CUSTOM_EXECUTOR = "thermos-";

  private static final String CUSTOM_EXECUTOR_NAME = "AuroraExecutor";

  private TaskInfos() {}

  /** A task and the ports that were chosen for it, by port name. */
  public record Launch(TaskInfo task, Map<String, Integer> ports) {}

  /**
   * The task of one run.
   *
   * @param pod the effective spec: overrides applied, the command in its Mesos form
   * @param purse pays for the task; the caller has made sure that it can
   */
  public static Launch of(
      PodId id, JobSpec job, PodSpec pod, String agentId, AgentOffers.Purse purse) {
    ContainerSpec container = pod.getContainers(0);
    Need need = Need.of(pod);
    TaskInfo.Builder task =
        TaskInfo.newBuilder()
            .setName(id.job())
            .setTaskId(TaskID.newBuilder().setValue(id.toString()))
            .setAgentId(AgentID.newBuilder().setValue(agentId));
    task.addAllResources(purse.take("cpus", need.cpus(), pod.getRevocable()));
    task.addAllResources(purse.take("mem", need.memory(), false));
    task.addAllResources(purse.take("disk", need.disk(), false));
    task.addAllResources(purse.take("gpus", need.gpus(), false));
    Map<String, Integer> ports = ports(container, task, purse);
    CommandInfo command = command(id, container, ports);
    if (container.hasExecutor()) {
      customExecutor(id, container, command, task);
    } else {
      task.setCommand(command);
      container(container).ifPresent(task::setContainer);
    }
    int grace = pod.getKillGracePeriodSeconds();
    task.setKillPolicy(
        KillPolicy.newBuilder()
            .setGracePeriod(seconds(grace == 0 ? DEFAULT_KILL_GRACE_SECONDS : grace)));
    HealthChecks.liveness(container.getLivenessCheck(), command.getEnvironment())
        .ifPresent(task::setHealthCheck);
    HealthChecks.readiness(container.getReadinessCheck(), command.getEnvironment())
        .ifPresent(task::setCheck);
    task.setLabels(labels(id, job, pod));
    task.setDiscovery(discovery(id, ports));
    return new Launch(task.build(), ports);
  }

  private static Map<String, Integer> ports(
      ContainerSpec container, TaskInfo.Builder task, AgentOffers.Purse purse) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (PortSpec port : container.getPortsList()) {
      if (port.getValue() != 0) {
        ports.put(port.getName(), port.getValue());
        if (Shape.usesHostNetwork(container)) {
          purse.takePort(port.getValue()).ifPresent(task::addResources);
        }
      }
    }
    for (PortSpec port : container.getPortsList()) {
      if (port.getValue() != 0) {
        continue;
      }
      Resource taken =
          purse
              .takePort()
              .orElseThrow(() -> new IllegalStateException("offers lack a port that was planned"));
      task.addResources(taken);
      ports.put(port.getName(), (int) taken.getRanges().getRange(0).getBegin());
    }
    return ports;
  }

  private static CommandInfo command(
      PodId id, ContainerSpec container, Map<String, Integer> ports) {
    CommandInfo.Builder command = container.getCommand().toBuilder();
    Environment.Builder environment = command.getEnvironmentBuilder();
    add(environment, "PELOTON_JOB_ID", id.job());
    add(environment, "PELOTON_INSTANCE_ID", Integer.toString(id.instance()));
    add(environment, "PELOTON_TASK_ID", id.name().toString());
    for (PortSpec port : container.getPortsList()) {
      if (!port.getEnvName().isEmpty()) {
        add(environment, port.getEnvName(), Integer.toString(ports.get(port.getName())));
      }
    }
    return command.build();
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

  private static Labels labels(PodId id, JobSpec job, PodSpec pod) {
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

  private static DiscoveryInfo discovery(PodId id, Map<String, Integer> ports) {
    DiscoveryInfo.Builder discovery =
        DiscoveryInfo.newBuilder()
            .setVisibility(DiscoveryInfo.Visibility.EXTERNAL)
            .setName(id.job());
    if (!ports.isEmpty()) {
      Ports.Builder all = Ports.newBuilder();
      ports.forEach(
          (name, number) -> all.addPorts(Port.newBuilder().setName(name).setNumber(number)));
      discovery.setPorts(all);
    }
    return discovery.build();
  }

  private static DurationInfo seconds(int seconds) {
    return DurationInfo.newBuilder().setNanoseconds(seconds * 1_000_000_000L).build();
  }
}
