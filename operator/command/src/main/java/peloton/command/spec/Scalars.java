package peloton.command.spec;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads one scalar as its field's type; text fields take the characters as they are written. */
final class Scalars {
  /** Makes the exception for a problem at the place that is being read. */
  interface Problems {
    SpecException because(String problem);
  }

  private static final BigInteger UINT32_MAX =
      BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);
  private static final BigInteger UINT64_MAX =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private Scalars() {}

  static Object read(Node node, FieldDescriptor field, Problems problems) {
    if (!(node instanceof ScalarNode scalar)) {
      throw problems.because("expected " + describe(field) + ", found " + SpecDocument.kind(node));
    }
    String text = scalar.getValue();
    switch (field.getType()) {
      case STRING:
        return text;
      case BOOL:
        return bool(text, problems);
      case BYTES:
        return bytes(text, problems);
      case ENUM:
        return enumValue(text, field.getEnumType(), problems);
      case DOUBLE:
        return decimal(text, problems).doubleValue();
      case FLOAT:
        return decimal(text, problems).floatValue();
      case UINT32:
      case FIXED32:
        return integer(text, BigInteger.ZERO, UINT32_MAX, problems).intValue();
      case UINT64:
      case FIXED64:
        return integer(text, BigInteger.ZERO, UINT64_MAX, problems).longValue();
      case INT32:
      case SINT32:
      case SFIXED32:
        return integer(
                text,
                BigInteger.valueOf(Integer.MIN_VALUE),
                BigInteger.valueOf(Integer.MAX_VALUE),
                problems)
            .intValue();
      default:
        return integer(
                text,
                BigInteger.valueOf(Long.MIN_VALUE),
                BigInteger.valueOf(Long.MAX_VALUE),
                problems)
            .longValue();
    }
  }

  private static String describe(FieldDescriptor field) {
    switch (field.getJavaType()) {
      case STRING:
        return "text";
      case BOOLEAN:
        return "true or false";
      case ENUM:
        return "one of " + String.join(", ", enumNames(field.getEnumType()));
      case BYTE_STRING:
        return "base64 text";
      default:
        return "a number";
    }
  }

  private static boolean bool(String text, Problems problems) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "true":
      case "yes":
      case "on":
        return true;
      case "false":
      case "no":
      case "off":
        return false;
      default:
        throw problems.because("expected true or false, found " + quoted(text));
    }
  }

  private static ByteString bytes(String text, Problems problems) {
    try {
      return ByteString.copyFrom(Base64.getMimeDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw problems.because("expected base64 text, found " + quoted(text));
    }
  }

  private static EnumValueDescriptor enumValue(
      String text, EnumDescriptor type, Problems problems) {
    EnumValueDescriptor byName = type.findValueByName(text);
    if (byName != null) {
      return byName;
    }
    if (text.matches("-?\\d{1,9}")) {
      EnumValueDescriptor byNumber = type.findValueByNumber(Integer.parseInt(text));
      if (byNumber != null) {
        return byNumber;
      }
    }
    List<String> near = Nearest.to(text, type.getValues().stream().map(v -> v.getName()).toList());
    String hint = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    throw problems.because(
        "unknown value "
            + quoted(text)
            + hint
            + " (allowed: "
            + String.join(", ", enumNames(type))
            + ")");
  }

  private static List<String> enumNames(EnumDescriptor type) {
    return type.getValues().stream()
        .map(value -> value.getName() + "=" + value.getNumber())
        .toList();
  }

  private static BigDecimal decimal(String text, Problems problems) {
    try {
      BigDecimal number = new BigDecimal(text.trim());
      // A larger exponent than any double has; exact arithmetic on it could run for ever.
      if (Math.abs((long) number.precision() - number.scale()) > 400) {
        throw problems.because("out of range: " + quoted(text));
      }
      return number;
    } catch (NumberFormatException e) {
      throw problems.because("expected a number, found " + quoted(text));
    }
  }

  private static BigInteger integer(
      String text, BigInteger least, BigInteger most, Problems problems) {
    BigInteger number;
    try {
      number = decimal(text, problems).toBigIntegerExact();
    } catch (ArithmeticException e) {
      throw problems.because("expected a whole number, found " + quoted(text));
    }
    if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
      throw problems.because(
          "expected a whole number from " + least + " to " + most + ", found " + quoted(text));
    }
    return number;
  }

  private static String quoted(String text) {
    return '"' + SpecDocument.shorten(text) + '"';
  }
}
