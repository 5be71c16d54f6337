package peloton.mesos.local.master;

import java.util.Optional;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.TaskInfo;

/** Decides whether a task's check and health check make sense. Pure. */
final class HealthValidation {

  private HealthValidation() {}

  /** What is wrong with the check; empty when nothing is. */
  static Optional<String> check(TaskInfo task) {
    if (!task.hasCheck()) {
      return Optional.empty();
    }
    var check = task.getCheck();
    if (!check.hasType()) {
      return Optional.of("TaskInfo.check.type must be set");
    }
    if (check.getDelaySeconds() < 0
        || check.getIntervalSeconds() < 0
        || check.getTimeoutSeconds() < 0) {
      return Optional.of("TaskInfo.check: its times must not be negative");
    }
    return switch (check.getType()) {
      case COMMAND -> {
        if (!check.hasCommand()) {
          yield Optional.of("TaskInfo.check.command must be set for a COMMAND check");
        }
        yield check.getCommand().getCommand().hasValue()
            ? LaunchValidation.environment(
                check.getCommand().getCommand(), "TaskInfo.check.command.command")
            : Optional.of("TaskInfo.check.command.command.value must be set");
      }
      case HTTP -> {
        if (!check.hasHttp()) {
          yield Optional.of("TaskInfo.check.http must be set for an HTTP check");
        }
        yield check.getHttp().hasPath() && !check.getHttp().getPath().startsWith("/")
            ? Optional.of("TaskInfo.check.http.path must start with '/'")
            : Optional.empty();
      }
      case TCP ->
          check.hasTcp()
              ? Optional.empty()
              : Optional.of("TaskInfo.check.tcp must be set for a TCP check");
      case UNKNOWN -> Optional.of("TaskInfo.check.type must be COMMAND, HTTP or TCP");
    };
  }

  /** What is wrong with the health check; empty when nothing is. */
  static Optional<String> healthCheck(TaskInfo task) {
    if (!task.hasHealthCheck()) {
      return Optional.empty();
    }
    var check = task.getHealthCheck();
    if (check.getDelaySeconds() < 0
        || check.getGracePeriodSeconds() < 0
        || check.getIntervalSeconds() < 0
        || check.getTimeoutSeconds() < 0) {
      return Optional.of("TaskInfo.health_check: its times must not be negative");
    }
    return switch (kind(check)) {
      case COMMAND -> {
        if (!check.hasCommand()) {
          yield Optional.of("TaskInfo.health_check.command must be set for a COMMAND check");
        }
        yield check.getCommand().hasValue()
            ? LaunchValidation.environment(check.getCommand(), "TaskInfo.health_check.command")
            : Optional.of("TaskInfo.health_check.command.value must be set");
      }
      case HTTP -> httpCheck(check);
      case TCP ->
          check.hasTcp()
              ? Optional.empty()
              : Optional.of("TaskInfo.health_check.tcp must be set for a TCP check");
      case UNKNOWN -> Optional.of("TaskInfo.health_check.type must be COMMAND, HTTP or TCP");
    };
  }

  private static Optional<String> httpCheck(HealthCheck check) {
    if (!check.hasHttp()) {
      return Optional.of("TaskInfo.health_check.http must be set for an HTTP check");
    }
    var http = check.getHttp();
    if (http.hasScheme() && !http.getScheme().equals("http") && !http.getScheme().equals("https")) {
      return Optional.of(
          "TaskInfo.health_check.http.scheme is '" + http.getScheme() + "', not http or https");
    }
    return http.hasPath() && !http.getPath().startsWith("/")
        ? Optional.of("TaskInfo.health_check.http.path must start with '/'")
        : Optional.empty();
  }

  /** The type, or what the older form without one means. */
  private static HealthCheck.Type kind(HealthCheck check) {
    if (check.hasType()) {
      return check.getType();
    }
    if (check.hasCommand() && !check.hasHttp()) {
      return HealthCheck.Type.COMMAND;
    }
    return check.hasHttp() && !check.hasCommand()
        ? HealthCheck.Type.HTTP
        : HealthCheck.Type.UNKNOWN;
  }
}
