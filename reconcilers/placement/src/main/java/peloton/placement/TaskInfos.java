package peloton.placement;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.DiscoveryInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.Labels;
import org.apache.mesos.v1.Protos.Port;
import org.apache.mesos.v1.Protos.Ports;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import peloton.api.ids.PodId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;

/** Says a pod in the words of Mesos. */
public final class TaskInfos {
  /** The grace between SIGTERM and SIGKILL when a spec names none (reference, PodSpec). */
  public static final int DEFAULT_KILL_GRACE_SECONDS = 30;

  private static final String SYSTEM_LABEL = "peloton.";

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
    task.addAllResources(purse.take("cpus", need.cpus()));
    task.addAllResources(purse.take("mem", need.memory()));
    task.addAllResources(purse.take("disk", need.disk()));
    task.addAllResources(purse.take("gpus", need.gpus()));
    Map<String, Integer> ports = ports(container, task, purse);
    task.setCommand(command(id, container, ports));
    if (container.hasContainer()) {
      task.setContainer(container.getContainer());
    }
    int grace = pod.getKillGracePeriodSeconds();
    task.setKillPolicy(
        KillPolicy.newBuilder()
            .setGracePeriod(seconds(grace == 0 ? DEFAULT_KILL_GRACE_SECONDS : grace)));
    if (container.getLivenessCheck().getEnabled()) {
      task.setHealthCheck(healthCheck(container.getLivenessCheck()));
    }
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

  private static HealthCheck healthCheck(HealthCheckSpec spec) {
    HealthCheck.Builder check = HealthCheck.newBuilder();
    if (spec.getInitialIntervalSecs() > 0) {
      check.setDelaySeconds(spec.getInitialIntervalSecs());
    }
    if (spec.getIntervalSecs() > 0) {
      check.setIntervalSeconds(spec.getIntervalSecs());
    }
    if (spec.getTimeoutSecs() > 0) {
      check.setTimeoutSeconds(spec.getTimeoutSecs());
    }
    if (spec.getMaxConsecutiveFailures() > 0) {
      check.setConsecutiveFailures(spec.getMaxConsecutiveFailures());
    }
    if (spec.hasHttpCheck()) {
      HealthCheck.HTTPCheckInfo.Builder http =
          HealthCheck.HTTPCheckInfo.newBuilder()
              .setScheme(
                  spec.getHttpCheck().getScheme().isEmpty()
                      ? "http"
                      : spec.getHttpCheck().getScheme())
              .setPort(spec.getHttpCheck().getPort());
      if (!spec.getHttpCheck().getPath().isEmpty()) {
        http.setPath(spec.getHttpCheck().getPath());
      }
      return check.setType(HealthCheck.Type.HTTP).setHttp(http).build();
    }
    return check
        .setType(HealthCheck.Type.COMMAND)
        .setCommand(
            CommandInfo.newBuilder().setShell(true).setValue(spec.getCommandCheck().getCommand()))
        .build();
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
