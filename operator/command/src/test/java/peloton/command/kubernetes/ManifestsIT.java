package peloton.command.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import peloton.operator.config.ConfigLoader;
import peloton.operator.config.OperatorConfig;

/** What kustomize makes of manifests/, held against what the operator knows. */
class ManifestsIT {
  private static final Path MANIFESTS = Path.of("../../manifests");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private static KubernetesTools tools;

  @BeforeAll
  static void findTools() {
    tools = RequiredTools.find();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "base",
        "overlays/dev",
        "overlays/production",
        "samples/kubernetes",
        "gitops/flux",
        "gitops/argo-cd"
      })
  void everyKustomizationBuildsAndNamesNothingTwice(String name) throws IOException {
    List<String> names =
        build(name).stream()
            .map(
                object ->
                    object.get("kind").asText()
                        + " "
                        + object.at("/metadata/namespace").asText()
                        + "/"
                        + object.at("/metadata/name").asText())
            .toList();

    assertThat(names).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void everyFolderOfManifestsIsCovered() throws IOException {
    try (var files = Files.walk(MANIFESTS)) {
      assertThat(
              files
                  .filter(file -> file.endsWith("kustomization.yaml"))
                  .map(file -> MANIFESTS.relativize(file.getParent()).toString()))
          .containsExactlyInAnyOrder(
              "base",
              "components/monitoring", // by the production overlay
              "components/service-monitor", // by the production overlay
              "crds", // by the base
              "gitops/argo-cd",
              "gitops/flux",
              "overlays/dev",
              "overlays/production",
              "samples/kubernetes");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "overlays/dev", "overlays/production"})
  void theOperatorTakesItsSettings(String overlay) throws IOException {
    List<JsonNode> objects = build(overlay);
    OperatorConfig config = settings(objects);
    JsonNode operator = operator(objects);

    assertThat(port(operator, "grpc")).isEqualTo(config.listen().ports().get(0));
    assertThat(port(operator, "http")).isEqualTo(config.listen().httpPort().orElseThrow());
    assertThat(texts(operator.get("args")))
        .containsExactly("server", "--config", "/etc/peloton/operator.yaml");
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(operator.at("/" + probe + "/httpGet/port").asText()).isEqualTo("http");
      assertThat(operator.at("/" + probe + "/httpGet/path").asText()).isIn("/livez", "/readyz");
    }
  }

  @Test
  void productionIsServedByTwoReplicasApartWithTlsOnBothSides() throws IOException {
    List<JsonNode> objects = build("overlays/production");
    OperatorConfig config = settings(objects);
    JsonNode deployment = one(objects, "Deployment", "peloton-operator");

    assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(
            deployment
                .at("/spec/template/spec/affinity/podAntiAffinity")
                .has("requiredDuringSchedulingIgnoredDuringExecution"))
        .isTrue();
    assertThat(config.listen().tls().orElseThrow().clientAuthorities()).isPresent();
    assertThat(config.etcd().tls().orElseThrow().identity()).isPresent();
    assertThat(one(objects, "PodDisruptionBudget", "peloton-operator")).isNotNull();
    assertThat(one(objects, "ServiceMonitor", "peloton-operator").at("/spec/endpoints/0/path"))
        .hasToString("\"/metrics\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "overlays/dev", "overlays/production"})
  void everythingThatSelectsPodsFindsTheOperators(String overlay) throws IOException {
    List<JsonNode> objects = build(overlay);
    JsonNode labels =
        one(objects, "Deployment", "peloton-operator").at("/spec/template/metadata/labels");

    assertThat(one(objects, "Service", "peloton").at("/spec/selector").properties())
        .isSubsetOf(labels.properties());
    assertThat(
            one(objects, "PodDisruptionBudget", "peloton-operator")
                .at("/spec/selector/matchLabels")
                .properties())
        .isSubsetOf(labels.properties());
    assertThat(
            one(objects, "NetworkPolicy", "peloton-operator")
                .at("/spec/podSelector/matchLabels")
                .properties())
        .isSubsetOf(labels.properties());
  }

  /** The settings that the operator reads in its container; files of secrets are made up. */
  private static OperatorConfig settings(List<JsonNode> objects) throws IOException {
    JsonNode map =
        objects.stream()
            .filter(object -> object.at("/data/operator.yaml").isTextual())
            .findFirst()
            .orElseThrow();
    String text =
        map.at("/data/operator.yaml").asText().replaceAll("/etc/peloton[a-z-]*", folder.toString());
    for (String secret : List.of("ca.crt", "tls.crt", "tls.key")) {
      Files.writeString(folder.resolve(secret), "");
    }
    return new ConfigLoader().file(Files.writeString(folder.resolve("operator.yaml"), text)).load();
  }

  private static JsonNode operator(List<JsonNode> objects) {
    return StreamSupport.stream(
            one(objects, "Deployment", "peloton-operator")
                .at("/spec/template/spec/containers")
                .spliterator(),
            false)
        .filter(container -> container.get("name").asText().equals("operator"))
        .findFirst()
        .orElseThrow();
  }

  private static int port(JsonNode container, String name) {
    return StreamSupport.stream(container.get("ports").spliterator(), false)
        .filter(port -> port.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow()
        .get("containerPort")
        .asInt();
  }

  private static JsonNode one(List<JsonNode> objects, String kind, String name) {
    return objects.stream()
        .filter(object -> object.get("kind").asText().equals(kind))
        .filter(object -> object.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + kind + " " + name));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static List<JsonNode> build(String name) {
    String yaml =
        Programs.run(
            "",
            List.of(
                tools.program("kubectl").toString(),
                "kustomize",
                MANIFESTS.resolve(name).toString()));
    List<JsonNode> objects = new ArrayList<>();
    new Yaml().loadAll(yaml).forEach(object -> objects.add(JSON.valueToTree(object)));
    return objects;
  }
}
