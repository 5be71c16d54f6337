package peloton.operator.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Gathers settings from a YAML file, the environment and flags, in this order; a later source
 * overrides an earlier one. {@link #load} then checks all of them and reports every problem at
 * once.
 */
public final class ConfigLoader {
  private final Map<Setting, Given> given = new EnumMap<>(Setting.class);
  private final List<String> problems = new ArrayList<>();

  /** A value as somebody wrote it, and where. */
  record Given(String value, String source) {}

  /** Takes what a YAML file sets; keys may be nested ({@code etcd: {prefix: …}}) or dotted. */
  public ConfigLoader file(Path file) {
    try {
      JsonNode root = new YAMLMapper().readTree(Files.readString(file));
      if (root != null && !root.isNull() && !root.isMissingNode()) {
        flatten("", root, file.toString());
      }
    } catch (JacksonException e) {
      problems.add(
          file
              + ", line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
              + ": is not YAML: "
              + e.getOriginalMessage());
    } catch (IOException e) {
      problems.add(file + ": cannot be read: " + e);
    }
    return this;
  }

  /** Takes the variables that begin with {@code PELOTON_} and name a setting. */
  public ConfigLoader environment(Map<String, String> variables) {
    for (Setting setting : Setting.values()) {
      String value = variables.get(setting.variable());
      if (value != null) {
        given.put(setting, new Given(value, "environment variable " + setting.variable()));
      }
    }
    return this;
  }

  /** Takes flags, given as {@code --name value} or {@code --name=value}. */
  public ConfigLoader flags(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      Setting setting = Setting.byFlag(name).orElse(null);
      if (setting == null) {
        problems.add(
            name + ": no such flag; there are " + all(Arrays.stream(Setting.values()), true));
      } else if (equals >= 0) {
        flag(setting, argument.substring(equals + 1));
      } else if (i + 1 < arguments.size()) {
        flag(setting, arguments.get(++i));
      } else {
        problems.add(name + ": needs a value: " + setting.description());
      }
    }
    return this;
  }

  /** Takes one flag. */
  public ConfigLoader flag(Setting setting, String value) {
    given.put(setting, new Given(value, "flag " + setting.flag()));
    return this;
  }

  /**
   * Checks everything.
   *
   * @throws ConfigException if anything is wrong, with all that is
   */
  public OperatorConfig load() {
    ConfigReader reader = new ConfigReader(given, problems);
    OperatorConfig config = reader.read();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return config;
  }

  /** Every setting with its value and its source, as YAML; secrets are masked. */
  public String print() {
    StringBuilder text = new StringBuilder();
    String section = "";
    for (Setting setting : Setting.values()) {
      String[] parts = setting.key().split("\\.", 2);
      if (!parts[0].equals(section)) {
        section = parts[0];
        text.append(section).append(":\n");
      }
      Given value = given.getOrDefault(setting, new Given(setting.preset(), "default"));
      String shown = setting.secret() && !value.value().isEmpty() ? "***" : value.value();
      text.append("  ").append(parts[1]).append(": ").append(quote(shown));
      text.append("  # ").append(value.source()).append("; ").append(setting.description());
      text.append('\n');
    }
    return text.toString();
  }

  private void flatten(String path, JsonNode node, String source) {
    if (!node.isObject()) {
      problems.add(source + ": holds no settings but " + node + "; write \"name: value\" lines");
      return;
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      JsonNode value = field.getValue();
      Setting setting = Setting.byKey(key).orElse(null);
      if (setting != null) {
        take(setting, value, source);
      } else if (value.isObject() && isSection(key)) {
        flatten(key, value, source);
      } else {
        problems.add(key + " (from " + source + "): no such setting; there are " + near(key));
      }
    }
  }

  private void take(Setting setting, JsonNode value, String source) {
    if (value.isNull()) {
      return;
    }
    if (value.isObject()) {
      problems.add(
          setting.key() + " (from " + source + "): must be a value or a list, not " + value);
      return;
    }
    String text = value.asText();
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(item.asText()));
      text = String.join(",", items);
    }
    given.put(setting, new Given(text, source));
  }

  private static boolean isSection(String key) {
    return Arrays.stream(Setting.values()).anyMatch(s -> s.key().startsWith(key + "."));
  }

  private static String near(String key) {
    String section = key.contains(".") ? key.substring(0, key.indexOf('.') + 1) : key + ".";
    List<Setting> same =
        Arrays.stream(Setting.values()).filter(s -> s.key().startsWith(section)).toList();
    return all(same.isEmpty() ? Arrays.stream(Setting.values()) : same.stream(), false);
  }

  private static String all(java.util.stream.Stream<Setting> settings, boolean flags) {
    return settings.map(s -> flags ? s.flag() : s.key()).collect(Collectors.joining(", "));
  }

  private static String quote(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
