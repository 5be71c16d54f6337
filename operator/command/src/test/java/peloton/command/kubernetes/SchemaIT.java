package peloton.command.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;

/** What the API server makes of our manifests and resources, with no operator there. */
class SchemaIT {
  private static final String MANIFESTS = "../../manifests/";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static LocalCluster cluster;
  private static ApiServer server;
  private static Kubectl kubectl;

  @BeforeAll
  static void startServer() {
    KubernetesTools tools = RequiredTools.find();
    cluster = new LocalCluster(ClusterSettings.in(folder));
    cluster.startEtcd();
    server = new ApiServer(folder.resolve("kubernetes"), tools, cluster.etcdAddress());
    server.start();
    kubectl = server.admin();
    assertThat(applyOverlay("base")).doesNotContainIgnoringCase("warning");
    done("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
    assertThat(
            Waiting.until(
                Duration.ofSeconds(30), () -> kubectl.run("get", "sjob,respool,hm").code() == 0))
        .isTrue();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void theManifestsForDevelopmentAreTakenWithoutAWarning() {
    assertThat(applyOverlay("overlays/dev")).doesNotContainIgnoringCase("warning");
  }

  @Test
  void theProductionManifestsAreTakenToo() throws IOException {
    String all = done("kustomize", MANIFESTS + "overlays/production");
    // These kinds belong to the Prometheus Operator, which is not there.
    String known =
        String.join(
            "\n---\n",
            List.of(all.split("\n---\n")).stream()
                .filter(object -> !object.contains("kind: ServiceMonitor"))
                .filter(object -> !object.contains("kind: PrometheusRule"))
                .toList());
    Path file = Files.writeString(folder.resolve("production.yaml"), known);

    Kubectl.Result result =
        kubectl.run(
            "apply",
            "--server-side",
            "--force-conflicts",
            "--dry-run=server",
            "-f",
            file.toString());

    assertThat(result.code()).as(result.all()).isZero();
    assertThat(result.all()).doesNotContainIgnoringCase("warning");
  }

  @Test
  void samplesApplyDiffEmptyAndDelete() {
    for (String sample : List.of("pool.yaml", "job.yaml", "host-maintenance.yaml")) {
      String file = MANIFESTS + "samples/kubernetes/" + sample;
      done("apply", "--dry-run=server", "-f", file);
      assertThat(kubectl.run("diff", "-f", file).code()).as("diff before it is there").isEqualTo(1);
      done("apply", "-f", file);
      assertThat(kubectl.run("diff", "-f", file)).isEqualTo(new Kubectl.Result(0, "", ""));
      done("apply", "--server-side", "--force-conflicts", "-f", file);
      assertThat(kubectl.run("diff", "--server-side", "-f", file).code()).isZero();
    }
    assertThat(done("get", "peloton", "-o", "name"))
        .contains("statelessjob.peloton.dev/hello", "resourcepool.peloton.dev/samples")
        .contains("hostmaintenance.peloton.dev/kernel-update");
    assertThat(done("get", "sjob").lines().findFirst().orElseThrow().split(" +"))
        .containsExactly("NAME", "READY", "UP-TO-DATE", "STATE", "WORKFLOW", "AGE");
    done("delete", "-f", MANIFESTS + "samples/kubernetes/host-maintenance.yaml");
    done("delete", "-k", MANIFESTS + "samples/kubernetes");
    assertThat(done("get", "peloton", "-o", "name")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "respool: samples | spec.respool: Invalid value",
        "replicas: -1 | spec.replicas: Invalid value: -1: spec.replicas in body should be greater",
        "replicas: 100001 | should be less than or equal to 100000",
        "replicas: many | spec.replicas: Invalid value: \"string\"",
        "deletionPolicy: Keep | spec.deletionPolicy: Unsupported value: \"Keep\": supported values: \"Delete\", \"Orphan\"",
        "sla: {revocable: true} | spec.sla.preemptible: Invalid value: \"object\": a revocable job must be preemptible",
        "template: {} | spec.template.containers: Invalid value: \"object\": give template.containers",
        "template: {containers: [{image: x}]} | spec.template.containers[0].name: Required value",
        "template: {containers: [{name: a}, {name: a}]} | spec.template.containers[1]: Duplicate value",
        "template: {containers: [{name: a, resources: {cpu: lots}}]} | spec.template.containers[0].resources.cpu",
        "template: {containers: [{name: a, ports: [{name: p}]}]} | spec.template.containers[0].ports: Invalid value: \"object\": a port without a value needs an envName",
        "template: {containers: [{name: a, livenessCheck: {}}]} | spec.template.containers[0].livenessCheck: Invalid value: \"object\": say how to check",
        "replica: 3 | unknown field \"spec.replica\"",
      })
  void aBadJobIsRefusedWithThePathOfItsField(String field, String message) {
    Kubectl.Result result = applyJob(field);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(message);
    assertThat(done("get", "statelessjobs", "-o", "name")).doesNotContain("/bad");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "path: samples | spec.path: Invalid value",
        "path: / | spec.path: Invalid value",
        "resources: [{kind: cpus}] | spec.resources[0].kind: Unsupported value: \"cpus\"",
        "resources: [{kind: cpu, reservation: 2, limit: 1}] | spec.resources[0].limit: Invalid value: \"object\": limit must be at least the reservation",
        "resources: [{kind: memory, reservation: 2Gi, limit: 1024Mi}] | limit must be at least",
        "resources: [{kind: cpu, reservation: 2}] | limit must be at least the reservation",
        "slackLimitPercent: 101 | should be less than or equal to 100",
      })
  void aBadPoolIsRefusedWithThePathOfItsField(String field, String message) {
    String path = field.startsWith("path:") ? "" : ", path: /bad";
    Kubectl.Result result =
        apply(
            "{apiVersion: peloton.dev/v1alpha1, kind: ResourcePool, metadata: {name: bad}, spec: {"
                + field
                + path
                + "}}");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(message);
  }

  @Test
  void whatCannotChangeIsRefusedWithTheReason() {
    assertThat(applyJob("name: one").code()).isZero();
    try {
      Kubectl.Result moved =
          kubectl.run(
              "patch", "sjob", "bad", "--type=merge", "-p", "{\"spec\":{\"respool\":\"/other\"}}");
      Kubectl.Result adopted =
          kubectl.run(
              "patch",
              "sjob",
              "bad",
              "--type=merge",
              "-p",
              "{\"spec\":{\"adoptJobId\":\"5f4ae31c-3e5d-4c5c-8bf7-1c6d3a7b1f0e\"}}");

      assertThat(moved.err()).contains("spec.respool", "a job stays in its resource pool");
      assertThat(adopted.err()).contains("adoptJobId can be given only when");
    } finally {
      done("delete", "sjob", "bad");
    }
  }

  @Test
  void everyFieldIsExplained() {
    assertThat(done("explain", "sjob"))
        .contains("A service on Mesos: any number of like pods that run until they are stopped.");
    assertThat(done("explain", "sjob.spec.updatePolicy.rollbackOnFailure"))
        .contains("If the update fails, go back to the specification before.");
    assertThat(done("explain", "respool.spec.resources.kind")).contains("ENUM:", "memory");
    assertThat(done("explain", "--recursive", "sjob")).doesNotContain("<empty>");
  }

  @Test
  void twoAppliersOfOneJobShareItsListsByTheirKeys() {
    String job =
        "{apiVersion: peloton.dev/v1alpha1, kind: StatelessJob, metadata: {name: shared}, spec: {%s"
            + "template: {containers: [{name: main, environment: [{name: %s, value: x}]}]}}}";
    try {
      applyAs("platform", job.formatted("respool: /samples, ", "A"));
      applyAs("team", job.formatted("", "B"));
      applyAs("team", job.formatted("", "C"));

      assertThat(
              done(
                  "get",
                  "sjob",
                  "shared",
                  "-o",
                  "jsonpath={.spec.template.containers[*].environment[*].name}"))
          .isEqualTo("A C");
    } finally {
      done("delete", "sjob", "shared");
    }
  }

  @Test
  void scalingIsASubresourceOfItsOwn() {
    assertThat(applyJob("name: one").code()).isZero();
    try {
      long before = generation();
      done("scale", "sjob", "bad", "--replicas=7");

      assertThat(done("get", "sjob", "bad", "-o", "jsonpath={.spec.replicas}")).isEqualTo("7");
      assertThat(generation()).isEqualTo(before + 1);
      done(
          "patch",
          "sjob",
          "bad",
          "--subresource=status",
          "--type=merge",
          "-p",
          "{\"status\":{\"replicas\":7,\"selector\":\"peloton.dev/job=x\"},\"spec\":{\"replicas\":9}}");
      assertThat(generation()).as("of a status write").isEqualTo(before + 1);
      assertThat(
              done(
                  "get",
                  "--raw",
                  "/apis/peloton.dev/v1alpha1/namespaces/default/statelessjobs/bad/scale"))
          .contains("\"replicas\":7,\"selector\":\"peloton.dev/job=x\"");
    } finally {
      done("delete", "sjob", "bad");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "view, get, statelessjobs, yes",
    "view, create, statelessjobs, no",
    "edit, create, statelessjobs, yes",
    "edit, update, statelessjobs/scale, yes",
    "edit, create, resourcepools, no",
    "edit, update, statelessjobs/status, no",
    "admin, create, resourcepools, yes",
    "admin, create, hostmaintenances, no",
    "peloton-host-admin, create, hostmaintenances, yes",
  })
  void rolesOfPeopleAllowWhatTheirNameSays(
      String role, String verb, String resource, String allowed) {
    // Kubernetes' own view, edit and admin are put together by a controller that is not there.
    String own = role.startsWith("peloton-") ? role : "peloton-" + role;
    String binding = role + "-" + verb + "-" + resource.replace('/', '-');
    String[] parts = resource.split("/");
    done("create", "clusterrolebinding", binding, "--clusterrole=" + own, "--user=" + binding);

    assertThat(
            kubectl
                .run(
                    "auth",
                    "can-i",
                    verb,
                    parts[0],
                    "--subresource=" + (parts.length > 1 ? parts[1] : ""),
                    "--as=" + binding)
                .out()
                .strip())
        .isEqualTo(allowed);
  }

  private static String applyOverlay(String overlay) {
    Kubectl.Result result =
        kubectl.run("apply", "--server-side", "--force-conflicts", "-k", MANIFESTS + overlay);
    assertThat(result.code()).as(result.all()).isZero();
    return result.all();
  }

  private static long generation() {
    return Long.parseLong(done("get", "sjob", "bad", "-o", "jsonpath={.metadata.generation}"));
  }

  private static Kubectl.Result applyJob(String field) {
    String name = field.split(":")[0];
    String rest =
        (name.equals("respool") ? "" : ", respool: /samples")
            + (name.equals("template") ? "" : ", template: {containers: [{name: main}]}");
    return apply(
        "{apiVersion: peloton.dev/v1alpha1, kind: StatelessJob, metadata: {name: bad}, spec: {"
            + field
            + rest
            + "}}");
  }

  private static Kubectl.Result apply(String yaml) {
    return kubectl.pipe(yaml, "apply", "-f", "-");
  }

  private static void applyAs(String manager, String yaml) {
    Kubectl.Result result =
        kubectl.pipe(
            yaml,
            "apply",
            "--server-side",
            "--field-manager=" + manager,
            "--validate=true",
            "-f",
            "-");
    assertThat(result.code()).as(result.all()).isZero();
  }

  /** Runs a command that must succeed; returns what it printed. */
  private static String done(String... arguments) {
    Kubectl.Result result = kubectl.run(arguments);
    assertThat(result.code()).as("%s: %s", List.of(arguments), result.all()).isZero();
    return result.out();
  }
}
