package peloton.crds.generator;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import peloton.crds.HostMaintenance;
import peloton.crds.ResourcePool;
import peloton.crds.StatelessJob;

/** The manifests of all custom resource definitions, made from their Java types. */
final class CrdManifests {
  static final List<Class<? extends CustomResource<?, ?>>> TYPES =
      List.of(StatelessJob.class, ResourcePool.class, HostMaintenance.class);

  /** Writes them where they belong, from the project's root. */
  static final String COMMAND = "mvn -pl crds test-compile exec:exec@write-crds";

  private static final String HEADER =
      "# Made from the Java types in crds/; change those and run: " + COMMAND + "\n";

  private CrdManifests() {}

  /** YAML by file name. */
  static Map<String, String> generate() {
    Map<String, String> files = new TreeMap<>();
    for (Class<? extends CustomResource<?, ?>> type : TYPES) {
      CustomResource<?, ?> sample = instance(type);
      files.put(
          sample.getPlural() + "." + sample.getGroup() + ".yaml",
          HEADER + withoutHeader(yaml(type)));
    }
    return files;
  }

  private static String yaml(Class<? extends CustomResource<?, ?>> type) {
    Memory memory = new Memory();
    new CRDGenerator()
        .customResourceClasses(List.of(type))
        .forCRDVersions("v1")
        .withParallelGenerationEnabled(false)
        // Unquoted, True and False would be no texts to YAML 1.1, which Kubernetes reads.
        .withMinQuotes(false)
        .withPostProcessor(new Completion(type))
        .withOutput(memory)
        .generate();
    return memory.text();
  }

  private static String withoutHeader(String yaml) {
    return yaml.startsWith("#") ? yaml.substring(yaml.indexOf('\n') + 1) : yaml;
  }

  private static CustomResource<?, ?> instance(Class<? extends CustomResource<?, ?>> type) {
    try {
      return type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  /** What the generator leaves open. */
  private record Completion(Class<? extends CustomResource<?, ?>> type)
      implements io.fabric8.crdv2.generator.CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata made, String version) {
      CustomResourceDefinition crd = (CustomResourceDefinition) made;
      crd.getSpec().getNames().setListKind(crd.getSpec().getNames().getKind() + "List");
      for (CustomResourceDefinitionVersion v : crd.getSpec().getVersions()) {
        v.getSchema()
            .getOpenAPIV3Schema()
            .setDescription(type.getAnnotation(JsonClassDescription.class).value());
        SchemaWords.complete(type, v.getSchema().getOpenAPIV3Schema());
        v.getAdditionalPrinterColumns().sort(asDeclared());
      }
      return crd;
    }

    /** The generator sorts columns by path; people read them in the order of the annotations. */
    private Comparator<CustomResourceColumnDefinition> asDeclared() {
      List<String> names =
          Stream.of(type.getAnnotationsByType(AdditionalPrinterColumn.class))
              .map(AdditionalPrinterColumn::name)
              .toList();
      return Comparator.comparingInt(column -> names.indexOf(column.getName()));
    }
  }

  private static final class Memory implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public ByteArrayOutputStream outputFor(String name) {
      return bytes;
    }

    @Override
    public void close() {}

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
