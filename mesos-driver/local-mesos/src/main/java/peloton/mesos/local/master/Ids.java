package peloton.mesos.local.master;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rule for task and framework ids: they become names of directories. */
final class Ids {

  private static final int MOST_BYTES = 255;

  private Ids() {}

  /** What is wrong with an id; empty when nothing is. */
  static Optional<String> problem(String id) {
    if (id.isEmpty()) {
      return Optional.of("the id must not be empty");
    }
    if (id.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      return Optional.of("the id must not be longer than " + MOST_BYTES + " bytes");
    }
    if (id.equals(".") || id.equals("..")) {
      return Optional.of("the id must not be '" + id + "'");
    }
    boolean bad = id.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '/' || c == '\\');
    return bad
        ? Optional.of("the id '" + id + "' has a slash, a backslash or a control character")
        : Optional.empty();
  }
}
