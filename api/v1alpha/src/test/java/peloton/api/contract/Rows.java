package peloton.api.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The contract as tab-separated rows: file, type, kind, name, number, label, value type, oneof. A
 * map is listed as a repeated field of its entry type.
 */
final class Rows {

  private static final int COMPARED = 8;

  private Rows() {}

  /** The rows of the table, without its header and without where each comes from. */
  static List<String> ofTheTable() {
    try (BufferedReader table =
        new BufferedReader(
            new InputStreamReader(
                Rows.class.getResourceAsStream("/contract/v1alpha.tsv"), StandardCharsets.UTF_8))) {
      return table
          .lines()
          .skip(1)
          .map(line -> String.join("\t", Arrays.copyOf(line.split("\t", -1), COMPARED)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of a compiled file. */
  static Stream<String> of(FileDescriptor file) {
    return Stream.of(
            file.getMessageTypes().stream().flatMap(Rows::of),
            file.getEnumTypes().stream().flatMap(Rows::of),
            file.getServices().stream()
                .flatMap(service -> service.getMethods().stream().map(Rows::of)))
        .flatMap(rows -> rows)
        .map(row -> file.getName() + "\t" + row);
  }

  private static Stream<String> of(Descriptor message) {
    Stream<String> own =
        message.getFields().isEmpty()
            ? Stream.of(row(message.getFullName(), "message", "", "", "", "", ""))
            : message.getFields().stream().map(Rows::of);
    Stream<String> nested =
        Stream.concat(
            message.getNestedTypes().stream().flatMap(Rows::of),
            message.getEnumTypes().stream().flatMap(Rows::of));
    return Stream.concat(own, nested);
  }

  private static String of(FieldDescriptor field) {
    OneofDescriptor oneof = field.getContainingOneof();
    return row(
        field.getContainingType().getFullName(),
        "field",
        field.getName(),
        String.valueOf(field.getNumber()),
        field.isRepeated() ? "repeated" : field.isRequired() ? "required" : "optional",
        switch (field.getJavaType()) {
          case MESSAGE -> field.getMessageType().getFullName();
          case ENUM -> field.getEnumType().getFullName();
          default ->
              field.toProto().getType().name().substring("TYPE_".length()).toLowerCase(Locale.ROOT);
        },
        oneof == null ? "" : oneof.getName());
  }

  private static Stream<String> of(EnumDescriptor type) {
    return type.getValues().stream()
        .map(
            value ->
                row(
                    type.getFullName(),
                    "enum",
                    value.getName(),
                    String.valueOf(value.getNumber()),
                    "",
                    "",
                    ""));
  }

  private static String of(MethodDescriptor method) {
    return row(
        method.getService().getFullName(),
        "rpc",
        method.getName(),
        "",
        (method.isClientStreaming() ? "client-" : "")
            + (method.isServerStreaming() ? "stream" : "unary"),
        method.getInputType().getFullName() + " -> " + method.getOutputType().getFullName(),
        "");
  }

  private static String row(String... cells) {
    return String.join("\t", cells);
  }
}
