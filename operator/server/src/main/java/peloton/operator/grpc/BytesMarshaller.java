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

  /** Hands its bytes over in one go, as gRPC asks for; as a stream for whoever reads it as one. */
  private static final class Encoded extends InputStream implements Drainable, KnownLength {
    private final ByteString message;
    private InputStream rest;

    Encoded(ByteString message) {
      this.message = message;
    }

    private InputStream rest() {
      if (rest == null) {
        rest = message.newInput();
      }
      return rest;
    }

    @Override
    public int available() throws IOException {
      return rest == null ? message.size() : rest.available();
    }

    @Override
    public int read() throws IOException {
      return rest().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return rest().read(target, offset, length);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      if (rest != null) {
        return Math.toIntExact(rest.transferTo(target));
      }
      rest = InputStream.nullInputStream();
      message.writeTo(target);
      return message.size();
    }
  }
}
