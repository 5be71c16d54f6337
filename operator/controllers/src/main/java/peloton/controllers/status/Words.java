package peloton.controllers.status;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The API's words as Kubernetes spells them. */
final class Words {
  private Words() {}

  /** {@code WORKFLOW_STATE_ROLLING_FORWARD} without {@code WORKFLOW_STATE_}: RollingForward. */
  static String camel(String prefix, String constant) {
    String bare = constant.startsWith(prefix) ? constant.substring(prefix.length()) : constant;
    return Stream.of(bare.split("_"))
        .filter(word -> !word.isEmpty())
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  /** Null, which is not written, for an empty text. */
  static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
