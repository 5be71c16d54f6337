package peloton.operator.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The clients that are known, and what each may do. Whoever is not known may do nothing.
 *
 * <pre>
 * roles:
 *   - name: team-a
 *     accept: ["JobService:*", "PodService:*", "*:Get*", "*:Query*", "WatchService:*"]
 *     reject: ["JobService:DeleteJob"]
 *     pools: ["/team-a"]
 * clients:
 *   - {name: team-a-ci, role: team-a, tokenSha256: 9f86d081...}
 *   - {name: oncall, role: admin, certificate: oncall.example.org}
 * </pre>
 */
final class AccessPolicy {
  private static final String HASH = "[0-9a-f]{64}";
  private static final Set<String> ROLE_FIELDS = Set.of("name", "accept", "reject", "pools");
  private static final Set<String> CLIENT_FIELDS =
      Set.of("name", "role", "tokenSha256", "certificate");

  private final Map<String, Client> byToken = new HashMap<>();
  private final Map<String, Client> byCertificate = new HashMap<>();

  private AccessPolicy(Collection<Client> clients) {
    for (Client client : clients) {
      client.token().ifPresent(token -> byToken.put(token, client));
      client.certificate().ifPresent(name -> byCertificate.put(name, client));
    }
  }

  /**
   * @throws IllegalArgumentException if the text is no policy; says everything that is wrong
   */
  static AccessPolicy parse(String yaml) {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is not YAML: " + e.getOriginalMessage(), e);
    }
    Reading reading = new Reading();
    Map<String, Role> roles = new HashMap<>(Role.BUILT_IN);
    reading.onlyFields("", root, Set.of("roles", "clients"));
    for (JsonNode node : root.path("roles")) {
      Role role = reading.role(node);
      if (roles.put(role.name(), role) != null) {
        reading.problems.add("roles: the name \"" + role.name() + "\" stands twice or is built in");
      }
    }
    List<Client> clients = new ArrayList<>();
    for (JsonNode node : root.path("clients")) {
      reading.client(node, roles).ifPresent(clients::add);
    }
    reading.unique("names", clients.stream().map(Client::name).toList());
    reading.unique("tokens", clients.stream().flatMap(c -> c.token().stream()).toList());
    reading.unique(
        "certificates", clients.stream().flatMap(c -> c.certificate().stream()).toList());
    if (clients.isEmpty() && reading.problems.isEmpty()) {
      reading.problems.add("clients: none; nobody could call anything");
    }
    if (!reading.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", reading.problems));
    }
    return new AccessPolicy(clients);
  }

  /** The client that a token belongs to. */
  Optional<Client> byToken(String token) {
    return Optional.ofNullable(byToken.get(sha256(token)));
  }

  /** The client that one of a certificate's names belongs to. */
  Optional<Client> byCertificate(Collection<String> names) {
    return names.stream().map(byCertificate::get).filter(c -> c != null).findFirst();
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static final class Reading {
    private final List<String> problems = new ArrayList<>();

    Role role(JsonNode node) {
      String name = node.path("name").asText();
      String where = "role \"" + name + "\"";
      onlyFields(where, node, ROLE_FIELDS);
      if (name.isBlank()) {
        problems.add("roles: one has no name");
      }
      List<MethodPattern> accept = patterns(where + ".accept", node.path("accept"));
      if (accept.isEmpty()) {
        problems.add(where + ".accept: empty; it would allow nothing");
      }
      Optional<List<String>> pools = Optional.empty();
      if (node.has("pools")) {
        List<String> paths = new ArrayList<>();
        node.get("pools").forEach(path -> paths.add(path.asText()));
        paths.stream()
            .filter(path -> !path.startsWith("/") || (path.length() > 1 && path.endsWith("/")))
            .forEach(
                path ->
                    problems.add(
                        where + ".pools: \"" + path + "\" is no path of a pool, such as /team-a"));
        pools = Optional.of(paths);
      }
      return new Role(name, accept, patterns(where + ".reject", node.path("reject")), pools);
    }

    Optional<Client> client(JsonNode node, Map<String, Role> roles) {
      String name = node.path("name").asText();
      String where = "client \"" + name + "\"";
      onlyFields(where, node, CLIENT_FIELDS);
      if (name.isBlank()) {
        problems.add("clients: one has no name");
      }
      Optional<String> token = text(node, "tokenSha256");
      Optional<String> certificate = text(node, "certificate");
      if (token.isEmpty() && certificate.isEmpty()) {
        problems.add(where + ": needs tokenSha256 or certificate to be known by");
      }
      if (token.isPresent() && !token.get().matches(HASH)) {
        problems.add(
            where + ".tokenSha256: must be 64 lower-case hexadecimal digits, the token's SHA-256");
      }
      Role role = roles.get(node.path("role").asText());
      if (role == null) {
        problems.add(
            where
                + ".role: there is no role \""
                + node.path("role").asText()
                + "\"; there are "
                + String.join(", ", new TreeSet<>(roles.keySet())));
        return Optional.empty();
      }
      return Optional.of(new Client(name, role, token, certificate));
    }

    private List<MethodPattern> patterns(String where, JsonNode list) {
      List<MethodPattern> patterns = new ArrayList<>();
      for (JsonNode item : list) {
        try {
          patterns.add(MethodPattern.parse(item.asText()));
        } catch (IllegalArgumentException e) {
          problems.add(where + ": " + e.getMessage());
        }
      }
      return patterns;
    }

    void onlyFields(String where, JsonNode node, Set<String> known) {
      for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        if (!known.contains(name)) {
          problems.add(
              (where.isEmpty() ? "" : where + ".")
                  + name
                  + ": no such field; there are "
                  + String.join(", ", new TreeSet<>(known)));
        }
      }
    }

    void unique(String what, List<String> values) {
      Set<String> seen = new TreeSet<>();
      if (!values.stream().allMatch(seen::add)) {
        problems.add("clients: two have the same of their " + what);
      }
    }

    private static Optional<String> text(JsonNode node, String field) {
      return node.hasNonNull(field) ? Optional.of(node.get(field).asText()) : Optional.empty();
    }
  }
}
