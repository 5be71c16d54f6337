package peloton.operator.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes messages that are valid protobuf and little else. */
final class RandomMessages {
  private static final int DEEPEST = 7;
  private static final List<Long> NUMBERS =
      List.of(0L, 1L, 2L, 3L, 10L, 100L, 1L << 31, -1L, Long.MIN_VALUE, Long.MAX_VALUE);
  private static final List<Double> REALS =
      List.of(0.0, 0.5, 1.0, 64.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY, 1e300, -0.0);

  private final RandomGenerator random;
  private final List<String> texts;
  private final Map<String, List<String>> likely;

  /**
   * @param texts what the server may know, among them ids and names
   * @param likely by message name: texts that get beyond the first check
   */
  RandomMessages(RandomGenerator random, List<String> texts, Map<String, List<String>> likely) {
    this.random = random;
    this.texts = List.copyOf(texts);
    this.likely = Map.copyOf(likely);
  }

  Message like(Message prototype) {
    Message.Builder message = prototype.newBuilderForType();
    fill(message, 0);
    return message.build();
  }

  private void fill(Message.Builder message, int depth) {
    boolean sparse = random.nextInt(4) == 0;
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean wanted = depth < DEEPEST && random.nextInt(10) < (depth == 0 ? 9 : sparse ? 2 : 6);
      if (field.isRequired() || (wanted && !field.isRepeated())) {
        message.setField(field, value(message, field, depth));
      } else if (wanted) {
        int count = random.nextInt(20) == 0 ? 30 : random.nextInt(3);
        for (int i = 0; i < count && depth < DEEPEST; i++) {
          message.addRepeatedField(field, value(message, field, depth + (i > 3 ? 4 : 1)));
        }
      }
    }
  }

  private Object value(Message.Builder parent, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> (int) number();
      case LONG -> number();
      case FLOAT -> (float) real();
      case DOUBLE -> real();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> text(field);
      case BYTE_STRING -> ByteString.copyFromUtf8(text());
      case ENUM -> choice(field.getEnumType());
      case MESSAGE -> {
        Message.Builder part = parent.newBuilderForField(field);
        fill(part, depth + 1);
        yield part.build();
      }
    };
  }

  private Object choice(EnumDescriptor type) {
    if (random.nextInt(10) == 0 && !type.isClosed()) {
      return type.findValueByNumberCreatingIfUnknown(random.nextInt(1, 1000));
    }
    return type.getValues().get(random.nextInt(type.getValues().size()));
  }

  private long number() {
    return random.nextInt(3) == 0 ? random.nextLong() : NUMBERS.get(random.nextInt(NUMBERS.size()));
  }

  private double real() {
    return REALS.get(random.nextInt(REALS.size()));
  }

  private String text(FieldDescriptor field) {
    List<String> known = likely.get(field.getContainingType().getName());
    return known == null || random.nextInt(5) == 0
        ? text()
        : known.get(random.nextInt(known.size()));
  }

  private String text() {
    if (random.nextInt(4) != 0) {
      return texts.get(random.nextInt(texts.size()));
    }
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(50) == 0 ? 5000 : random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(
          random.nextBoolean() ? random.nextInt(0x20, 0x7f) : random.nextInt(1, 0xd800));
    }
    return text.toString();
  }
}
