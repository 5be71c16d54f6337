package peloton.operator.grpc;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Passes on messages that are encoded already. */
public final class BytesMarshaller implements MethodDescriptor.Marshaller<ByteString> {

  @Override
  public InputStream stream(ByteString message) {
    return new Encoded(message);
  }

  @Override
  public ByteString parse(InputStream stream) {
    try {
      return ByteString.readFrom(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Encoded extends InputStream implements Drainable, KnownLength {
    private final ByteString message;
    private final InputStream input;

    Encoded(ByteString message) {
      this.message = message;
      this.input = message.newInput();
    }

    @Override
    public int available() throws IOException {
      return input.available();
    }

    @Override
    public int read() throws IOException {
      return input.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return input.read(target, offset, length);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      if (input.available() != message.size()) {
        return Math.toIntExact(input.transferTo(target));
      }
      message.writeTo(target);
      input.skipNBytes(message.size());
      return message.size();
    }
  }
}
