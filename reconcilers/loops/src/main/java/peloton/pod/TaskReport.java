package peloton.pod;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * What Mesos says of a task, in the terms of the loops.
 *
 * @param healthy the verdict of a health check, if this report carries one
 * @param ready the verdict of a readiness check, if this report carries one
 * @param exitCode the exit status of the command, if the message tells
 * @param signal the name of the signal that ended the command, or ""
 */
public record TaskReport(
    Kind kind,
    String message,
    String reason,
    Optional<Boolean> healthy,
    Optional<Boolean> ready,
    OptionalInt exitCode,
    String signal) {

  /** What became of the task. */
  public enum Kind {
    STAGING,
    STARTING,
    RUNNING,
    KILLING,
    FINISHED,
    FAILED,
    KILLED,
    /** Its agent cannot be reached. It may run on, and it may come back. */
    UNREACHABLE,
    /** Mesos has lost sight of it, or never had it: it counts as gone. */
    LOST
  }

  // The command executor's words; there is no field for them.
  private static final Pattern EXITED = Pattern.compile("Command exited with status (\\d+)");
  private static final Pattern SIGNALLED =
      Pattern.compile("Command terminated with signal ([^\\s;,]+(?: [a-z]+)*)");

  public TaskReport {
    Objects.requireNonNull(kind);
  }

  /** Reads a status as the agent or the master sent it. */
  public static TaskReport of(TaskStatus status) {
    Matcher exited = EXITED.matcher(status.getMessage());
    Matcher signalled = SIGNALLED.matcher(status.getMessage());
    return new TaskReport(
        kind(status),
        message(status),
        status.hasReason() ? status.getReason().name() : "",
        status.hasHealthy()
                && status.getReason() == TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED
            ? Optional.of(status.getHealthy())
            : Optional.empty(),
        ready(status),
        exited.find() ? OptionalInt.of(Integer.parseInt(exited.group(1))) : OptionalInt.empty(),
        signalled.find() ? signalled.group(1) : "");
  }

  /**
   * Whether this only says that a launch came twice: the task of the first one is as well as it
   * was.
   */
  boolean saysLaunchedTwice() {
    return kind == Kind.FAILED
        && reason.equals(TaskStatus.Reason.REASON_TASK_INVALID.name())
        && message.contains("Task has duplicate ID");
  }

  /** A task that is known to be nowhere. */
  public static TaskReport lost(String message, String reason) {
    return new TaskReport(
        Kind.LOST, message, reason, Optional.empty(), Optional.empty(), OptionalInt.empty(), "");
  }

  /** What Mesos says in words; where it says nothing, what its state means. */
  private static String message(TaskStatus status) {
    if (!status.getMessage().isEmpty()) {
      return status.getMessage();
    }
    if (saysReadiness(status)) {
      return readiness(status.getCheckStatus());
    }
    return switch (status.getState()) {
      case TASK_DROPPED -> "Mesos dropped the launch, the task never ran";
      case TASK_UNREACHABLE -> "the agent cannot be reached";
      case TASK_GONE -> "the agent no longer has the task";
      case TASK_GONE_BY_OPERATOR -> "an operator declared the agent gone";
      case TASK_UNKNOWN -> "Mesos does not know the task";
      case TASK_LOST -> "Mesos lost the task";
      default -> "";
    };
  }

  private static boolean saysReadiness(TaskStatus status) {
    return status.hasCheckStatus()
        && status.getReason() == TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED;
  }

  private static String readiness(CheckStatusInfo check) {
    String verdict =
        verdict(check).orElse(false) ? "Readiness check passed" : "Readiness check failed";
    if (check.getCommand().hasExitCode()) {
      return verdict + ": the command exited with status " + check.getCommand().getExitCode();
    }
    if (check.getHttp().hasStatusCode()) {
      return verdict + ": the answer had status " + check.getHttp().getStatusCode();
    }
    return verdict.equals("Readiness check passed") ? verdict : verdict + ": it did not complete";
  }

  /** A check that did not complete says no, if it was what this status is about. */
  private static Optional<Boolean> ready(TaskStatus status) {
    if (!status.hasCheckStatus()) {
      return Optional.empty();
    }
    Optional<Boolean> verdict = verdict(status.getCheckStatus());
    return verdict.isEmpty() && saysReadiness(status) ? Optional.of(false) : verdict;
  }

  private static Optional<Boolean> verdict(CheckStatusInfo check) {
    if (check.getCommand().hasExitCode()) {
      return Optional.of(check.getCommand().getExitCode() == 0);
    }
    if (check.getHttp().hasStatusCode()) {
      int code = check.getHttp().getStatusCode();
      return Optional.of(code >= 200 && code < 400);
    }
    return check.getTcp().hasSucceeded()
        ? Optional.of(check.getTcp().getSucceeded())
        : Optional.empty();
  }

  private static Kind kind(TaskStatus status) {
    return switch (status.getState()) {
      case TASK_STAGING -> Kind.STAGING;
      case TASK_STARTING -> Kind.STARTING;
      case TASK_RUNNING -> Kind.RUNNING;
      case TASK_KILLING -> Kind.KILLING;
      case TASK_FINISHED -> Kind.FINISHED;
      case TASK_FAILED, TASK_ERROR -> Kind.FAILED;
      case TASK_KILLED -> Kind.KILLED;
      case TASK_UNREACHABLE -> Kind.UNREACHABLE;
      case TASK_LOST, TASK_DROPPED, TASK_GONE, TASK_GONE_BY_OPERATOR, TASK_UNKNOWN -> Kind.LOST;
    };
  }
}
