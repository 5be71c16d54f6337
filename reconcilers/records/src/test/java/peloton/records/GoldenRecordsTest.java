package peloton.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records that were stored once must mean the same for ever. For each type there are golden files,
 * {@code <Type>.<n>.bin} as it was stored and {@code <Type>.<n>.txt} as it is to be read, from 1; a
 * type that got a field gets another pair, and the older ones stay.
 *
 * <p>{@code mvn -pl reconcilers/records test -Dgolden.write=true} writes what is missing.
 */
class GoldenRecordsTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
  private static final int NEW_FIELD = 9_999;

  static List<Descriptor> types() {
    return Records.getDescriptor().getMessageTypes();
  }

  static List<String> goldens() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".bin"))
          .map(name -> name.substring(0, name.length() - ".bin".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void theNewestGoldenOfEachTypeHasEveryField(Descriptor type) throws IOException {
    Message filled = FilledMessages.of(DynamicMessage.getDefaultInstance(type));
    int newest = count(type);
    boolean current =
        newest > 0 && fieldsOf(read(type, name(type, newest))).equals(fieldsOf(filled));
    if (!current && Boolean.getBoolean("golden.write")) {
      write(name(type, newest + 1), filled);
      current = true;
    }
    assertThat(current)
        .as(
            "%s got fields that no golden file has: run this test with -Dgolden.write=true, look at"
                + " what it wrote to %s, and commit it beside the older files",
            type.getName(), GOLDEN)
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void whatWasStoredIsReadAsItWasMeant(String golden) throws IOException {
    Descriptor type = type(golden);
    DynamicMessage.Builder meant = DynamicMessage.newBuilder(type);
    TextFormat.merge(Files.readString(GOLDEN.resolve(golden + ".txt")), meant);
    Message stored = read(type, golden);
    assertThat(stored)
        .as("%s: a field's number or type has changed, which stored records forbid", golden)
        .isEqualTo(meant.build());
    assertThat(stored.toByteString().asReadOnlyByteBuffer())
        .isEqualTo(java.nio.ByteBuffer.wrap(Files.readAllBytes(GOLDEN.resolve(golden + ".bin"))));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void whatANewerVersionAddedSurvivesAReadAndAWrite(String golden) throws IOException {
    Descriptor type = type(golden);
    UnknownFieldSet added =
        UnknownFieldSet.newBuilder()
            .addField(NEW_FIELD, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .build();
    Message ofNewer = read(type, golden).toBuilder().setUnknownFields(added).build();
    FieldDescriptor first = type.getFields().get(0);
    Message changedHere =
        DynamicMessage.parseFrom(type, ofNewer.toByteString()).toBuilder()
            .clearField(first)
            .build();
    Message readByNewer = DynamicMessage.parseFrom(type, changedHere.toByteString());
    assertThat(readByNewer.getUnknownFields()).isEqualTo(added);
    assertThat(readByNewer.toBuilder().setField(first, ofNewer.getField(first)).build())
        .isEqualTo(ofNewer);
  }

  /** The paths of all fields that are set. */
  private static TreeSet<String> fieldsOf(Message message) {
    TreeSet<String> fields = new TreeSet<>();
    collect("", message, fields);
    return fields;
  }

  private static void collect(String path, Message message, TreeSet<String> fields) {
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              String here = path + "/" + field.getName();
              fields.add(here);
              if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                List<?> values = field.isRepeated() ? (List<?>) value : List.of(value);
                values.forEach(each -> collect(here, (Message) each, fields));
              }
            });
  }

  private static int count(Descriptor type) {
    return IntStream.iterate(1, n -> n + 1)
            .filter(n -> !Files.exists(GOLDEN.resolve(name(type, n) + ".bin")))
            .findFirst()
            .orElseThrow()
        - 1;
  }

  private static String name(Descriptor type, int number) {
    return type.getName() + "." + number;
  }

  private static Descriptor type(String golden) {
    String name = golden.substring(0, golden.indexOf('.'));
    return types().stream()
        .filter(type -> type.getName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "there are stored records of the type "
                        + name
                        + ", known are "
                        + types().stream()
                            .map(Descriptor::getName)
                            .collect(Collectors.joining(", "))));
  }

  private static Message read(Descriptor type, String golden) {
    try {
      return DynamicMessage.parseFrom(type, Files.readAllBytes(GOLDEN.resolve(golden + ".bin")));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(golden + " cannot be read any more", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String golden, Message message) throws IOException {
    Files.createDirectories(GOLDEN);
    Files.write(GOLDEN.resolve(golden + ".bin"), message.toByteArray());
    Files.writeString(
        GOLDEN.resolve(golden + ".txt"),
        TextFormat.printer().printToString(message),
        StandardCharsets.UTF_8);
  }
}
