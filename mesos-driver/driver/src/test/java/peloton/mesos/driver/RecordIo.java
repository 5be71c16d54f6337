package peloton.mesos.driver;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The writing side of RecordIO, for tests. */
final class RecordIo {
  private RecordIo() {}

  static byte[] encode(byte[] record) {
    return concat((record.length + "\n").getBytes(StandardCharsets.US_ASCII), record);
  }

  static byte[] concat(byte[]... parts) {
    byte[] all = new byte[0];
    for (byte[] part : parts) {
      int at = all.length;
      all = Arrays.copyOf(all, at + part.length);
      System.arraycopy(part, 0, all, at, part.length);
    }
    return all;
  }
}
