package peloton.command.spec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The spellings by which a message's fields may be named in a spec: {@code instanceCount}, {@code
 * instance_count} and {@code instancecount}.
 */
final class FieldNames {
  private final Map<String, Map<String, FieldDescriptor>> indexes = new ConcurrentHashMap<>();

  Optional<FieldDescriptor> find(Descriptor message, String name) {
    return Optional.ofNullable(index(message).get(name));
  }

  /** The camelCase names that are closest to a wrong one, nearest first, at most three. */
  List<String> nearest(Descriptor message, String name) {
    return Nearest.to(
        name, message.getFields().stream().map(FieldDescriptor::getJsonName).toList());
  }

  /** All camelCase names, in the order of the .proto file. */
  List<String> all(Descriptor message) {
    return message.getFields().stream().map(FieldDescriptor::getJsonName).toList();
  }

  private Map<String, FieldDescriptor> index(Descriptor message) {
    return indexes.computeIfAbsent(message.getFullName(), unused -> build(message));
  }

  private static Map<String, FieldDescriptor> build(Descriptor message) {
    Map<String, FieldDescriptor> index = new TreeMap<>();
    for (FieldDescriptor field : message.getFields()) {
      for (String spelling : spellings(field)) {
        FieldDescriptor other = index.put(spelling, field);
        if (other != null && other != field) {
          throw new IllegalStateException(
              message.getFullName() + " has two fields that are spelt " + spelling);
        }
      }
    }
    return index;
  }

  private static List<String> spellings(FieldDescriptor field) {
    List<String> spellings = new ArrayList<>();
    spellings.add(field.getName());
    spellings.add(field.getJsonName());
    spellings.add(field.getName().replace("_", "").toLowerCase(Locale.ROOT));
    return spellings;
  }
}
