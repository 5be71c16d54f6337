package peloton.operator.access;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.util.Optional;

/** Finds in any message of the API what it is about, by the names that its fields have there. */
final class Entities {
  private Entities() {}

  /**
   * A text below a message.
   *
   * @param path field names with dots between; a last {@code value} may be left out
   * @return empty if there is no such field, or it is not set
   */
  static Optional<String> text(Object message, String path) {
    Object at = message;
    for (String name : path.split("\\.")) {
      if (!(at instanceof Message parent)) {
        return Optional.empty();
      }
      FieldDescriptor field = parent.getDescriptorForType().findFieldByName(name);
      if (field == null || field.isRepeated() || (field.hasPresence() && !parent.hasField(field))) {
        return Optional.empty();
      }
      at = parent.getField(field);
    }
    if (at instanceof MessageOrBuilder) {
      return text(at, "value");
    }
    return at instanceof String found && !found.isEmpty() ? Optional.of(found) : Optional.empty();
  }
}
