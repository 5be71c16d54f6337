package peloton.command.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What GitOps tools make of our resources: Flux by kstatus, Argo CD by the scripts that we ship.
 */
class GitOpsIT {
  private static final Path ARGO = Path.of("../../manifests/gitops/argo-cd/argocd-cm.yaml");
  private static final Path JUDGED = Path.of("src/test/resources/kubernetes/judged.yaml");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private static KubernetesTools tools;
  private static JsonNode scripts;

  @BeforeAll
  static void findTools() throws IOException {
    tools = RequiredTools.find();
    scripts = yaml(Files.readString(ARGO)).get("data");
  }

  static Stream<Arguments> judged() throws IOException {
    return StreamSupport.stream(yaml(Files.readString(JUDGED)).spliterator(), false)
        .map(
            row ->
                Arguments.of(
                    row.get("about").asText(),
                    row.get("object"),
                    row.get("argo").asText(),
                    row.get("kstatus").asText()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("judged")
  void fluxAndArgoCdSeeWhatTheConditionsSay(
      String about, JsonNode object, String argo, String kstatus) throws IOException {
    assertThat(health("StatelessJob", object)).startsWith(argo + ": ");
    assertThat(Programs.run(object.toString(), List.of(tools.program("kstatus").toString())))
        .startsWith(kstatus + ": ");
  }

  @Test
  void argoCdShowsTheMessageAndOfAStalledResourceTheReason() throws IOException {
    JsonNode stalled = object("the specification is refused");

    assertThat(health("StatelessJob", stalled))
        .isEqualTo("Degraded: InvalidSpec: template: nothing to run\n");
    assertThat(health("ResourcePool", object("all pods run what is asked for")))
        .isEqualTo("Healthy: 3 of 3 pods ready\n");
    assertThat(health("HostMaintenance", object("nobody has looked at it yet")))
        .isEqualTo("Progressing: waiting for the operator\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | - | restart pause suspend",
        "{paused: true} | - | restart resume suspend",
        "{suspend: true} | - | pause unsuspend",
        "{} | RollingForward | restart pause abort suspend",
        "{} | Paused | restart pause resume abort suspend",
        "{} | Succeeded | restart pause suspend",
      })
  void argoCdOffersTheActionsThatMakeSense(String spec, String workflow, String offered)
      throws IOException {
    String status = workflow.equals("-") ? "" : ", status: {workflow: {state: " + workflow + "}}";
    JsonNode job = yaml("{spec: " + spec + status + "}");

    String found =
        lua(
            "local obj = "
                + LuaText.of(job)
                + "\nlocal found = (function()\n"
                + actions().get("discovery.lua").asText()
                + "\nend)()\n"
                + "for name, action in pairs(found) do"
                + " if not action.disabled then print(name) end end\n");

    assertThat(found.lines()).containsExactlyInAnyOrder(offered.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pause | obj.spec.paused | true",
        "resume | obj.spec.paused | false",
        "suspend | obj.spec.suspend | true",
        "unsuspend | obj.spec.suspend | false",
        "restart | obj.spec.restart.token | \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ",
        "abort | obj.spec.abortToken | \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ",
      })
  void actionsOfArgoCdChangeOneField(String action, String field, String value) throws IOException {
    JsonNode script =
        StreamSupport.stream(actions().get("definitions").spliterator(), false)
            .filter(definition -> definition.get("name").asText().equals(action))
            .findFirst()
            .orElseThrow();

    String shown =
        lua(
            "local obj = {spec = {replicas = 3}}\nobj = (function()\n"
                + script.get("action.lua").asText()
                + "\nend)()\nprint(obj.spec.replicas)\nprint("
                + field
                + ")\n");

    assertThat(shown).matches("3\n" + value + "\n");
  }

  private static String health(String kind, JsonNode object) throws IOException {
    return lua(
        "local obj = "
            + LuaText.of(object)
            + "\nlocal health = (function()\n"
            + scripts.get("resource.customizations.health.peloton.dev_" + kind).asText()
            + "\nend)()\nprint(health.status .. \": \" .. health.message)\n");
  }

  private static JsonNode actions() throws IOException {
    return yaml(scripts.get("resource.customizations.actions.peloton.dev_StatelessJob").asText());
  }

  private static JsonNode object(String about) throws IOException {
    return judged()
        .filter(row -> row.get()[0].equals(about))
        .map(row -> (JsonNode) row.get()[1])
        .findFirst()
        .orElseThrow();
  }

  private static String lua(String script) throws IOException {
    Path file = Files.writeString(folder.resolve("script.lua"), script);
    return Programs.run("", List.of(tools.program("glua").toString(), file.toString()));
  }

  private static JsonNode yaml(String text) {
    Object document = new Yaml().load(text);
    return JSON.valueToTree(document instanceof List<?> ? document : (Map<?, ?>) document);
  }
}
