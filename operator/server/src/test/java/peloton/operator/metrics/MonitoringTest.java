package peloton.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The alert rules and the dashboard ask for what the operator serves. */
class MonitoringTest {
  private static final Path PAGE = Path.of("../../docs/METRICS.md");
  private static final Path FOLDER = Path.of("../../manifests/components/monitoring");
  private static final Pattern SERIES =
      Pattern.compile("\\b(?:peloton|grpc|jvm|process|system|logback)_[a-z_]+\\b");

  @Test
  void alertsAskForSeriesThatAreServed() throws IOException {
    List<JsonNode> rules = rules();
    assertThat(rules).hasSizeGreaterThan(10);
    assertThat(served())
        .containsAll(rules.stream().flatMap(rule -> series(rule.get("expr")).stream()).toList());
  }

  @Test
  void theDashboardAsksForSeriesThatAreServed() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
    Set<String> asked =
        dashboard.findValues("expr").stream()
            .flatMap(expression -> series(expression).stream())
            .collect(Collectors.toSet());
    assertThat(asked).hasSizeGreaterThan(20);
    assertThat(served()).containsAll(asked);
    assertThat(dashboard.findValuesAsText("title")).doesNotHaveDuplicates();
  }

  @Test
  void everyAlertSaysWhatIsWrongAndWhatToDoAndIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    for (JsonNode rule : rules()) {
      String name = rule.get("alert").asText();
      assertThat(rule.at("/annotations/summary").asText()).as(name).isNotEmpty();
      assertThat(rule.at("/annotations/action").asText()).as(name).isNotEmpty();
      assertThat(rule.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
      assertThat(page).contains("`" + name + "`");
    }
  }

  private static List<JsonNode> rules() throws IOException {
    File file = FOLDER.resolve("alerts.yaml").toFile();
    JsonNode resource = new ObjectMapper(new YAMLFactory()).readTree(file);
    return StreamSupport.stream(resource.at("/spec/groups/0/rules").spliterator(), false).toList();
  }

  private static Set<String> series(JsonNode expression) {
    return SERIES
        .matcher(expression.asText())
        .results()
        .map(result -> result.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What the page lists, which another test compares with what is served, and what is usual. */
  private static Set<String> served() throws IOException {
    Set<String> names =
        SERIES
            .matcher(Files.readString(PAGE))
            .results()
            .map(result -> result.group())
            .collect(Collectors.toCollection(TreeSet::new));
    names.add("grpc_server_processing_duration_seconds_count");
    names.add("grpc_server_processing_duration_seconds_bucket");
    try (OperatorMetrics usual = new OperatorMetrics()) {
      SERIES.matcher(usual.scrape()).results().forEach(result -> names.add(result.group()));
    }
    return names;
  }
}
