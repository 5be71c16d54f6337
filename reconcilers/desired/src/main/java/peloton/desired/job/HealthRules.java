package peloton.desired.job;

import static peloton.desired.Violation.invalid;

import java.util.List;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.desired.Violation;

/** What the liveness and the readiness check of a container may say. */
final class HealthRules {
  /** Longest interval or time-out of a check: a day. */
  private static final int LONGEST_SECONDS = 86_400;

  private static final int MAX_PORT = 65_535;

  private HealthRules() {}

  /** Checks a liveness check; one that is switched off may say anything. */
  static void checkLiveness(String path, HealthCheckSpec check, List<Violation> violations) {
    if (check.getEnabled()) {
      check(path, check, violations);
    }
  }

  /** Checks a readiness check. Mesos asks over plain HTTP only. */
  static void checkReadiness(String path, HealthCheckSpec check, List<Violation> violations) {
    if (!check.getEnabled()) {
      return;
    }
    check(path, check, violations);
    if (check.getHttpCheck().getScheme().equals("https")) {
      violations.add(
          invalid(
              path + ".http_check.scheme",
              "https",
              "Mesos checks readiness over http only; use a command such as curl"));
    }
    if (check.getMaxConsecutiveFailures() != 0) {
      violations.add(
          invalid(
              path + ".max_consecutive_failures",
              Integer.toUnsignedString(check.getMaxConsecutiveFailures()),
              "a readiness check ends nothing, leave it out; a liveness_check does"));
    }
  }

  private static void check(String path, HealthCheckSpec check, List<Violation> violations) {
    checkSeconds(path + ".initial_interval_secs", check.getInitialIntervalSecs(), violations);
    checkSeconds(path + ".interval_secs", check.getIntervalSecs(), violations);
    checkSeconds(path + ".timeout_secs", check.getTimeoutSecs(), violations);
    switch (check.getType()) {
      case HEALTH_CHECK_TYPE_COMMAND ->
          checkCommand(path + ".command_check.command", check, "say what to run", violations);
      case HEALTH_CHECK_TYPE_GRPC ->
          checkCommand(
              path + ".command_check.command",
              check,
              "Mesos knows no gRPC, so name a command that asks in its place, such as"
                  + " grpc_health_probe -addr=localhost:$PORT",
              violations);
      case HEALTH_CHECK_TYPE_HTTP -> checkHttp(path + ".http_check", check, violations);
      case HEALTH_CHECK_TYPE_UNKNOWN, UNRECOGNIZED ->
          violations.add(
              invalid(
                  path + ".type",
                  String.valueOf(check.getTypeValue()),
                  "an enabled check needs type HEALTH_CHECK_TYPE_COMMAND, HEALTH_CHECK_TYPE_HTTP or"
                      + " HEALTH_CHECK_TYPE_GRPC"));
    }
  }

  private static void checkCommand(
      String path, HealthCheckSpec check, String allowed, List<Violation> violations) {
    if (check.getCommandCheck().getCommand().isBlank()) {
      violations.add(invalid(path, "no command", allowed));
    }
  }

  private static void checkHttp(String path, HealthCheckSpec check, List<Violation> violations) {
    HealthCheckSpec.HTTPCheck http = check.getHttpCheck();
    if (http.getPort() < 1 || http.getPort() > MAX_PORT) {
      violations.add(
          invalid(
              path + ".port",
              Integer.toUnsignedString(http.getPort()),
              "must be from 1 to " + MAX_PORT));
    }
    String scheme = http.getScheme();
    if (!scheme.isEmpty() && !scheme.equals("http") && !scheme.equals("https")) {
      violations.add(
          invalid(path + ".scheme", Violation.quote(scheme), "must be http, https or empty"));
    }
    if (!http.getPath().isEmpty() && !http.getPath().startsWith("/")) {
      violations.add(invalid(path + ".path", Violation.quote(http.getPath()), "must begin with /"));
    }
  }

  private static void checkSeconds(String path, int seconds, List<Violation> violations) {
    if (seconds < 0 || seconds > LONGEST_SECONDS) {
      violations.add(
          invalid(path, Integer.toUnsignedString(seconds), "must be at most " + LONGEST_SECONDS));
    }
  }
}
