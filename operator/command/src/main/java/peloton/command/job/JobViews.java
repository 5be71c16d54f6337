package peloton.command.job;

import static peloton.command.output.Text.state;
import static peloton.command.output.Text.time;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.command.output.Table;

/** Jobs as people read them. */
public final class JobViews {
  private static final String POD_STATE = "POD_STATE_";
  private static final int BAR = 30;

  private JobViews() {}

  /** One row for each job. */
  public static Table table(List<JobSummary> jobs) {
    Table table =
        new Table(
            List.of(
                "ID",
                "Name",
                "Owner",
                "State",
                "Creation Time",
                "Total",
                "Running",
                "Succeeded",
                "Failed",
                "Killed",
                "Workflow Status",
                "Completed",
                "Failed",
                "Current"));
    for (JobSummary job : jobs) {
      JobStatus status = job.getStatus();
      WorkflowStatus workflow = status.getWorkflowStatus();
      table.row(
          List.of(
              job.getJobId().getValue(),
              job.getName(),
              job.getOwningTeam(),
              state(status.getState(), "JOB_STATE_"),
              time(status.getCreationTime()),
              Integer.toUnsignedString(job.getInstanceCount()),
              pods(status, "RUNNING"),
              pods(status, "SUCCEEDED"),
              pods(status, "FAILED"),
              pods(status, "KILLED"),
              state(workflow.getState(), "WORKFLOW_STATE_"),
              Integer.toUnsignedString(workflow.getNumInstancesCompleted()),
              Integer.toUnsignedString(workflow.getNumInstancesFailed()),
              instances(workflow.getInstancesCurrentList())));
    }
    return table;
  }

  /** A job and its workflow, a field a line. */
  static String describe(JobInfo job) {
    JobStatus status = job.getStatus();
    WorkflowStatus workflow = status.getWorkflowStatus();
    StringBuilder text = new StringBuilder();
    field(text, "ID", job.getJobId().getValue());
    field(text, "Name", job.getSpec().getName());
    field(text, "Owner", job.getSpec().getOwner());
    field(text, "Owning team", job.getSpec().getOwningTeam());
    field(text, "Resource pool", job.getSpec().getRespoolId().getValue());
    field(text, "Instances", Integer.toUnsignedString(job.getSpec().getInstanceCount()));
    field(text, "State", state(status.getState(), "JOB_STATE_"));
    field(text, "Desired state", state(status.getDesiredState(), "JOB_STATE_"));
    field(text, "Entity version", status.getVersion().getValue());
    field(text, "Created", time(status.getCreationTime()));
    field(text, "Pods", podCounts(status));
    field(text, "Pods by version", byVersion(status));
    if (status.hasWorkflowStatus()) {
      field(text, "Workflow", state(workflow.getType(), "WORKFLOW_TYPE_"));
      field(text, "  state", state(workflow.getState(), "WORKFLOW_STATE_"));
      field(text, "  version", workflow.getVersion().getValue());
      field(text, "  progress", progress(workflow));
      field(text, "  updated", time(workflow.getUpdateTime()));
    }
    return text.toString().stripTrailing();
  }

  /** A job's line in a watch. */
  public static String line(JobSummary job) {
    JobStatus status = job.getStatus();
    StringBuilder line = new StringBuilder();
    line.append(job.getJobId().getValue())
        .append("  ")
        .append(job.getName())
        .append("  ")
        .append(state(status.getState(), "JOB_STATE_"))
        .append("  ")
        .append(status.getVersion().getValue());
    String counts = podCounts(status);
    if (!counts.isEmpty()) {
      line.append("  pods: ").append(counts);
    }
    if (status.hasWorkflowStatus()) {
      line.append("  workflow: ")
          .append(state(status.getWorkflowStatus().getState(), "WORKFLOW_STATE_"))
          .append(" (")
          .append(progress(status.getWorkflowStatus()))
          .append(')');
    }
    return line.toString();
  }

