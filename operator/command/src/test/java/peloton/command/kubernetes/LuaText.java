package peloton.command.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Objects in the words of Lua, as Argo CD hands them to its scripts. */
final class LuaText {
  private LuaText() {}

  static String of(JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream()
          .map(field -> "[" + quote(field.getKey()) + "] = " + of(field.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(LuaText::of)
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value.isNull() ? "nil" : value.isTextual() ? quote(value.asText()) : value.asText();
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
