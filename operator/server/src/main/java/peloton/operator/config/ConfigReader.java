package peloton.operator.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import peloton.desired.secret.SecretKeys;
import peloton.placement.PlacementSettings;

/** Turns written values into checked ones; collects what is wrong instead of stopping at it. */
final class ConfigReader {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final String TLS_SCHEME = "https://";
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):(\\d{1,5})");

  private final Map<Setting, ConfigLoader.Given> given;
  private final List<String> problems;

  ConfigReader(Map<Setting, ConfigLoader.Given> given, List<String> problems) {
    this.given = given;
    this.problems = problems;
  }

  OperatorConfig read() {
    return new OperatorConfig(
        etcd(),
        listen(),
        mesos(),
        framework(),
        pods(),
        kubernetes(),
        pools(),
        placement(),
        secrets(),
        limits(),
        accessFile(),
        logging());
  }

  private OperatorConfig.Etcd etcd() {
    return new OperatorConfig.Etcd(
        list(Setting.ETCD_ENDPOINTS, endpoint -> isEndpoint(endpoint), "host:port or URL"),
        prefix(),
        credentials(Setting.ETCD_USER, Setting.ETCD_PASSWORD),
        etcdTls(),
        duration(Setting.ETCD_REQUEST_TIMEOUT, Duration.ofMillis(100), Duration.ofMinutes(1)),
        leaseTtl());
  }

  private OperatorConfig.Listen listen() {
    String advertised = text(Setting.LISTEN_ADVERTISED);
    if (!advertised.isEmpty() && !isAddress(advertised)) {
      wrong(Setting.LISTEN_ADVERTISED, "host:port");
    }
    List<Integer> ports =
        list(Setting.LISTEN_PORTS, ConfigReader::isPort, "a port from 0 to 65535").stream()
            .filter(ConfigReader::isPort)
            .map(Integer::valueOf)
            .toList();
    if (ports.stream().filter(port -> port != 0).distinct().count()
        != ports.stream().filter(port -> port != 0).count()) {
      wrong(Setting.LISTEN_PORTS, "each port once");
    }
    return new OperatorConfig.Listen(
        required(Setting.LISTEN_HOST),
        ports,
        advertised.isEmpty() ? Optional.empty() : Optional.of(advertised),
        httpPort(),
        truth(Setting.LISTEN_REFLECTION),
        serverTls());
  }

  private Optional<OperatorConfig.EtcdTls> etcdTls() {
    Optional<OperatorConfig.Identity> identity =
        identity(Setting.ETCD_TLS_CERTIFICATE, Setting.ETCD_TLS_KEY);
    if (text(Setting.ETCD_TLS_CA).isEmpty()) {
      identity.ifPresent(shown -> needs(Setting.ETCD_TLS_CERTIFICATE, Setting.ETCD_TLS_CA));
      return Optional.empty();
    }
    return Optional.of(new OperatorConfig.EtcdTls(file(Setting.ETCD_TLS_CA), identity));
  }

  private Optional<OperatorConfig.ServerTls> serverTls() {
    Optional<OperatorConfig.Identity> identity =
        identity(Setting.LISTEN_TLS_CERTIFICATE, Setting.LISTEN_TLS_KEY);
    Optional<Path> clients =
        text(Setting.LISTEN_TLS_CLIENT_CA).isEmpty()
            ? Optional.empty()
            : Optional.of(file(Setting.LISTEN_TLS_CLIENT_CA));
    if (clients.isPresent() && text(Setting.LISTEN_TLS_CERTIFICATE).isEmpty()) {
      needs(Setting.LISTEN_TLS_CLIENT_CA, Setting.LISTEN_TLS_CERTIFICATE);
    }
    boolean must = oneOf(Setting.LISTEN_TLS_CLIENTS, "required", "wanted").equals("required");
    return identity.map(shown -> new OperatorConfig.ServerTls(shown, clients, must));
  }

  private Optional<OperatorConfig.Identity> identity(Setting certificate, Setting key) {
    if (text(certificate).isEmpty() && text(key).isEmpty()) {
      return Optional.empty();
    }
    if (text(certificate).isEmpty() || text(key).isEmpty()) {
      needs(text(key).isEmpty() ? certificate : key, text(key).isEmpty() ? key : certificate);
      return Optional.empty();
    }
    return Optional.of(new OperatorConfig.Identity(file(certificate), file(key)));
  }

  private Optional<Path> accessFile() {
    return text(Setting.ACCESS_FILE).isEmpty()
        ? Optional.empty()
        : Optional.of(file(Setting.ACCESS_FILE));
  }

  private OperatorConfig.Logging logging() {
    String mutations = text(Setting.LOG_MUTATIONS);
    return new OperatorConfig.Logging(
        logLevel(),
        oneOf(Setting.LOG_FORMAT, "text", "json").equals("json"),
        mutations.isEmpty() ? Optional.empty() : Optional.of(Path.of(mutations)));
  }

  private String oneOf(Setting setting, String... allowed) {
    if (!List.of(allowed).contains(text(setting))) {
      wrong(setting, String.join(" or ", allowed));
    }
    return text(setting);
  }

  private Path file(Setting setting) {
    Path file = Path.of(text(setting));
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      wrong(setting, "a file that can be read");
    }
    return file;
  }

  private Optional<Integer> httpPort() {
    String port = text(Setting.LISTEN_HTTP_PORT);
    if (port.equals("off")) {
      return Optional.empty();
    }
    if (!isPort(port)) {
      wrong(Setting.LISTEN_HTTP_PORT, "a port from 0 to 65535, or off");
      return Optional.empty();
    }
    return Optional.of(Integer.valueOf(port));
  }

  private OperatorConfig.Mesos mesos() {
    Duration min = duration(Setting.MESOS_BACKOFF_MIN, Duration.ofMillis(1), DAY);
    Duration max = duration(Setting.MESOS_BACKOFF_MAX, Duration.ofMillis(1), DAY);
    ordered(Setting.MESOS_BACKOFF_MAX, min, max, Setting.MESOS_BACKOFF_MIN);
    String workDir = required(Setting.MESOS_AGENT_WORK_DIR);
    if (!workDir.startsWith("/")) {
      wrong(Setting.MESOS_AGENT_WORK_DIR, "an absolute path");
    }
    List<String> masters =
        list(Setting.MESOS_MASTERS, ConfigReader::isMaster, "host:port or https://host:port");
    return new OperatorConfig.Mesos(
        masters.stream().map(ConfigReader::withoutScheme).toList(),
        mesosCredentials(),
        mesosTls(masters),
        workDir,
        min,
        max);
  }

  private Optional<OperatorConfig.MesosTls> mesosTls(List<String> masters) {
    Optional<OperatorConfig.Identity> identity =
        identity(Setting.MESOS_TLS_CERTIFICATE, Setting.MESOS_TLS_KEY);
    Optional<Path> authorities =
        text(Setting.MESOS_TLS_CA).isEmpty()
            ? Optional.empty()
            : Optional.of(file(Setting.MESOS_TLS_CA));
    long secured = masters.stream().filter(master -> master.startsWith(TLS_SCHEME)).count();
    if (secured > 0 && secured < masters.size()) {
      wrong(Setting.MESOS_MASTERS, "https:// before every master or before none");
    }
    if (secured > 0) {
      return Optional.of(new OperatorConfig.MesosTls(authorities, identity));
    }
    // Nobody who gives these wants a secret to go out in the clear.
    for (Setting given : List.of(Setting.MESOS_TLS_CA, Setting.MESOS_TLS_CERTIFICATE)) {
      if (!text(given).isEmpty()) {
        wrong(given, "only with https:// before each of " + Setting.MESOS_MASTERS.key());
      }
    }
    return Optional.empty();
  }

  private Optional<OperatorConfig.Credentials> mesosCredentials() {
    if (text(Setting.MESOS_SECRET_FILE).isEmpty()) {
      return credentials(Setting.MESOS_PRINCIPAL, Setting.MESOS_SECRET);
    }
    if (!text(Setting.MESOS_SECRET).isEmpty()) {
      wrong(Setting.MESOS_SECRET_FILE, "not together with " + Setting.MESOS_SECRET.key());
    }
    if (text(Setting.MESOS_PRINCIPAL).isEmpty()) {
      needs(Setting.MESOS_SECRET_FILE, Setting.MESOS_PRINCIPAL);
      return Optional.empty();
    }
    String secret = "";
    try {
      secret = Files.readString(Path.of(text(Setting.MESOS_SECRET_FILE))).strip();
    } catch (IOException | InvalidPathException e) {
      // Reported below, as an empty file is.
    }
    if (secret.isEmpty()) {
      wrong(Setting.MESOS_SECRET_FILE, "a file that can be read and holds a secret");
    }
    return Optional.of(new OperatorConfig.Credentials(text(Setting.MESOS_PRINCIPAL), secret));
  }

  private static boolean isMaster(String text) {
    return isAddress(withoutScheme(text));
  }

  private static String withoutScheme(String master) {
    return master.startsWith(TLS_SCHEME) ? master.substring(TLS_SCHEME.length()) : master;
  }

  private OperatorConfig.Framework framework() {
    String role = required(Setting.FRAMEWORK_ROLE);
    // What Mesos refuses as a role.
    if (role.startsWith("-")
        || role.equals(".")
        || role.equals("..")
        || role.matches(".*[\\s].*")) {
      wrong(Setting.FRAMEWORK_ROLE, "a Mesos role: no blanks, no leading dash, not . or ..");
    }
    return new OperatorConfig.Framework(
        required(Setting.FRAMEWORK_NAME),
        required(Setting.FRAMEWORK_USER),
        role,
        duration(Setting.FRAMEWORK_FAILOVER_TIMEOUT, Duration.ZERO, Duration.ofDays(3650)));
  }

  private OperatorConfig.Pods pods() {
    Duration min = duration(Setting.PODS_BACKOFF_MIN, Duration.ZERO, DAY);
    Duration max = duration(Setting.PODS_BACKOFF_MAX, Duration.ZERO, DAY);
    ordered(Setting.PODS_BACKOFF_MAX, min, max, Setting.PODS_BACKOFF_MIN);
    return new OperatorConfig.Pods(
        min,
        max,
        duration(Setting.PODS_LAUNCH_TIMEOUT, Duration.ofSeconds(1), DAY),
        duration(Setting.PODS_UNREACHABLE_TIMEOUT, Duration.ZERO, DAY));
  }

  private OperatorConfig.Kubernetes kubernetes() {
    String mode = text(Setting.KUBERNETES_MODE);
    if (!List.of("auto", "on", "off").contains(mode)) {
      wrong(Setting.KUBERNETES_MODE, "auto, on or off");
      mode = "off";
    }
    String kubeconfig = text(Setting.KUBERNETES_KUBECONFIG);
    List<String> namespaces =
        text(Setting.KUBERNETES_NAMESPACES).isBlank()
            ? List.of()
            : list(
                Setting.KUBERNETES_NAMESPACES,
                name -> name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"),
                "a namespace's name");
    return new OperatorConfig.Kubernetes(
        OperatorConfig.Kubernetes.Mode.valueOf(mode.toUpperCase(java.util.Locale.ROOT)),
        kubeconfig.isEmpty() ? Optional.empty() : Optional.of(java.nio.file.Path.of(kubeconfig)),
        new java.util.LinkedHashSet<>(namespaces),
        required(Setting.KUBERNETES_CLUSTER));
  }

  private OperatorConfig.Pools pools() {
    return new OperatorConfig.Pools(
        duration(Setting.POOLS_PATIENCE, Duration.ZERO, DAY),
        duration(Setting.POOLS_HOLD, Duration.ZERO, DAY));
  }

  private PlacementSettings placement() {
    boolean pack = oneOf(Setting.PLACEMENT_STRATEGY, "spread", "pack").equals("pack");
    return new PlacementSettings(
        pack ? PlacementSettings.Strategy.PACK : PlacementSettings.Strategy.SPREAD,
        text(Setting.PLACEMENT_HOST_POOL));
  }

  private Optional<SecretKeys> secrets() {
    if (text(Setting.SECRETS_KEYS).isEmpty()) {
      return Optional.empty();
    }
    String first = "";
    Map<String, byte[]> keys = new LinkedHashMap<>();
    try {
      for (String item : text(Setting.SECRETS_KEYS).split(",")) {
        String[] parts = item.trim().split("=", 2);
        byte[] before =
            keys.put(parts[0], Base64.getDecoder().decode(parts.length == 2 ? parts[1] : ""));
        if (before != null) {
          throw new IllegalArgumentException("one id twice");
        }
        first = first.isEmpty() ? parts[0] : first;
      }
      return Optional.of(new SecretKeys(first, keys));
    } catch (IllegalArgumentException wrong) {
      // Its text may hold a part of a key.
      wrong(
          Setting.SECRETS_KEYS,
          "one or more of id=key with commas between, each id once, a key being the base64 text of "
              + SecretKeys.KEY_BYTES
              + " bytes");
      return Optional.empty();
    }
  }

  private OperatorConfig.Limits limits() {
    return new OperatorConfig.Limits(
        duration(Setting.LIMITS_STALENESS, Duration.ofSeconds(1), DAY),
        number(Setting.LIMITS_CALLS, 1, 1_000_000),
        number(Setting.LIMITS_WATCHES, 0, 1_000_000),
        number(Setting.LIMITS_WATCH_BUFFER, 1, 1_000_000),
        duration(Setting.LIMITS_STOP, Duration.ZERO, Duration.ofMinutes(10)));
  }

  private String logLevel() {
    String level = text(Setting.LOG_LEVEL).toLowerCase(java.util.Locale.ROOT);
    if (!List.of("error", "warn", "info", "debug", "trace").contains(level)) {
      wrong(Setting.LOG_LEVEL, "error, warn, info, debug or trace");
    }
    return level;
  }

  private String prefix() {
    String prefix = text(Setting.ETCD_PREFIX);
    if (!prefix.endsWith("/") || prefix.length() < 2) {
      wrong(Setting.ETCD_PREFIX, "a text that ends with a slash, such as /peloton/v1alpha/");
    }
    return prefix;
  }

  private Duration leaseTtl() {
    Duration ttl = duration(Setting.ETCD_LEASE_TTL, Duration.ofSeconds(2), Duration.ofMinutes(5));
    if (ttl.toMillis() % 1000 != 0) {
      wrong(Setting.ETCD_LEASE_TTL, "whole seconds, as etcd counts leases");
    }
    return ttl;
  }

  private Optional<OperatorConfig.Credentials> credentials(Setting name, Setting secret) {
    if (text(name).isEmpty()) {
      if (!text(secret).isEmpty()) {
        needs(secret, name);
      }
      return Optional.empty();
    }
    return Optional.of(new OperatorConfig.Credentials(text(name), text(secret)));
  }

  private void needs(Setting given, Setting missing) {
    problems.add(given.key() + " (from " + source(given) + "): needs " + missing.key() + " too");
  }

  private String required(Setting setting) {
    if (text(setting).isBlank()) {
      wrong(setting, "a text that is not empty");
    }
    return text(setting);
  }

  private List<String> list(
      Setting setting, java.util.function.Predicate<String> allowed, String what) {
    List<String> items =
        Stream.of(text(setting).split(",")).map(String::trim).filter(s -> !s.isEmpty()).toList();
    if (items.isEmpty() || !items.stream().allMatch(allowed)) {
      wrong(setting, "one or more, each " + what + ", with commas between");
    }
    return items;
  }

  private boolean truth(Setting setting) {
    String value = text(setting);
    if (!List.of("true", "false").contains(value)) {
      wrong(setting, "true or false");
    }
    return value.equals("true");
  }

  private int number(Setting setting, int min, int max) {
    try {
      int value = Integer.parseInt(text(setting));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    wrong(setting, "a number from " + min + " to " + max);
    return min;
  }

  private Duration duration(Setting setting, Duration min, Duration max) {
    Matcher matcher = DURATION.matcher(text(setting));
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration value =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
        return value;
      }
    }
    wrong(
        setting,
        "a number with a unit (ms, s, m, h, d) from " + written(min) + " to " + written(max));
    return min;
  }

  private void ordered(Setting setting, Duration min, Duration max, Setting lower) {
    if (max.compareTo(min) < 0) {
      wrong(setting, "no less than " + lower.key() + ", which is " + written(min));
    }
  }

  private void wrong(Setting setting, String allowed) {
    String shown = setting.secret() ? "***" : text(setting);
    problems.add(
        setting.key()
            + ": \""
            + shown
            + "\" (from "
            + source(setting)
            + ") is not allowed; allowed: "
            + allowed);
  }

  private String text(Setting setting) {
    ConfigLoader.Given value = given.get(setting);
    return value == null ? setting.preset() : value.value().trim();
  }

  private String source(Setting setting) {
    ConfigLoader.Given value = given.get(setting);
    return value == null ? "default" : value.source();
  }

  private static String written(Duration duration) {
    if (duration.toMillis() % 1000 != 0) {
      return duration.toMillis() + "ms";
    }
    return duration.toSeconds() >= DAY.toSeconds()
        ? duration.toDays() + "d"
        : duration.toSeconds() + "s";
  }

  private static boolean isEndpoint(String text) {
    String address = text.replaceFirst("^https?://", "");
    return isAddress(address);
  }

  private static boolean isAddress(String text) {
    Matcher matcher = ADDRESS.matcher(text);
    return matcher.matches() && isPort(matcher.group(2));
  }

  private static boolean isPort(String text) {
    return text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65535;
  }
}
