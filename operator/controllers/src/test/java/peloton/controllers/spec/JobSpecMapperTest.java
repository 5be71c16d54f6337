package peloton.controllers.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec.HealthCheckType;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ContainerType;
import peloton.crds.StatelessJob;
import peloton.crds.job.StatelessJobSpec;
import peloton.desired.Violation;

class JobSpecMapperTest {
  private static final String POOL = "0c7f3f3e-6f0a-4b43-8f43-0d0e4bb1a111";

  @Test
  void everyFieldOfAJobCanBeSaid() throws IOException {
    StatelessJobSpec spec = everything();

    Mapped<JobSpec> mapped = JobSpecMapper.job("everything", spec, POOL, OptionalInt.empty());

    assertThat(mapped.violations()).isEmpty();
    assertThat(FullyPopulated.unset(mapped.message()))
        .as("fields that the mapper, or the example, forgot")
        // Set by the server.
        .isEqualTo(Set.of("JobSpec.revision", "PodSpec.pod_name"));
    assertThat(FullyPopulated.unset(JobSpecMapper.create(spec))).isEmpty();
    assertThat(FullyPopulated.unset(JobSpecMapper.update(spec))).isEmpty();
    assertThat(FullyPopulated.unset(JobSpecMapper.restart(spec.restart()))).isEmpty();
  }

  @Test
  void aJobIsSaidInTheWordsOfTheApi() throws Exception {
    Mapped<JobSpec> mapped =
        map(
            """
            respool: /shop
            replicas: 3
            labels: [{key: app, value: web}]
            sla: {preemptible: true}
            template:
              containers:
                - name: web
                  image: shop/web:1
                  resources: {cpu: 250m, memory: 512Mi, disk: 1.5Gi}
                  environment: [{name: MODE, value: live}]
                  ports: [{name: http, envName: PORT}]
            """);

    assertThat(mapped.violations()).isEmpty();
    assertThat(mapped.message())
        .isEqualTo(
            TextFormat.parse(
                """
                name: "web"
                labels { key: "app" value: "web" }
                instance_count: 3
                sla { preemptible: true }
                respool_id { value: "%s" }
                default_spec {
                  containers {
                    name: "web"
                    image: "shop/web:1"
                    resource { cpu_limit: 0.25 mem_limit_mb: 512 disk_limit_mb: 1536 }
                    environment { name: "MODE" value: "live" }
                    ports { name: "http" env_name: "PORT" }
                  }
                  mesos_spec { type: CONTAINER_TYPE_DOCKER }
                }
                """
                    .formatted(POOL),
                JobSpec.class));
  }

  @ParameterizedTest(name = "replicas {0}, so far {1} -> {2}")
  @CsvSource({"4, , 4", "4, 9, 4", "0, 9, 0", ", , 1", ", 9, 9", ", 0, 0"})
  void replicasThatAreLeftOutStayAsTheyAre(Integer replicas, Integer current, int expected) {
    StatelessJobSpec spec =
        spec("template: {}" + (replicas == null ? "" : "\nreplicas: " + replicas));

    JobSpec job =
        JobSpecMapper.job(
                "web", spec, POOL, current == null ? OptionalInt.empty() : OptionalInt.of(current))
            .message();

    assertThat(job.getInstanceCount()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "containers: [{name: a, entrypoint: {value: run}}]                  | CONTAINER_TYPE_INVALID",
        "containers: [{name: a, image: i}]                                  | CONTAINER_TYPE_DOCKER",
        "{containers: [{name: a, image: i}], mesos: {shell: true}}          | CONTAINER_TYPE_DOCKER",
        "{containers: [{name: a, image: i}], mesos: {containerizer: Mesos}} | CONTAINER_TYPE_MESOS",
        "{containers: [{name: a}], mesos: {containerizer: Docker}}          | CONTAINER_TYPE_DOCKER",
        "containers: [{name: a, mesos: {container: {type: MESOS}}}]         | CONTAINER_TYPE_INVALID",
      })
  void anImageMeansDockerUnlessSomethingElseIsSaid(String template, ContainerType expected) {
    PodSpec pod = pod(template);

    assertThat(pod.getMesosSpec().getType()).isEqualTo(expected);
  }

