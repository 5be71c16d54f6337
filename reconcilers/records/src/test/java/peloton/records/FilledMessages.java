package peloton.records;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Fills a message so that no two scalar fields of it are alike: each gets a value of its own number
 * and depth. A type that contains itself is filled once and not again below.
 */
final class FilledMessages {

  private FilledMessages() {}

  static Message of(Message prototype) {
    return fill(prototype.toBuilder(), new ArrayDeque<>());
  }

  private static Message fill(Message.Builder builder, Deque<Descriptor> above) {
    above.push(builder.getDescriptorForType());
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      boolean taken =
          field.getRealContainingOneof() != null
              && builder.hasOneof(field.getRealContainingOneof());
      if (!taken && !contains(above, field)) {
        Object value = value(builder, field, above);
        builder.setField(field, field.isRepeated() ? List.of(value) : value);
      }
    }
    above.pop();
    return builder.build();
  }

  private static boolean contains(Deque<Descriptor> above, FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && above.contains(field.getMessageType());
  }

  private static Object value(
      Message.Builder builder, FieldDescriptor field, Deque<Descriptor> above) {
    int number = field.getNumber() + 100 * above.size();
    return switch (field.getJavaType()) {
      case INT -> number;
      case LONG -> 10_000_000_000L + number;
      case FLOAT -> number + 0.5f;
      case DOUBLE -> number + 0.25;
      case BOOLEAN -> true;
      case STRING -> field.getName() + " " + number;
      case BYTE_STRING -> ByteString.copyFromUtf8(field.getName());
      case ENUM -> last(field.getEnumType());
      case MESSAGE -> fill(builder.newBuilderForField(field), above);
    };
  }

  private static Object last(EnumDescriptor type) {
    return type.getValues().get(type.getValues().size() - 1);
  }
}
