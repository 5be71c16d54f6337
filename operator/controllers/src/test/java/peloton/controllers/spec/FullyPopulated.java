package peloton.controllers.spec;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds fields of the API that no example sets: the mapper may have forgotten them. */
final class FullyPopulated {
  private FullyPopulated() {}

  /**
   * The fields, as {@code Message.field}, that are set nowhere in a message or in the messages of
   * the API inside of it.
   */
  static Set<String> unset(Message message) {
    Set<String> known = new TreeSet<>();
    Set<String> set = new TreeSet<>();
    visit(message, known, set);
    known.removeAll(set);
    return known;
  }

  private static void visit(Message message, Set<String> known, Set<String> set) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      String name = field.getContainingType().getName() + "." + field.getName();
      known.add(name);
      List<Object> values = values(message, field);
      if (!values.isEmpty()) {
        set.add(name);
      }
      for (Object value : values) {
        if (value instanceof Message inner
            && inner.getDescriptorForType().getFullName().startsWith("peloton.")) {
          visit(inner, known, set);
        }
      }
    }
  }

  private static List<Object> values(Message message, FieldDescriptor field) {
    if (field.isRepeated()) {
      return new ArrayList<>((List<?>) message.getField(field));
    }
    return message.hasField(field) ? List.of(message.getField(field)) : List.of();
  }
}
