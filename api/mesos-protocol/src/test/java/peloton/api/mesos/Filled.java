package peloton.api.mesos;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/** Messages with a value in every field, so that a round trip has something to lose. */
final class Filled {

  /**
   * Deep enough for each field that a call or event has of its own; types may recur in themselves.
   */
  private static final int DEPTH = 4;

  private Filled() {}

  /** Fills what is unset. */
  static void fill(Message.Builder message) {
    fill(message, DEPTH);
  }

  private static void fill(Message.Builder message, int depth) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (depth == 0 && !field.isRequired()) {
        continue;
      }
      if (field.isRepeated()) {
        message.addRepeatedField(field, value(message, field, depth));
      } else if (!message.hasField(field)) {
        message.setField(field, value(message, field, depth));
      }
    }
  }

  private static Object value(Message.Builder parent, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> 1_000_000 + field.getNumber();
      case LONG -> 5_000_000_000L + field.getNumber();
      case FLOAT -> 0.5f + field.getNumber();
      case DOUBLE -> 0.001 + field.getNumber();
      case BOOLEAN -> true;
      case STRING -> field.getFullName() + " – ☂";
      case BYTE_STRING -> ByteString.copyFrom(new byte[] {0, -1, (byte) field.getNumber()});
      case ENUM -> last(field.getEnumType());
      case MESSAGE -> {
        Message.Builder child = parent.newBuilderForField(field);
        fill(child, Math.max(0, depth - 1));
        yield child.build();
      }
    };
  }

  private static Object last(EnumDescriptor type) {
    return type.getValues().get(type.getValues().size() - 1);
  }
}
