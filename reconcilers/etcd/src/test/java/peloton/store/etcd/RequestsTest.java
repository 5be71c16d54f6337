package peloton.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class RequestsTest {

  @Test
  void endsAPrefixWithTheFirstKeyBehindIt() {
    assertThat(Requests.end("/a/")).isEqualTo(ByteString.copyFromUtf8("/a0"));
    assertThat(Requests.end("a\u007f"))
        .isEqualTo(ByteString.copyFrom(new byte[] {'a', (byte) 0x80}));
  }

  @Test
  void takesTheEmptyPrefixForEverything() {
    ByteString zero = ByteString.copyFrom(new byte[1]);

    assertThat(Requests.start("")).isEqualTo(zero);
    assertThat(Requests.end("")).isEqualTo(zero);
  }

  @Test
  void goesOnAfterAKeyWithTheNextThatThereCanBe() {
    assertThat(Requests.after(ByteString.copyFromUtf8("a")).toByteArray()).containsExactly('a', 0);
  }
}
