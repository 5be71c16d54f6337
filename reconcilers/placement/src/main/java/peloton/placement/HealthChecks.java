package peloton.placement;

import java.util.Optional;
import org.apache.mesos.v1.Protos.CheckInfo;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.HealthCheck;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec.HealthCheckType;

/**
 * Says the checks of a container in the words of Mesos: liveness as a health check, which ends the
 * task when it fails too often, readiness as a check, which only tells. A number that a spec leaves
 * out is left to Mesos, whose defaults are the reference's: the first check after 15 seconds, the
 * next ones every 10, each for at most 20, and 3 failures in a row end the task.
 */
final class HealthChecks {
  private static final String DEFAULT_SCHEME = "http";

  private HealthChecks() {}

  /**
   * The health check; none if it is switched off.
   *
   * @param task the task's environment, which a command sees unless its spec says otherwise
   */
  static Optional<HealthCheck> liveness(HealthCheckSpec spec, Environment task) {
    if (!spec.getEnabled()) {
      return Optional.empty();
    }
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
    if (spec.getType() != HealthCheckType.HEALTH_CHECK_TYPE_HTTP) {
      check.setType(HealthCheck.Type.COMMAND).setCommand(command(spec, task));
      return Optional.of(check.build());
    }
    HealthCheck.HTTPCheckInfo.Builder http =
        HealthCheck.HTTPCheckInfo.newBuilder()
            .setScheme(
                spec.getHttpCheck().getScheme().isEmpty()
                    ? DEFAULT_SCHEME
                    : spec.getHttpCheck().getScheme())
            .setPort(spec.getHttpCheck().getPort());
    if (!spec.getHttpCheck().getPath().isEmpty()) {
      http.setPath(spec.getHttpCheck().getPath());
    }
    return Optional.of(check.setType(HealthCheck.Type.HTTP).setHttp(http).build());
  }

  /** The check that tells when a container is ready; none if it is switched off. */
  static Optional<CheckInfo> readiness(HealthCheckSpec spec, Environment task) {
    if (!spec.getEnabled()) {
      return Optional.empty();
    }
    CheckInfo.Builder check = CheckInfo.newBuilder();
    if (spec.getInitialIntervalSecs() > 0) {
      check.setDelaySeconds(spec.getInitialIntervalSecs());
    }
    if (spec.getIntervalSecs() > 0) {
      check.setIntervalSeconds(spec.getIntervalSecs());
    }
    if (spec.getTimeoutSecs() > 0) {
      check.setTimeoutSeconds(spec.getTimeoutSecs());
    }
    if (spec.getType() != HealthCheckType.HEALTH_CHECK_TYPE_HTTP) {
      check
          .setType(CheckInfo.Type.COMMAND)
          .setCommand(CheckInfo.Command.newBuilder().setCommand(command(spec, task)));
      return Optional.of(check.build());
    }
    CheckInfo.Http.Builder http =
        CheckInfo.Http.newBuilder().setPort(spec.getHttpCheck().getPort());
    if (!spec.getHttpCheck().getPath().isEmpty()) {
      http.setPath(spec.getHttpCheck().getPath());
    }
    return Optional.of(check.setType(CheckInfo.Type.HTTP).setHttp(http).build());
  }

  private static CommandInfo command(HealthCheckSpec spec, Environment task) {
    CommandInfo.Builder command =
        CommandInfo.newBuilder().setShell(true).setValue(spec.getCommandCheck().getCommand());
    if (!spec.getCommandCheck().getUnshareEnvironments()) {
      command.setEnvironment(task);
    }
    return command.build();
  }
}