  @Test
  void anInstanceSaysOnlyWhatIsItsOwn() {
    JobSpec job =
        map("""
            template:
              killGracePeriodSeconds: 5
              containers: [{name: a, entrypoint: {value: run}}]
              mesos: {shell: true}
            instances:
              - {instance: 2, template: {labels: [{key: k, value: v}]}}
              - {instance: 4, template: {containers: [{name: a, image: i}]}}
            """)
            .message();

    PodSpec labelled = job.getInstanceSpecOrThrow(2);
    assertThat(labelled.getAllFields()).hasSize(1);
    assertThat(labelled.getLabels(0).getKey()).isEqualTo("k");
    PodSpec imaged = job.getInstanceSpecOrThrow(4);
    assertThat(imaged.getMesosSpec().getType()).isEqualTo(ContainerType.CONTAINER_TYPE_DOCKER);
    assertThat(imaged.getMesosSpec().getShell()).as("of the template").isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{httpCheck: {port: 80}}                                           | true  | HTTP",
        "{commandCheck: {command: c}}                                      | true  | COMMAND",
        "{enabled: false, commandCheck: {command: c}}                      | false | COMMAND",
        "{type: Http, commandCheck: {command: c}, httpCheck: {port: 80}}   | true  | HTTP",
        "{type: Grpc}                                                      | true  | GRPC",
      })
  void aHealthCheckThatIsThereIsDone(String check, boolean enabled, String type) {
    HealthCheckSpec mapped =
        pod("containers: [{name: a, livenessCheck: " + check + "}]")
            .getContainers(0)
            .getLivenessCheck();

    assertThat(mapped.getEnabled()).isEqualTo(enabled);
    assertThat(mapped.getType()).isEqualTo(HealthCheckType.valueOf("HEALTH_CHECK_TYPE_" + type));
  }

  @Test
  void theFormOfMesosIsTheJsonOfItsMessages() {
    ContainerSpec container =
        pod("""
            containers:
              - name: a
                mesos:
                  command: {shell: false, value: run, arguments: [run, fast]}
                  container: {type: DOCKER, docker: {image: i, network: BRIDGE}}
            """)
            .getContainers(0);

    assertThat(container.getCommand().getValue()).isEqualTo("run");
    assertThat(container.getCommand().getArgumentsList()).containsExactly("run", "fast");
    assertThat(container.getContainer().getDocker().getImage()).isEqualTo("i");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "template: {containers: [{name: a, resources: {memory: 512}}]}"
            + "| spec.template.containers[0].resources.memory | say 512Mi",
        "template: {containers: [{name: a, ports: [{name: p, type: Magic}]}]}"
            + "| spec.template.containers[0].ports[0].type | Static",
        "template: {containers: [{name: a, mesos: {command: {nonsense: 1}}}]}"
            + "| spec.template.containers[0].mesos.command | nonsense",
        "template: {containers: [{name: a, mesos: {container: {}}}]}"
            + "| spec.template.containers[0].mesos.container | required",
        "template: {containers: [{name: a, livenessCheck: {type: Wish}}]}"
            + "| spec.template.containers[0].livenessCheck.type | Command, Http, Grpc",
        "template: {constraint: {}}" + "| spec.template.constraint | exactly one",
        "template: {constraint: {or: [{label: {kind: Moon, condition: Equal, key: k}}]}}"
            + "| spec.template.constraint.or[0].label.kind | Pod, Host",
        "template: {volumes: [{name: v}]}" + "| spec.template.volumes[0] | exactly one",
        "template: {mesos: {containerizer: Crate}}"
            + "| spec.template.mesos.containerizer | Docker, Mesos",
        "template: {mesos: {executor: {type: Custom, data: '?'}}}"
            + "| spec.template.mesos.executor.data | base64",
        "{template: {}, instances: [{instance: 1, template: {}}, {instance: 1, template: {}}]}"
            + "| spec.instances[1].instance | once",
        "replicas: 1" + "| spec.template | needs a template",
      })
  void problemsNameTheFieldOfTheResource(String yaml, String field, String says) {
    Mapped<JobSpec> mapped = map(yaml);

    assertThat(mapped.violations()).extracting(Violation::field).containsExactly(field);
    assertThat(mapped.violations().get(0).toString()).contains(says);
  }

  @Test
  void aPausedResourceChangesAndStartsPaused() {
    StatelessJobSpec paused = spec("{template: {}, paused: true, updatePolicy: {batchSize: 2}}");

    assertThat(JobSpecMapper.update(paused))
        .isEqualTo(UpdateSpec.newBuilder().setBatchSize(2).setStartPaused(true).build());
    assertThat(JobSpecMapper.create(paused))
        .isEqualTo(CreateSpec.newBuilder().setStartPaused(true).build());
    assertThat(JobSpecMapper.update(spec("template: {}")))
        .isEqualTo(UpdateSpec.getDefaultInstance());
  }

  private static PodSpec pod(String template) {
    Mapped<JobSpec> mapped =
        map(
            template.startsWith("{")
                ? "template: " + template
                : "template:\n  " + template.replace("\n", "\n  "));
    assertThat(mapped.violations()).isEmpty();
    return mapped.message().getDefaultSpec();
  }

  private static Mapped<JobSpec> map(String spec) {
    return JobSpecMapper.job("web", spec(spec), POOL, OptionalInt.empty());
  }

  private static StatelessJobSpec spec(String yaml) {
    return new KubernetesSerialization().unmarshal("---\n" + yaml, StatelessJobSpec.class);
  }

  private static StatelessJobSpec everything() throws IOException {
    try (InputStream yaml =
        JobSpecMapperTest.class.getResourceAsStream("/job-with-everything.yaml")) {
      return new KubernetesSerialization().unmarshal(yaml, StatelessJob.class).getSpec();
    }
  }
}
