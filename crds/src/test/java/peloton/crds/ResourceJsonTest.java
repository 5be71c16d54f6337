package peloton.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import peloton.crds.job.StatelessJobStatus;
import peloton.crds.pod.Container;
import peloton.crds.status.Condition;

class ResourceJsonTest {
  private final KubernetesSerialization json = new KubernetesSerialization();

  @Test
  void aJobIsReadAsItWasWritten() {
    StatelessJob job =
        json.unmarshal(
            """
            apiVersion: peloton.dev/v1alpha1
            kind: StatelessJob
            metadata: {name: web, namespace: shop}
            spec:
              respool: /shop/web
              replicas: 3
              ldapGroups: [shop]
              template:
                containers:
                  - name: web
                    image: shop/web:1
                    resources: {cpu: 500m, memory: 512Mi}
                    mesos:
                      command: {value: run, shell: true}
            """,
            StatelessJob.class);

    assertThat(job.getSpec().respool()).isEqualTo("/shop/web");
    assertThat(job.getSpec().replicas()).isEqualTo(3);
    assertThat(job.getSpec().ldapGroups()).containsExactly("shop");
    Container container = job.getSpec().template().containers().get(0);
    assertThat(container.image()).isEqualTo("shop/web:1");
    assertThat(container.resources().cpu()).isEqualTo(new Quantity("500m"));
    assertThat(container.mesos().command().get("value").asText()).isEqualTo("run");
    assertThat(job.getStatus()).isNull();
  }

  @Test
  void whatIsLeftOutIsNullOrAnEmptyList() {
    StatelessJob job = json.unmarshal("{\"spec\": {\"template\": {}}}", StatelessJob.class);

    assertThat(job.getSpec().replicas()).isNull();
    assertThat(job.getSpec().suspend()).isNull();
    assertThat(job.getSpec().labels()).isEmpty();
    assertThat(job.getSpec().template().containers()).isEmpty();
  }

  @Test
  void aResourceOfANewerReleaseCanStillBeRead() {
    StatelessJob job =
        json.unmarshal(
            """
            spec:
              respool: /shop
              deletionPolicy: Later
              inventedLater: {deep: [1, 2]}
              template:
                containers: [{name: web, inventedLater: true}]
            """,
            StatelessJob.class);

    assertThat(job.getSpec().deletionPolicy()).isEqualTo("Later");
    assertThat(job.getSpec().template().containers()).hasSize(1);
  }

  @Test
  void aStatusIsWrittenWithoutWhatItDoesNotSay() {
    Condition ready = new Condition("Ready", "True", "PodsReady", "", "2026-01-01T00:00:00Z", 4L);
    StatelessJob job = new StatelessJob();
    job.setStatus(
        new StatelessJobStatus(
            4L,
            List.of(ready),
            "id",
            null,
            null,
            "Running",
            null,
            3,
            3,
            3,
            0,
            "3/3",
            Map.of("RUNNING", 3),
            "peloton.dev/job=id",
            null,
            null,
            null));

    assertThat(json.asJson(job))
        .contains("\"message\":\"\"", "\"podStates\":{\"RUNNING\":3}", "\"unavailableReplicas\":0")
        .doesNotContain("spec", "respoolId", "workflow", "null");
    assertThat(json.unmarshal(json.asJson(job), StatelessJob.class).getStatus())
        .isEqualTo(job.getStatus());
  }
}
