package peloton.mesos.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordIoDecoderTest {
  private static final int LIMIT = 5000;

  private final List<String> records = new ArrayList<>();
  private final RecordIoDecoder decoder = new RecordIoDecoder(LIMIT);

  @Test
  void readsTheSameRecordsFromPiecesOfEverySize() throws IOException {
    List<String> sent = List.of("a", "bc", "0123456789", "x".repeat(123), "1\n2\n", "\n");
    byte[] bytes = encoded(sent);
    for (int size = 1; size <= bytes.length; size++) {
      records.clear();
      RecordIoDecoder fresh = new RecordIoDecoder(LIMIT);
      for (int at = 0; at < bytes.length; at += size) {
        fresh.decode(bytes, at, Math.min(size, bytes.length - at), this::keep);
      }
      fresh.end();
      assertThat(records).as("pieces of %d bytes", size).isEqualTo(sent);
    }
  }

  @Test
  void readsTheSameRecordsFromTwoPiecesCutAnywhere() throws IOException {
    List<String> sent = List.of("x".repeat(1234), "y".repeat(100));
    byte[] bytes = encoded(sent);
    for (int cut = 0; cut <= bytes.length; cut++) {
      records.clear();
      RecordIoDecoder fresh = new RecordIoDecoder(LIMIT);
      fresh.decode(bytes, 0, cut, this::keep);
      fresh.decode(bytes, cut, bytes.length - cut, this::keep);
      fresh.end();
      assertThat(records).as("cut after %d bytes", cut).isEqualTo(sent);
    }
  }

  @Test
  void readsLargeAndSmallRecordsFromRandomPieces() throws IOException {
    Random random = new Random(42);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      sent.add("r".repeat(1 + random.nextInt(i % 10 == 0 ? 3_000_000 : 300)));
    }
    byte[] bytes = encoded(sent);
    RecordIoDecoder large = new RecordIoDecoder(64 << 20);
    int at = 0;
    while (at < bytes.length) {
      int size = Math.min(bytes.length - at, 1 + random.nextInt(100_000));
      large.decode(bytes, at, size, this::keep);
      at += size;
    }
    large.end();
    assertThat(records).isEqualTo(sent);
  }

  @Test
  void handsOnWholeRecordsInPlace() throws IOException {
    byte[] bytes = encoded(List.of("whole", "also whole"));
    List<byte[]> arrays = new ArrayList<>();
    decoder.decode(bytes, 0, bytes.length, (array, offset, length) -> arrays.add(array));
    assertThat(arrays).hasSize(2).allSatisfy(array -> assertThat(array).isSameAs(bytes));
  }

  @Test
  void stopsWhenTheHandlerSaysSo() throws IOException {
    byte[] bytes = encoded(List.of("a", "b", "c"));
    boolean goesOn =
        decoder.decode(bytes, 0, bytes.length, (b, o, n) -> keep(b, o, n) && records.size() < 2);
    assertThat(goesOn).isFalse();
    assertThat(records).containsExactly("a", "b");
  }

  @Test
  void acceptsARecordOfExactlyTheLimit() throws IOException {
    byte[] bytes = encoded(List.of("x".repeat(LIMIT)));
    decoder.decode(bytes, 0, bytes.length, this::keep);
    assertThat(records.get(0)).hasSize(LIMIT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x5\\nhello     | byte 0x78 in the length",
        "5x\\nhello     | byte 0x78 in the length",
        "-5\\nhello     | byte 0x2d in the length",
        "+5\\nhello     | byte 0x2b in the length",
        "5 \\nhello     | byte 0x20 in the length",
        "5\\r\\nhello   | byte 0x0d in the length",
        "\\n            | the length of a record is missing",
        "0\\n           | a record of zero bytes",
        "000\\n         | a record of zero bytes",
        "5001\\n        | larger than the limit of 5000 bytes: its length starts with 5001",
        "99999999999999 | larger than the limit of 5000 bytes: its length starts with 9999",
        "000000000000000000005\\n | more than 20 digits",
      })
  void rejectsWhatIsNotRecordIo(String text, String message) {
    byte[] bytes = unescaped(text);
    assertThatThrownBy(() -> decoder.decode(bytes, 0, bytes.length, this::keep))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    RecordIoDecoder byteByByte = new RecordIoDecoder(LIMIT);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < bytes.length; i++) {
                byteByByte.decode(bytes, i, 1, this::keep);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    assertThat(records).isEmpty();
  }

  @Test
  void rejectsAHostileLengthAfterAGoodRecord() {
    byte[] bytes = unescaped("2\\nokevil");
    assertThatThrownBy(() -> decoder.decode(bytes, 0, bytes.length, this::keep))
        .hasMessageContaining("byte 0x65");
    assertThat(records).containsExactly("ok");
  }

  @Test
  void acceptsTwentyDigits() throws IOException {
    byte[] bytes = unescaped("00000000000000000002\\nok");
    decoder.decode(bytes, 0, bytes.length, this::keep);
    assertThat(records).containsExactly("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "5\\n", "5\\nhell"})
  void reportsAnEndInsideARecord(String text) throws IOException {
    byte[] bytes = unescaped(text);
    decoder.decode(bytes, 0, bytes.length, this::keep);
    assertThatThrownBy(decoder::end).isInstanceOf(EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5\\nhello"})
  void acceptsAnEndBetweenRecords(String text) throws IOException {
    byte[] bytes = unescaped(text);
    decoder.decode(bytes, 0, bytes.length, this::keep);
    decoder.end();
  }

  private boolean keep(byte[] bytes, int offset, int length) {
    return records.add(new String(bytes, offset, length, StandardCharsets.US_ASCII));
  }

  private static byte[] encoded(List<String> records) {
    return RecordIo.concat(
        records.stream()
            .map(record -> RecordIo.encode(record.getBytes(StandardCharsets.US_ASCII)))
            .toArray(byte[][]::new));
  }

  private static byte[] unescaped(String text) {
    return text.strip()
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
