package peloton.controllers.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldNamesTest {
  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "spec.instance_count, spec.replicas",
    "spec.sla.preemptible, spec.sla.preemptible",
    "spec.default_spec.kill_grace_period_seconds, spec.template.killGracePeriodSeconds",
    "spec.instance_spec[3].controller, spec.instances[instance=3].template.controller",
    "spec.default_spec.containers[0].resource.mem_limit_mb,"
        + " spec.template.containers[0].resources.memory",
    "spec.default_spec.containers[0].liveness_check.initial_interval_secs,"
        + " spec.template.containers[0].livenessCheck.initialIntervalSeconds",
    "spec.default_spec.containers[0].liveness_check.interval_secs,"
        + " spec.template.containers[0].livenessCheck.intervalSeconds",
    "spec.default_spec.containers[0].ports[1].env_name,"
        + " spec.template.containers[0].ports[1].envName",
    "spec.default_spec.mesos_spec.executor_spec.data, spec.template.mesos.executor.data",
    "spec.default_spec.constraint.and_constraint.constraints[1].label_constraint.kind,"
        + " spec.template.constraint.and[1].label.kind",
    "spec.default_spec.constraint.label_constraint.label.key,"
        + " spec.template.constraint.label.key",
    "spec.controller_limit.max_percent, spec.controllerLimitPercent",
    "spec.slack_limit.maxPercent, spec.slackLimitPercent",
    "spec.resources[0].kind, spec.resources[0].kind",
    "spec.resources[kind=cpu].limit, spec.resources[kind=cpu].limit",
  })
  void pathsOfTheApiBecomeThoseOfTheResource(String api, String resource) {
    assertThat(FieldNames.translate(api + ": given 1; must be 2"))
        .isEqualTo(resource + ": given 1; must be 2");
  }

  @Test
  void eachOfSeveralViolationsIsTranslatedAndTheRestIsLeftAlone() {
    assertThat(
            FieldNames.translate(
                "spec.instance_count: given 1; see instance_count | spec.default_spec: given none"
                    + " | and 2 more"))
        .isEqualTo(
            "spec.replicas: given 1; see instance_count | spec.template: given none | and 2 more");
  }

  @Test
  void otherMessagesAreLeftAsTheyAre() {
    assertThat(FieldNames.translate("job \"a\" not found")).isEqualTo("job \"a\" not found");
  }
}
