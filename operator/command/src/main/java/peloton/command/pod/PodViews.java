package peloton.command.pod;

import static peloton.command.output.Text.state;
import static peloton.command.output.Text.time;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.pod.Pod.ContainerStatus;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodEvent;
import peloton.api.v1alpha.pod.Pod.PodInfo;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.command.output.Table;
import peloton.command.output.Text;

/** Pods as people read them. */
public final class PodViews {
  private PodViews() {}

  /** One row for each pod. */
  static Table table(List<PodSummary> pods, Instant now) {
    Table table =
        new Table(
            List.of(
                "Pod ID",
                "Name",
                "State",
                "Container Name",
                "Container State",
                "Healthy",
                "Start Time",
                "Run Time",
                "Host",
                "Message",
                "Reason",
                "Termination Status",
                "Version"));
    pods.forEach(pod -> table.row(row(pod.getPodName().getValue(), pod.getStatus(), now)));
    return table;
  }

  /** One row for each run of a pod, the present one first. */
  static Table runs(String name, List<PodInfo> runs, Instant now) {
    Table table = table(List.of(), now);
    runs.forEach(run -> table.row(row(name, run.getStatus(), now)));
    return table;
  }

  /** One row for each pod that a query found; the name of one without a spec is in its id. */
  static Table found(List<PodInfo> pods, Instant now) {
    Table table = table(List.of(), now);
    pods.forEach(pod -> table.row(row(name(pod), pod.getStatus(), now)));
    return table;
  }

  /** The number of a pod that a query found. */
  public static int instance(PodInfo pod) {
    return PodName.parse(name(pod)).instance();
  }

  /** What is wrong with a pod, e.g. {@code instance 3: FAILED, 2 failures, exited (COMMAND)}. */
  public static String trouble(int instance, PodStatus status) {
    StringBuilder line = new StringBuilder("instance ").append(instance).append(": ");
    line.append(state(status.getState(), "POD_STATE_"));
    if (status.getContainersStatusList().stream()
        .anyMatch(c -> c.getHealthy().getState() == HealthState.HEALTH_STATE_UNHEALTHY)) {
      line.append(", UNHEALTHY");
    }
    if (status.getFailureCount() != 0) {
      line.append(", failed ").append(Integer.toUnsignedString(status.getFailureCount()));
      line.append(status.getFailureCount() == 1 ? " time" : " times");
    }
    if (!status.getMessage().isEmpty()) {
      line.append(", ").append(status.getMessage());
    }
    if (!status.getReason().isEmpty()) {
      line.append(" (").append(status.getReason()).append(')');
    }
    return line.toString().replaceAll("[\\r\\n\\t]+", " ");
  }

  private static String name(PodInfo pod) {
    String name = pod.getSpec().getPodName().getValue();
    String id = pod.getStatus().getPodId().getValue();
    return name.isEmpty() && id.contains("-") ? id.substring(0, id.lastIndexOf('-')) : name;
  }

  /** One row for each event. */
  static Table events(List<PodEvent> events) {
    Table table =
        new Table(
            List.of(
                "Pod Id",
                "Desired Pod Id",
                "Actual State",
                "Desired State",
                "Job Version",
                "Desired Job Version",
                "Healthy",
                "Host",
                "Message",
                "Reason",
                "Update Time"));
    for (PodEvent event : events) {
      table.row(
          List.of(
              event.getPodId().getValue(),
              event.getDesiredPodId().getValue(),
              without(event.getActualState(), "POD_STATE_"),
              without(event.getDesiredState(), "POD_STATE_"),
              event.getVersion().getValue(),
              event.getDesiredVersion().getValue(),
              without(event.getHealthy(), "HEALTH_STATE_"),
              event.getHostname(),
              event.getMessage(),
              event.getReason(),
              event.getTimestamp()));
    }
    return table;
  }

  /** A pod's line in a watch. */
  public static String line(PodSummary pod) {
    PodStatus status = pod.getStatus();
    StringBuilder line = new StringBuilder();
    line.append(pod.getPodName().getValue())
        .append("  ")
        .append(state(status.getState(), "POD_STATE_"))
        .append("  ")
        .append(status.getPodId().getValue());
    if (!status.getVersion().getValue().isEmpty()) {
      line.append("  version ").append(status.getVersion().getValue());
    }
    if (!status.getHost().isEmpty()) {
      line.append("  on ").append(status.getHost());
    }
    if (!status.getMessage().isEmpty()) {
      line.append("  ").append(status.getMessage());
    }
    if (!status.getReason().isEmpty()) {
      line.append(" (").append(status.getReason()).append(')');
    }
    return line.toString();
  }

  private static List<String> row(String name, PodStatus status, Instant now) {
    List<ContainerStatus> containers = status.getContainersStatusList();
    ContainerStatus first =
        containers.isEmpty() ? ContainerStatus.getDefaultInstance() : containers.get(0);
    return List.of(
        status.getPodId().getValue(),
        name,
        state(status.getState(), "POD_STATE_"),
        containers.stream().map(ContainerStatus::getName).collect(Collectors.joining(",")),
        containers.stream()
            .map(container -> state(container.getState(), "CONTAINER_STATE_"))
            .collect(Collectors.joining(",")),
        containers.stream().map(PodViews::health).collect(Collectors.joining(",")),
        time(status.getStartTime()),
        runTime(status, now),
        status.getHost(),
        status.getMessage(),
        status.getReason(),
        termination(first.getTerminationStatus()),
        status.getVersion().getValue());
  }

  private static String health(ContainerStatus container) {
    HealthState state = container.getHealthy().getState();
    return state(state, "HEALTH_STATE_");
  }

  private static String runTime(PodStatus status, Instant now) {
    if (!status.getCompletionTime().isEmpty()) {
      return Text.between(status.getStartTime(), status.getCompletionTime());
    }
    return status.getState() == PodState.POD_STATE_RUNNING
        ? Text.between(status.getStartTime(), now.toString())
        : "";
  }

  private static String termination(TerminationStatus status) {
    String reason = state(status.getReason(), "TERMINATION_STATUS_REASON_");
    if (!status.getSignal().isEmpty()) {
      return reason + " signal " + status.getSignal();
    }
    return status.getReason() == TerminationStatus.Reason.TERMINATION_STATUS_REASON_FAILED
        ? reason + " exit code " + status.getExitCode()
        : reason;
  }

  private static String without(String name, String prefix) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
