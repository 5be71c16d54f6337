package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;
import peloton.command.kubernetes.Kubectl;
import peloton.command.kubernetes.KubernetesFront;
import peloton.command.kubernetes.KubernetesTools;
import peloton.command.kubernetes.RequiredTools;

/**
 * A job's life through kubectl, on a real API server, with processes and the operator's own rights.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorOnKubernetesIT {
  private static final Path MANIFESTS = Path.of("../../manifests");
  private static final String SAMPLES = MANIFESTS + "/samples/kubernetes/";
  private static final String OPERATOR = "system:serviceaccount:peloton-system:peloton-operator";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static LocalCluster cluster;
  private static KubernetesFront kubernetes;

  @BeforeAll
  static void startCluster() {
    KubernetesTools tools = RequiredTools.find();
    cluster =
        new LocalCluster(
            KubernetesFront.served(
                ClusterSettings.in(folder)
                    .withMesosFlags(List.of("--agents", "3", "--allocation-interval", "200ms"))));
    kubernetes = new KubernetesFront(cluster, tools, Path.of("../../manifests"));
    cluster.startEtcd();
    kubernetes.start();
    cluster.startMesos();
    cluster.startOperator();
  }

  @AfterAll
  static void stopCluster() {
    if (kubernetes != null) {
      kubernetes.close();
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void aJobThatIsAppliedBeforeItsPoolWaitsForItAndRuns() {
    done("apply", "-f", SAMPLES + "job.yaml");
    awaitReason("hello", "ResourcePoolNotFound");
    assertThat(jsonPath("sjob/hello", "{.status.conditions[?(@.type==\"Ready\")].message}"))
        .contains("/samples");
    assertThat(kstatus("hello")).startsWith("InProgress");

    done("apply", "-f", SAMPLES + "pool.yaml");
    awaitReady("hello");

    assertThat(row("sjob", "hello")).containsSequence("hello", "3/3", "3", "Running");
    assertThat(row("respool", "samples")).contains("/samples", "True");
    assertThat(kstatus("hello")).startsWith("Current");
    assertThat(peloton("job", "list")).contains("hello");
  }

  @Test
  @Order(2)
  void nothingShowsAsDriftedAfterwards() throws IOException {
    assertThat(kubectl("diff", "-k", SAMPLES)).isEqualTo(new Kubectl.Result(0, "", ""));

    JsonNode metadata =
        json("get", "sjob", "hello", "-o", "json", "--show-managed-fields").get("metadata");
    List<String> fields =
        StreamSupport.stream(metadata.get("managedFields").spliterator(), false)
            .filter(entry -> !entry.get("manager").asText().startsWith("kubectl"))
            .flatMap(entry -> paths(entry.get("fieldsV1"), 2))
            .distinct()
            .toList();
    assertThat(fields)
        .isNotEmpty()
        .allSatisfy(path -> assertThat(path).containsAnyOf("f:status", "f:metadata/f:finalizers"));
  }

  @Test
  @Order(3)
  void anotherSpecificationIsRolledOutBeforeTheJobIsReadyAgain() throws IOException {
    String v2 = Files.readString(Path.of(SAMPLES + "job.yaml")).replace("value: v1", "value: v2");
    Files.writeString(folder.resolve("job-v2.yaml"), v2);
    done("apply", "-f", folder.resolve("job-v2.yaml").toString());
    awaitReady("hello");

    assertThat(row("sjob", "hello")).containsSequence("3/3", "3", "Running");
    assertThat(peloton("pod", "logs", "hello-0")).contains("v2");
    assertThat(jsonPath("sjob/hello", "{.status.workflow.summary}"))
        .isEqualTo("Update Succeeded 3/3");
  }

  @Test
  @Order(4)
  void scalesAsADeploymentDoes() {
    done("scale", "sjob/hello", "--replicas=5");
    done("wait", "--for=jsonpath={.status.readyReplicas}=5", "sjob/hello", "--timeout=30s");

    assertThat(
            done(
                "get",
                "--raw",
                "/apis/peloton.dev/v1alpha1/namespaces/default/statelessjobs/hello/scale"))
        .contains("\"spec\":{\"replicas\":5}")
        .contains("\"replicas\":5,\"selector\":\"peloton.dev/job=");
    done("scale", "sjob/hello", "--replicas=3");
    done("wait", "--for=jsonpath={.status.replicas}=3", "sjob/hello", "--timeout=30s");
    awaitReady("hello");
  }

  @Test
  @Order(5)
  void pausesAndResumesAnUpdate() {
    patch("hello", "{\"spec\":{\"paused\":true,\"template\":{\"killGracePeriodSeconds\":6}}}");
    awaitReason("hello", "WorkflowPaused");

    patch("hello", "{\"spec\":{\"paused\":false}}");
    awaitReady("hello");
    assertThat(row("sjob", "hello")).containsSequence("3/3", "3");
  }

  @Test
  @Order(6)
  void restartsOnceForEachToken() {
    String before = peloton("pod", "list", "hello", "-o", "json");
    patch("hello", "{\"spec\":{\"restart\":{\"token\":\"one\"}}}");
    done("wait", "--for=jsonpath={.status.handledRestartToken}=one", "sjob/hello", "--timeout=30s");
    awaitReady("hello");

    assertThat(jsonPath("sjob/hello", "{.status.workflow.summary}"))
        .isEqualTo("Restart Succeeded 3/3");
    assertThat(peloton("pod", "list", "hello", "-o", "json")).isNotEqualTo(before);
  }

  @Test
  @Order(7)
  void suspendsAndGoesOn() {
    patch("hello", "{\"spec\":{\"suspend\":true}}");
    awaitReason("hello", "Suspended");
    assertThat(jsonPath("sjob/hello", "{.status.ready}")).isEqualTo("0/0");

    patch("hello", "{\"spec\":{\"suspend\":null}}");
    awaitReason("hello", "PodsReady");
    awaitReady("hello");
  }

  @Test
  @Order(8)
  void aClientOfTheApiIsToldWhoOwnsTheJobAndUndoneIfItForces() {
    Cli.Result refused = cli("job", "stop", "hello");

    assertThat(refused.err()).contains("FAILED_PRECONDITION", "StatelessJob", "default", "hello");
    assertThat(refused.code()).isNotZero();

    String version = jsonPath("sjob/hello", "{.status.entityVersion}");
    assertThat(cli("job", "stop", "hello", "--force-owner").err()).isEmpty();
    assertThat(
            Waiting.until(
                LIMIT, () -> !jsonPath("sjob/hello", "{.status.entityVersion}").equals(version)))
        .isTrue();
    awaitReady("hello");
    assertThat(row("sjob", "hello")).containsSequence("3/3", "3", "Running");
  }

  @Test
  @Order(9)
  void whatOnlyTheOperatorCanKnowIsSaidInTheConditions() {
    String other =
        "{apiVersion: peloton.dev/v1alpha1, kind: StatelessJob, metadata: {name: bad}, spec:"
            + " {respool: /samples, template: {containers: [{name: a, entrypoint: {value: x}},"
            + " {name: b, readinessCheck: {type: Grpc}}]}}}";
    assertThat(kubernetes.kubectl().pipe(other, "apply", "-f", "-").code()).isZero();

    done("wait", "--for=condition=Stalled", "sjob/bad", "--timeout=30s");

    assertThat(kstatus("bad")).startsWith("Failed");
    assertThat(jsonPath("sjob/bad", "{.status.conditions[?(@.type==\"Ready\")].message}"))
        .contains("template");
    done("delete", "sjob", "bad", "--timeout=30s");
  }

  @Test
  @Order(10)
  void describeShowsWhatHappened() {
    assertThat(done("describe", "sjob", "hello")).contains("Events:", "PodsReady");
    assertThat(done("get", "peloton")).contains("statelessjob.peloton.dev/hello", "resourcepool");
  }

  @Test
  @Order(11)
  void deletionWaitsForMesosAndEnds() {
    cluster.killMesos();
    done("delete", "sjob", "hello", "--wait=false");
    done("delete", "respool", "samples", "--wait=false");
    awaitReason("hello", "Deleting");
    assertThat(
            Waiting.until(
                LIMIT,
                () ->
                    jsonPath("respool/samples", "{.status.conditions[?(@.type==\"Ready\")].reason}")
                        .equals("PoolInUse")))
        .isTrue();
    assertThat(kstatus("hello")).startsWith("Terminating");

    cluster.startMesos();

    done("wait", "--for=delete", "sjob/hello", "respool/samples", "--timeout=120s");
    assertThat(peloton("job", "list")).doesNotContain("hello");
    assertThat(cli("respool", "get", "/samples").err()).contains("NOT_FOUND");
  }

  @Test
  @Order(12)
  void theOperatorUsedEachOfItsRightsAndAskedForNoOther() throws IOException {
    Set<String> used = new TreeSet<>();
    for (String line : Files.readAllLines(kubernetes.server().auditLog())) {
      JsonNode entry = JSON.readTree(line);
      JsonNode object = entry.get("objectRef");
      if (!entry.at("/user/username").asText().equals(OPERATOR) || object == null) {
        continue;
      }
      assertThat(entry.at("/responseStatus/code").asInt()).as(line).isNotEqualTo(403);
      String resource = object.at("/resource").asText();
      String part = object.at("/subresource").asText();
      used.add(
          entry.get("verb").asText()
              + " "
              + (object.at("/apiGroup").asText().equals("peloton.dev") ? "ours" : resource)
              + (part.isEmpty() ? "" : "/" + part));
    }

    Set<String> allowed = allowed();
    assertThat(allowed).containsAll(used);
    // An event of an earlier leader is read before it is counted up; there was one leader only.
    allowed.remove("get events");
    assertThat(used).containsAll(allowed);
  }

  /** The rules of the role, with one name for our three kinds, which are treated alike. */
  private static Set<String> allowed() throws IOException {
    Set<String> allowed = new TreeSet<>();
    JsonNode role = json("get", "clusterrole", "peloton-operator", "-o", "json");
    for (JsonNode rule : role.get("rules")) {
      boolean ours = rule.at("/apiGroups/0").asText().equals("peloton.dev");
      for (JsonNode resource : rule.get("resources")) {
        String name = resource.asText();
        String shown = ours ? "ours" + (name.contains("/") ? "/status" : "") : name;
        rule.get("verbs").forEach(verb -> allowed.add(verb.asText() + " " + shown));
      }
    }
    return allowed;
  }

  private static Stream<String> paths(JsonNode fields, int depth) {
    if (depth == 0 || fields.isEmpty()) {
      return Stream.of("");
    }
    return fields.properties().stream()
        .flatMap(
            field ->
                paths(field.getValue(), depth - 1)
                    .map(rest -> rest.isEmpty() ? field.getKey() : field.getKey() + "/" + rest));
  }

  private static void awaitReady(String job) {
    done("wait", "--for=condition=Ready", "sjob/" + job, "--timeout=30s");
  }

  private static void awaitReason(String job, String reason) {
    boolean there =
        Waiting.until(
            LIMIT,
            () ->
                jsonPath("sjob/" + job, "{.status.conditions[?(@.type==\"Ready\")].reason}")
                    .equals(reason));
    assertThat(there)
        .as("%s is to be %s: %s", job, reason, kubectl("get", "sjob", job, "-o", "yaml").out())
        .isTrue();
  }

  private static void patch(String job, String patch) {
    done("patch", "sjob", job, "--type=merge", "-p", patch);
  }

  private static List<String> row(String kind, String name) {
    return List.of(done("get", kind, name, "--no-headers").strip().split(" +"));
  }

  private static String kstatus(String job) {
    return RequiredTools.kstatus(done("get", "sjob", job, "-o", "json"));
  }

  private static String jsonPath(String object, String path) {
    return kubectl("get", object, "-o", "jsonpath=" + path).out();
  }

  private static JsonNode json(String... arguments) throws IOException {
    return JSON.readTree(done(arguments));
  }

  /** Runs a command that must succeed; returns what it printed. */
  private static String done(String... arguments) {
    Kubectl.Result result = kubectl(arguments);
    assertThat(result.code()).as("%s: %s", List.of(arguments), result.all()).isZero();
    return result.out();
  }

  private static Kubectl.Result kubectl(String... arguments) {
    return kubernetes.kubectl().run(arguments);
  }

  private static String peloton(String... arguments) {
    Cli.Result result = cli(arguments);
    assertThat(result.code()).as("%s: %s", List.of(arguments), result.err()).isZero();
    return result.out();
  }

  private static Cli.Result cli(String... arguments) {
    return Cli.with(Map.of("PELOTON_SERVER", cluster.operatorAddress()))
        .run(new ArrayList<>(List.of(arguments)));
  }
}
