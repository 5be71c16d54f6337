package peloton.desired.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Random;

/** Messages that are valid protobuf and need not make any other sense. */
final class RandomMessages {
  private static final int DEEPEST = 6;
  private static final List<String> TEXTS = List.of("", "a", "b", "main", "/x", "ü");

  private final Random random;

  RandomMessages(long seed) {
    this.random = new Random(seed);
  }

  <T extends Message> T next(T type) {
    Message.Builder builder = type.newBuilderForType();
    fill(builder, 0);
    @SuppressWarnings("unchecked")
    T message = (T) builder.build();
    return message;
  }

  private void fill(Message.Builder builder, int depth) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        int count = depth >= DEEPEST ? 0 : random.nextInt(3);
        for (int i = 0; i < count && !field.isMapField(); i++) {
          builder.addRepeatedField(field, value(builder, field, depth));
        }
        if (field.isMapField() && count > 0) {
          Message.Builder entry = builder.newBuilderForField(field);
          fillEntry(entry, depth + 1);
          builder.addRepeatedField(field, entry.build());
        }
      } else if (field.isRequired() || depth < DEEPEST && random.nextInt(3) > 0) {
        builder.setField(field, value(builder, field, depth));
      }
    }
  }

  private void fillEntry(Message.Builder entry, int depth) {
    for (FieldDescriptor field : entry.getDescriptorForType().getFields()) {
      entry.setField(field, value(entry, field, depth));
    }
  }

  private Object value(Message.Builder parent, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(4);
      case LONG -> (long) random.nextInt(4);
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextInt(10) == 0 ? Double.NaN : (double) random.nextInt(4);
      case BOOLEAN -> random.nextBoolean();
      case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
      case BYTE_STRING -> ByteString.copyFromUtf8(TEXTS.get(random.nextInt(TEXTS.size())));
      case ENUM -> {
        EnumDescriptor type = field.getEnumType();
        yield type.getValues().get(random.nextInt(type.getValues().size()));
      }
      case MESSAGE -> {
        Message.Builder message = parent.newBuilderForField(field);
        fill(message, depth + 1);
        yield message.build();
      }
    };
  }
}
