package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class BytesMarshallerTest {
  private static final ByteString MESSAGE =
      ByteString.copyFromUtf8("head").concat(ByteString.copyFromUtf8("x".repeat(1000)));

  private final BytesMarshaller marshaller = new BytesMarshaller();

  @Test
  void aMessageIsReadBackAsItWas() {
    assertThat(marshaller.parse(marshaller.stream(MESSAGE))).isEqualTo(MESSAGE);
  }

  @Test
  void aMessageThatIsHandedOverInOneGoIsUsedUp() throws IOException {
    InputStream stream = marshaller.stream(MESSAGE);
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    assertThat(((KnownLength) stream).available()).isEqualTo(1004);

    assertThat(((Drainable) stream).drainTo(target)).isEqualTo(1004);

    assertThat(target.toByteArray()).isEqualTo(MESSAGE.toByteArray());
    assertThat(stream.available()).isZero();
    assertThat(stream.read()).isEqualTo(-1);
  }

  @Test
  void whatIsLeftOfAMessageIsHandedOver() throws IOException {
    InputStream stream = marshaller.stream(MESSAGE);
    assertThat(stream.readNBytes(4)).isEqualTo("head".getBytes());
    ByteArrayOutputStream target = new ByteArrayOutputStream();

    assertThat(((Drainable) stream).drainTo(target)).isEqualTo(1000);

    assertThat(target.toString()).isEqualTo("x".repeat(1000));
  }
}
