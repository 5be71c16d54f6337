package peloton.controllers.spec;

import java.util.Optional;
import peloton.api.v1alpha.pod.Pod.CommandSpec;
import peloton.api.v1alpha.pod.Pod.HTTPGetSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec.HealthCheckType;
import peloton.crds.pod.Entrypoint;
import peloton.crds.pod.HealthCheck;
import peloton.crds.pod.HttpGet;

/** Health checks: one that is there is done, and its type need not be said twice. */
final class HealthCheckMapper {
  private final Problems problems;
  private final PortMapper ports;

  HealthCheckMapper(Problems problems) {
    this.problems = problems;
    this.ports = new PortMapper(problems);
  }

  HealthCheckSpec map(String path, HealthCheck given) {
    HealthCheckSpec.Builder check =
        HealthCheckSpec.newBuilder()
            .setEnabled(given.enabled() == null || given.enabled())
            .setInitialIntervalSecs(Given.number(given.initialIntervalSeconds()))
            .setIntervalSecs(Given.number(given.intervalSeconds()))
            .setTimeoutSecs(Given.number(given.timeoutSeconds()))
            .setMaxConsecutiveFailures(Given.number(given.maxConsecutiveFailures()))
            .setSuccessThreshold(Given.number(given.successThreshold()));
    type(path, given).ifPresent(check::setType);
    if (given.commandCheck() != null) {
      check
          .getCommandCheckBuilder()
          .setCommand(Given.text(given.commandCheck().command()))
          .setUnshareEnvironments(Given.flag(given.commandCheck().unshareEnvironments()));
    }
    if (given.httpCheck() != null) {
      check
          .getHttpCheckBuilder()
          .setScheme(Given.text(given.httpCheck().scheme()))
          .setPort(Given.number(given.httpCheck().port()))
          .setPath(Given.text(given.httpCheck().path()));
    }
    if (given.command() != null) {
      check.setCommand(command(given.command()));
    }
    if (given.httpGet() != null) {
      check.setHttpGet(httpGet(path + ".httpGet", given.httpGet()));
    }
    return check.build();
  }

  static CommandSpec command(Entrypoint given) {
    return CommandSpec.newBuilder()
        .setValue(Given.text(given.value()))
        .addAllArguments(given.arguments())
        .build();
  }

  private Optional<HealthCheckType> type(String path, HealthCheck given) {
    if (given.type() == null) {
      if (given.commandCheck() != null && given.httpCheck() != null) {
        problems.add(path + ".type", "none, and two checks", "say which of them counts");
      }
      return given.commandCheck() != null
          ? Optional.of(HealthCheckType.HEALTH_CHECK_TYPE_COMMAND)
          : Optional.ofNullable(given.httpCheck())
              .map(check -> HealthCheckType.HEALTH_CHECK_TYPE_HTTP);
    }
    return problems
        .constant(peloton.crds.pod.HealthCheckType.class, path + ".type", given.type())
        .map(
            type ->
                switch (type) {
                  case Command -> HealthCheckType.HEALTH_CHECK_TYPE_COMMAND;
                  case Http -> HealthCheckType.HEALTH_CHECK_TYPE_HTTP;
                  case Grpc -> HealthCheckType.HEALTH_CHECK_TYPE_GRPC;
                });
  }

  private HTTPGetSpec httpGet(String path, HttpGet given) {
    HTTPGetSpec.Builder request =
        HTTPGetSpec.newBuilder()
            .setScheme(Given.text(given.scheme()))
            .setPort(Given.number(given.port()))
            .setPath(Given.text(given.path()));
    given
        .headers()
        .forEach(
            header ->
                request
                    .addHttpHeadersBuilder()
                    .setName(Given.text(header.name()))
                    .setValue(Given.text(header.value())));
    if (given.portSpec() != null) {
      request.setPortSpec(ports.map(path + ".portSpec", given.portSpec()));
    }
    return request.build();
  }
}
