package peloton.command.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.grpc.Metadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import peloton.command.CommandException;
import picocli.CommandLine.Option;

/** Who the user is to the server: nobody, unless one of these says so. */
final class LoginOptions {
  private static final Metadata.Key<String> USERNAME = key("username");
  private static final Metadata.Key<String> PASSWORD = key("password");
  private static final Metadata.Key<String> AUTHORIZATION = key("authorization");

  @Option(
      names = {"--basic-auth-config", "--basicAuthConfig"},
      paramLabel = "FILE",
      description =
          "Log in with the username and the password of this YAML file; default"
              + " $PELOTON_BASIC_AUTH_CONFIG. Or set $PELOTON_TOKEN to a token.")
  private String file;

  /** The headers that tell who calls, by these options or those of {@code outer}. */
  Metadata resolve(LoginOptions outer, Map<String, String> environment) {
    Optional<Path> login =
        Stream.of(file, outer.file, environment.get("PELOTON_BASIC_AUTH_CONFIG"))
            .filter(Objects::nonNull)
            .filter(text -> !text.isBlank())
            .findFirst()
            .map(Path::of);
    Metadata headers = new Metadata();
    if (login.isPresent()) {
      JsonNode content = read(login.get());
      headers.put(USERNAME, text(login.get(), content, "username"));
      headers.put(PASSWORD, text(login.get(), content, "password"));
      return headers;
    }
    String token = environment.getOrDefault("PELOTON_TOKEN", "").strip();
    if (!token.isEmpty()) {
      headers.put(AUTHORIZATION, "Bearer " + token);
    }
    return headers;
  }

  private static JsonNode read(Path file) {
    try {
      return new YAMLMapper().readTree(file.toFile());
    } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
      // Its text may hold a part of the password.
      throw CommandException.usage(file + " is no YAML with username and password");
    } catch (IOException e) {
      throw CommandException.usage(
          "--basic-auth-config: cannot read " + file + ": " + e.getMessage());
    }
  }

  private static String text(Path file, JsonNode content, String field) {
    String text = content.path(field).asText("");
    if (text.isEmpty()) {
      throw CommandException.usage(
          "--basic-auth-config: " + file + " lacks " + field + "; it needs username and password");
    }
    return text;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
