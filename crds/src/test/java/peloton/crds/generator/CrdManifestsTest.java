package peloton.crds.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CrdManifestsTest {
  private static final Path FOLDER = Path.of("../manifests/crds");

  /** Annotations of an object may take 256 KiB, and kubectl apply keeps a copy in one. */
  private static final int LARGEST = 256 * 1024;

  private static final Map<String, String> GENERATED = CrdManifests.generate();

  @Test
  void theManifestsAreThoseThatTheTypesGive() throws IOException {
    Map<String, String> written = new TreeMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> !f.endsWith("kustomization.yaml")).toList()) {
        written.put(file.getFileName().toString(), Files.readString(file));
      }
    }

    assertThat(written)
        .as("manifests/crds does not say what the types in crds/ say; run: " + CrdManifests.COMMAND)
        .isEqualTo(GENERATED);
  }

  @Test
  void everyManifestIsSmallEnoughForApply() {
    assertThat(GENERATED)
        .allSatisfy(
            (name, yaml) ->
                assertThat(yaml.getBytes(StandardCharsets.UTF_8).length)
                    .as(name)
                    .isLessThan(LARGEST));
  }

  @Test
  void everyFieldIsDescribed() {
    forEachField(
        (path, field) ->
            assertThat(field.getDescription()).as("description of " + path).isNotEmpty());
  }

  @Test
  void everyKindIsDescribed() {
    assertThat(GENERATED)
        .hasSize(CrdManifests.TYPES.size())
        .allSatisfy(
            (name, yaml) ->
                assertThat(
                        new KubernetesSerialization()
                            .unmarshal(yaml, CustomResourceDefinition.class)
                            .getSpec()
                            .getVersions())
                    .allSatisfy(
                        version ->
                            assertThat(version.getSchema().getOpenAPIV3Schema().getDescription())
                                .isNotEmpty()));
  }

  @Test
  void everyFieldIsBoundedAsItsJavaTypeIs() {
    List<String> unbounded = new ArrayList<>();
    forEachField(
        (path, field) -> {
          if (!bounded(field)) {
            unbounded.add(path);
          }
        });

    assertThat(unbounded).as("fields without a largest value, length or number").isEmpty();
  }

  @Test
  void everyListSaysHowItMerges() {
    List<String> silent = new ArrayList<>();
    forEachField(
        (path, field) -> {
          if ("array".equals(field.getType()) && field.getXKubernetesListType() == null) {
            silent.add(path);
          }
        });

    assertThat(silent).isEmpty();
  }

  @Test
  void keysOfListsAreRequired() {
    forEachField(
        (path, field) -> {
          if ("map".equals(field.getXKubernetesListType())) {
            assertThat(field.getItems().getSchema().getRequired())
                .as("required fields of the items of " + path)
                .containsAll(field.getXKubernetesListMapKeys());
          }
        });
  }

  @Test
  void nothingHasADefaultSoThatNoPipelineSeesDrift() {
    forEachField((path, field) -> assertThat(field.getDefault()).as("default of " + path).isNull());
  }

  @Test
  void everyRuleHasAMessage() {
    forEachField(
        (path, field) ->
            assertThat(field.getXKubernetesValidations())
                .as("rules of " + path)
                .allSatisfy(rule -> assertThat(rule.getMessage()).isNotEmpty()));
  }

  @Test
  void listsOfAJobMergeByWhatTellsTheirItemsApart() {
    JSONSchemaProps spec = spec("statelessjobs");
    JSONSchemaProps template = spec.getProperties().get("template");
    JSONSchemaProps container = item(template, "containers");

    assertThat(keys(spec, "labels")).containsExactly("key", "value");
    assertThat(keys(spec, "instances")).containsExactly("instance");
    assertThat(keys(template, "containers")).containsExactly("name");
    assertThat(keys(template, "volumes")).containsExactly("name");
    assertThat(keys(container, "environment")).containsExactly("name");
    assertThat(keys(container, "ports")).containsExactly("name");
    assertThat(keys(container, "volumeMounts")).containsExactly("mountPath");
    assertThat(spec.getProperties().get("ldapGroups").getXKubernetesListType()).isEqualTo("set");
    assertThat(keys(status("statelessjobs"), "conditions")).containsExactly("type");
  }

  @Test
  void theFormOfMesosIsKeptAsItIs() {
    JSONSchemaProps mesos =
        item(spec("statelessjobs").getProperties().get("template"), "containers")
            .getProperties()
            .get("mesos");

    assertThat(mesos.getProperties()).containsOnlyKeys("container", "command", "executor");
    assertThat(mesos.getProperties().values())
        .allSatisfy(
            form -> {
              assertThat(form.getType()).isEqualTo("object");
              assertThat(form.getXKubernetesPreserveUnknownFields()).isTrue();
            });
  }

  @Test
  void whatAResourceStandsForCannotBeChanged() {
    assertThat(rules(spec("statelessjobs").getProperties().get("respool")))
        .containsExactly("self == oldSelf");
    assertThat(rules(spec("statelessjobs").getProperties().get("adoptJobId")))
        .containsExactly("self == oldSelf");
    assertThat(rules(spec("resourcepools").getProperties().get("path")))
        .containsExactly("self == oldSelf");
  }

  @Test
  void columnsTellTheStoryInTheirOrder() {
    assertThat(columns("statelessjobs", 0))
        .containsExactly("Ready", "Up-to-date", "State", "Workflow", "Age");
    assertThat(columns("statelessjobs", 1)).containsExactly("Pool", "Job", "Version", "Message");
    assertThat(columns("resourcepools", 0))
        .containsExactly("Path", "Ready", "CPU", "Memory", "Jobs", "Age");
    assertThat(columns("hostmaintenances", 0)).containsExactly("Down", "Ready", "Reason", "Age");
  }

  @Test
  void jobsScaleAndAllHaveAStatusOfTheirOwn() {
    var scale = version("statelessjobs").getSubresources().getScale();

    assertThat(scale.getSpecReplicasPath()).isEqualTo(".spec.replicas");
    assertThat(scale.getStatusReplicasPath()).isEqualTo(".status.replicas");
    assertThat(scale.getLabelSelectorPath()).isEqualTo(".status.selector");
    assertThat(List.of("statelessjobs", "resourcepools", "hostmaintenances"))
        .allSatisfy(
            name -> assertThat(version(name).getSubresources().getStatus()).as(name).isNotNull());
  }

  @Test
  void wordsOfEnumsAreQuotedSinceSomeAreNoTextsInYaml() {
    assertThat(GENERATED)
        .allSatisfy(
            (name, yaml) ->
                assertThat(yaml).contains("- \"True\"", "- \"False\"").doesNotContain("- True"));
  }

  @Test
  void hostsBelongToNoNamespace() {
    assertThat(crd("statelessjobs").getSpec().getScope()).isEqualTo("Namespaced");
    assertThat(crd("resourcepools").getSpec().getScope()).isEqualTo("Namespaced");
    assertThat(crd("hostmaintenances").getSpec().getScope()).isEqualTo("Cluster");
  }

  @Test
  void namesAreShortAndInOneCategory() {
    assertThat(crd("statelessjobs").getSpec().getNames().getShortNames())
        .containsExactly("sjob", "sj");
    assertThat(crd("resourcepools").getSpec().getNames().getShortNames())
        .containsExactly("respool", "rp");
    assertThat(crd("hostmaintenances").getSpec().getNames().getShortNames())
        .containsExactly("hostmaint", "hm");
    assertThat(GENERATED.keySet())
        .allSatisfy(
            name ->
                assertThat(crd(name.split("\\.")[0]).getSpec().getNames().getCategories())
                    .containsExactly("peloton"));
  }

  private static boolean bounded(JSONSchemaProps field) {
    if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
      return field.getMaxLength() != null;
    }
    return switch (field.getType()) {
      case "string" -> field.getMaxLength() != null || !field.getEnum().isEmpty();
      case "array" -> field.getMaxItems() != null;
      case "number" -> field.getMaximum() != null && field.getMinimum() != null;
      // A generation is as large as a Java long and comes from the API server.
      case "integer" ->
          field.getMinimum() != null && (field.getMaximum() != null || isGeneration(field));
      case "object" -> field.getAdditionalProperties() == null || field.getMaxProperties() != null;
      default -> true;
    };
  }

  private static boolean isGeneration(JSONSchemaProps field) {
    return field.getDescription().startsWith("The generation of the resource");
  }

  private static void forEachField(BiConsumer<String, JSONSchemaProps> check) {
    for (String name : GENERATED.keySet()) {
      String plural = name.split("\\.")[0];
      version(plural)
          .getSchema()
          .getOpenAPIV3Schema()
          .getProperties()
          .forEach((field, schema) -> visit(plural + "." + field, schema, check));
    }
  }

  private static void visit(
      String path, JSONSchemaProps schema, BiConsumer<String, JSONSchemaProps> check) {
    check.accept(path, schema);
    if (schema.getItems() != null) {
      JSONSchemaProps item = schema.getItems().getSchema();
      item.getProperties().forEach((name, field) -> visit(path + "[]." + name, field, check));
      if ("string".equals(item.getType())) {
        assertThat(item.getMaxLength()).as("longest item of " + path).isNotNull();
      }
    }
    schema.getProperties().forEach((name, field) -> visit(path + "." + name, field, check));
  }

  private static List<String> keys(JSONSchemaProps object, String list) {
    return object.getProperties().get(list).getXKubernetesListMapKeys();
  }

  private static JSONSchemaProps item(JSONSchemaProps object, String list) {
    return object.getProperties().get(list).getItems().getSchema();
  }

  private static List<String> rules(JSONSchemaProps field) {
    return field.getXKubernetesValidations().stream().map(ValidationRule::getRule).toList();
  }

  private static List<String> columns(String plural, int priority) {
    return version(plural).getAdditionalPrinterColumns().stream()
        .filter(column -> column.getPriority() == priority)
        .map(CustomResourceColumnDefinition::getName)
        .toList();
  }

  private static JSONSchemaProps spec(String plural) {
    return version(plural).getSchema().getOpenAPIV3Schema().getProperties().get("spec");
  }

  private static JSONSchemaProps status(String plural) {
    return version(plural).getSchema().getOpenAPIV3Schema().getProperties().get("status");
  }

  private static CustomResourceDefinitionVersion version(String plural) {
    return crd(plural).getSpec().getVersions().get(0);
  }

  private static CustomResourceDefinition crd(String plural) {
    return new KubernetesSerialization()
        .unmarshal(GENERATED.get(plural + ".peloton.dev.yaml"), CustomResourceDefinition.class);
  }
}
