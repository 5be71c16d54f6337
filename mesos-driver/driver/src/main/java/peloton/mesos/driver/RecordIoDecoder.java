package peloton.mesos.driver;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Takes RecordIO apart: each record is its length in decimal digits, a line feed, and that many
 * bytes. Input comes in pieces of any size, cut anywhere. A record that lies within one piece is
 * handed on in place; only one that spans pieces is copied.
 *
 * <p>The length is not believed further than bytes arrive: memory grows with what was received, up
 * to the limit. After an exception the decoder must not be used again.
 */
final class RecordIoDecoder {

  /** Takes one record. */
  interface Handler {

    /**
     * The record's bytes, valid during the call only.
     *
     * @return false to stop before the next record
     */
    boolean record(byte[] bytes, int offset, int length) throws IOException;
  }

  /** The digits of the largest unsigned 64-bit number, which is the most that Mesos writes. */
  private static final int MAX_DIGITS = 20;

  private static final int FIRST_BUFFER = 8 << 10;
  private static final int KEPT_BUFFER = 1 << 20;

  private final int maxRecordBytes;
  private byte[] held = new byte[FIRST_BUFFER];
  private int heldBytes;
  private int digits;
  private long length;
  private boolean inRecord;

  RecordIoDecoder(int maxRecordBytes) {
    this.maxRecordBytes = maxRecordBytes;
  }

  /**
   * Decodes one piece.
   *
   * @return false when the handler asked to stop; the rest of the piece is then dropped
   * @throws IOException when this is not RecordIO, a record is empty or too large, or the handler
   *     throws
   */
  boolean decode(byte[] bytes, int offset, int count, Handler handler) throws IOException {
    int at = offset;
    int end = offset + count;
    while (at < end) {
      if (!inRecord) {
        at = readLength(bytes, at, end);
      } else if (heldBytes == 0 && end - at >= length) {
        int whole = (int) length;
        startLength();
        at += whole;
        if (!handler.record(bytes, at - whole, whole)) {
          return false;
        }
      } else {
        int part = Math.min(end - at, (int) length - heldBytes);
        hold(bytes, at, part);
        at += part;
        if (heldBytes == length && !releaseHeld(handler)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Says that the input is over.
   *
   * @throws EOFException when it ended inside a record or its length
   */
  void end() throws EOFException {
    if (inRecord) {
      throw new EOFException(
          "the stream ended inside a record, after " + heldBytes + " of " + length + " bytes");
    }
    if (digits > 0) {
      throw new EOFException("the stream ended inside the length of a record");
    }
  }

  private int readLength(byte[] bytes, int from, int end) throws IOException {
    int at = from;
    while (at < end) {
      int b = bytes[at++];
      if (b == '\n') {
        finishLength();
        return at;
      }
      addDigit(b);
    }
    return at;
  }

  private void addDigit(int b) throws IOException {
    if (b < '0' || b > '9') {
      throw new IOException(
          String.format(
              "not RecordIO: byte 0x%02x in the length of a record, only digits are allowed",
              b & 0xff));
    }
    if (++digits > MAX_DIGITS) {
      throw new IOException(
          "not RecordIO: the length of a record has more than " + MAX_DIGITS + " digits");
    }
    length = length * 10 + (b - '0');
    if (length > maxRecordBytes) {
      throw new IOException(
          "a record is larger than the limit of "
              + maxRecordBytes
              + " bytes: its length starts with "
              + length);
    }
  }

  private void finishLength() throws IOException {
    if (digits == 0) {
      throw new IOException("not RecordIO: the length of a record is missing");
    }
    if (length == 0) {
      throw new IOException("not RecordIO: a record of zero bytes");
    }
    inRecord = true;
  }

  private void hold(byte[] bytes, int offset, int count) {
    int needed = heldBytes + count;
    if (needed > held.length) {
      long doubled = Math.max(needed, 2L * held.length);
      held = Arrays.copyOf(held, (int) Math.min(doubled, Math.max(length, needed)));
    }
    System.arraycopy(bytes, offset, held, heldBytes, count);
    heldBytes = needed;
  }

  private boolean releaseHeld(Handler handler) throws IOException {
    byte[] record = held;
    int recordBytes = heldBytes;
    heldBytes = 0;
    startLength();
    if (record.length > KEPT_BUFFER) {
      held = new byte[FIRST_BUFFER];
    }
    return handler.record(record, 0, recordBytes);
  }

  private void startLength() {
    inRecord = false;
    digits = 0;
    length = 0;
  }
}