  /** The counts of pods by state that are not zero, e.g. {@code 2 RUNNING, 1 PENDING}. */
  static String podCounts(JobStatus status) {
    return status.getPodStatsMap().entrySet().stream()
        .filter(entry -> entry.getValue() != 0)
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getValue() + " " + plainState(entry.getKey()))
        .collect(Collectors.joining(", "));
  }

  /** A workflow and the job's pods, in a line. */
  static String rollout(JobSummary job) {
    JobStatus status = job.getStatus();
    return state(status.getWorkflowStatus().getState(), "WORKFLOW_STATE_")
        + ": "
        + progress(status.getWorkflowStatus())
        + "; pods: "
        + podCounts(status);
  }

  /** A workflow and the job's pods, in a few lines with a bar. */
  static List<String> picture(JobSummary job, List<String> failing) {
    JobStatus status = job.getStatus();
    WorkflowStatus workflow = status.getWorkflowStatus();
    List<String> lines = new ArrayList<>();
    lines.add(
        job.getName()
            + "  "
            + state(workflow.getType(), "WORKFLOW_TYPE_")
            + " from "
            + workflow.getPrevVersion().getValue()
            + " to "
            + workflow.getVersion().getValue()
            + "  "
            + state(workflow.getState(), "WORKFLOW_STATE_"));
    lines.add(bar(workflow) + "  " + progress(workflow));
    lines.add("pods: " + podCounts(status));
    failing.forEach(line -> lines.add("  " + line));
    return lines;
  }

  /** Done as {@code #}, failed as {@code x}, under way as {@code >}, each to scale. */
  static String bar(WorkflowStatus workflow) {
    long completed = Integer.toUnsignedLong(workflow.getNumInstancesCompleted());
    long failed = Integer.toUnsignedLong(workflow.getNumInstancesFailed());
    long remaining = Integer.toUnsignedLong(workflow.getNumInstancesRemaining());
    long total = completed + failed + remaining;
    if (total == 0) {
      boolean done = workflow.getState() == WorkflowState.WORKFLOW_STATE_SUCCEEDED;
      return "[" + (done ? "#" : "-").repeat(BAR) + "] 0/0";
    }
    long current = Math.min(remaining, workflow.getInstancesCurrentCount());
    int done = (int) (BAR * completed / total);
    int bad = (int) (BAR * (completed + failed) / total) - done;
    int now = (int) (BAR * (completed + failed + current) / total) - done - bad;
    return "["
        + "#".repeat(done)
        + "x".repeat(bad)
        + ">".repeat(now)
        + "-".repeat(BAR - done - bad - now)
        + "] "
        + (completed + failed)
        + "/"
        + total;
  }

  /** How far a workflow has come. */
  static String progress(WorkflowStatus workflow) {
    String text =
        Integer.toUnsignedString(workflow.getNumInstancesCompleted())
            + " completed, "
            + Integer.toUnsignedString(workflow.getNumInstancesRemaining())
            + " remaining, "
            + Integer.toUnsignedString(workflow.getNumInstancesFailed())
            + " failed";
    return workflow.getInstancesCurrentCount() == 0
        ? text
        : text + ", now " + instances(workflow.getInstancesCurrentList());
  }

  private static String byVersion(JobStatus status) {
    return status.getPodStatsByConfigurationVersionMap().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            version ->
                version.getKey()
                    + ": "
                    + version.getValue().getStateStatsMap().entrySet().stream()
                        .filter(entry -> entry.getValue() != 0)
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> entry.getValue() + " " + plainState(entry.getKey()))
                        .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }

  private static String instances(List<Integer> instances) {
    int shown = 8;
    String text =
        instances.stream()
            .limit(shown)
            .map(Integer::toUnsignedString)
            .collect(Collectors.joining(","));
    return instances.size() > shown ? text + ",... (" + instances.size() + ")" : text;
  }

  private static String pods(JobStatus status, String state) {
    return Integer.toUnsignedString(status.getPodStatsOrDefault(POD_STATE + state, 0));
  }

  private static String plainState(String name) {
    return name.startsWith(POD_STATE) ? name.substring(POD_STATE.length()) : name;
  }

  private static void field(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(String.format("%-16s %s%n", name + ":", value));
    }
  }
}
