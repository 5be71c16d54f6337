package peloton.controllers.spec;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says the fields of the API's refusals in the names of the resource, so that people find them in
 * what they wrote. Names that the resource does not have are left as they are.
 */
public final class FieldNames {
  /** The path before the first colon of a violation: at the beginning, or after a bar. */
  private static final Pattern PATH =
      Pattern.compile("(?<=^|\\| )spec(?:\\.[a-zA-Z_]+(?:\\[[^\\]]*\\])?)*(?=:)");

  private static final Pattern INSTANCE = Pattern.compile("\\binstance_spec\\[(\\d+)\\]");

  private static final Pattern SNAKE = Pattern.compile("_([a-z])");

  /** Names that differ by more than their spelling, as they stand in paths. */
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry(".default_spec", ".template"),
          Map.entry(".instance_count", ".replicas"),
          Map.entry(".respool_id", ".respool"),
          Map.entry(".mesos_spec.type", ".mesos.containerizer"),
          Map.entry(".mesos_spec.executor_spec", ".mesos.executor"),
          Map.entry(".mesos_spec.network_spec", ".mesos.network"),
          Map.entry(".mesos_spec", ".mesos"),
          Map.entry(".resource.cpu_limit", ".resources.cpu"),
          Map.entry(".resource.mem_limit_mb", ".resources.memory"),
          Map.entry(".resource.disk_limit_mb", ".resources.disk"),
          Map.entry(".resource.gpu_limit", ".resources.gpu"),
          Map.entry(".resource.fd_limit", ".resources.fileDescriptors"),
          Map.entry(".initial_interval_secs", ".initialIntervalSeconds"),
          Map.entry(".interval_secs", ".intervalSeconds"),
          Map.entry(".timeout_secs", ".timeoutSeconds"),
          Map.entry(".label_constraint.label", ".label"),
          Map.entry(".label_constraint", ".label"),
          Map.entry(".and_constraint.constraints", ".and"),
          Map.entry(".or_constraint.constraints", ".or"),
          Map.entry(".controller_limit.max_percent", ".controllerLimitPercent"),
          Map.entry(".slack_limit.maxPercent", ".slackLimitPercent"));

  private static final Pattern OTHER =
      Pattern.compile(
          OTHERS.keySet().stream()
              // The longest first: one may begin another.
              .sorted((a, b) -> b.length() - a.length())
              .map(Pattern::quote)
              .collect(Collectors.joining("|", "(?:", ")(?![a-zA-Z_])")));

  private FieldNames() {}

  /** A message with the paths in it translated. */
  public static String translate(String message) {
    return PATH.matcher(message)
        .replaceAll(path -> Matcher.quoteReplacement(translatePath(path.group())));
  }

  private static String translatePath(String path) {
    String instances = INSTANCE.matcher(path).replaceAll("instances[instance=$1].template");
    String named =
        OTHER
            .matcher(instances)
            .replaceAll(name -> Matcher.quoteReplacement(OTHERS.get(name.group())));
    return SNAKE.matcher(named).replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }
}
