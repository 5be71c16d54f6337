package peloton.desired.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.records.SecretRecord;

class SecretBoxTest {
  private static final String JOB = "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f11";
  private static final ByteString CONTENT = ByteString.copyFromUtf8("the content");

  private final SecretBox box = new SecretBox(new SecretKeys("a", Map.of("a", key(1))));
  private final SecretRecord sealed = box.seal(JOB, "id", "/etc/token", CONTENT, 7);

  @Test
  void whatIsSealedOpens() {
    assertThat(box.open(JOB, sealed)).isEqualTo(CONTENT);
    assertThat(sealed.getId()).isEqualTo("id");
    assertThat(sealed.getPath()).isEqualTo("/etc/token");
    assertThat(sealed.getKeyId()).isEqualTo("a");
    assertThat(sealed.getCreatedAt()).isEqualTo(7);
  }

  @Test
  void theContentCannotBeSeen() {
    assertThat(sealed.getCiphertext().size()).as("content and tag").isEqualTo(CONTENT.size() + 16);
    assertThat(sealed.toByteString().toStringUtf8()).doesNotContain("content");
    assertThat(sealed.toString()).doesNotContain("the content");
  }

  @Test
  void equalContentsDoNotLookEqual() {
    SecretRecord again = box.seal(JOB, "id", "/etc/token", CONTENT, 7);

    assertThat(again.getNonce()).isNotEqualTo(sealed.getNonce());
    assertThat(again.getCiphertext()).isNotEqualTo(sealed.getCiphertext());
  }

  static Stream<SecretRecord.Builder> changed() {
    SecretRecord sealed =
        new SecretBox(new SecretKeys("a", Map.of("a", key(1))))
            .seal(JOB, "id", "/etc/token", CONTENT, 7);
    byte[] flipped = sealed.getCiphertext().toByteArray();
    flipped[0] ^= 1;
    return Stream.of(
        sealed.toBuilder().setId("other"),
        sealed.toBuilder().setPath("/etc/other"),
        sealed.toBuilder().setCiphertext(ByteString.copyFrom(flipped)),
        sealed.toBuilder().setCiphertext(ByteString.EMPTY),
        sealed.toBuilder().setNonce(ByteString.copyFrom(new byte[12])));
  }

  @ParameterizedTest
  @MethodSource("changed")
  void whatWasChangedDoesNotOpen(SecretRecord.Builder changed) {
    assertThatThrownBy(() -> box.open(JOB, changed.build()))
        .isInstanceOf(SealedSecretException.class)
        .hasMessageContaining("of job " + JOB)
        .hasMessageNotContaining("the content");
  }

  @Test
  void aNonceOfAnotherLengthIsRefused() {
    assertThatThrownBy(
            () -> box.open(JOB, sealed.toBuilder().setNonce(ByteString.copyFromUtf8("x")).build()))
        .isInstanceOf(SealedSecretException.class)
        .hasMessageContaining("its nonce has 1 bytes");
  }

  @Test
  void aSecretOfAnotherJobDoesNotOpen() {
    assertThatThrownBy(() -> box.open("other", sealed))
        .isInstanceOf(SealedSecretException.class)
        .hasMessageContaining("does not open with the key \"a\"");
  }

  @Test
  void aKeyThatIsNotConfiguredIsNamed() {
    SecretBox other = new SecretBox(new SecretKeys("b", Map.of("b", key(2))));

    assertThatThrownBy(() -> other.open(JOB, sealed))
        .isInstanceOf(SealedSecretException.class)
        .hasMessage(
            "secret id of job "
                + JOB
                + " is sealed with the key \"a\", which is not configured; configured are keys"
                + " [b], sealing with \"b\"");
  }

  @Test
  void anotherKeyOfTheSameNameDoesNotOpen() {
    SecretBox other = new SecretBox(new SecretKeys("a", Map.of("a", key(2))));

    assertThatThrownBy(() -> other.open(JOB, sealed))
        .isInstanceOf(SealedSecretException.class)
        .hasMessageContaining("the key is another than the one of that name");
  }

  @Test
  void aNewKeyTakesOverFromAnOlderOne() {
    SecretBox both = new SecretBox(new SecretKeys("b", Map.of("a", key(1), "b", key(2))));
    SecretBox onlyNew = new SecretBox(new SecretKeys("b", Map.of("b", key(2))));

    assertThat(both.open(JOB, sealed)).isEqualTo(CONTENT);
    SecretRecord anew = both.resealed(JOB, sealed).orElseThrow();

    assertThat(anew.getKeyId()).isEqualTo("b");
    assertThat(anew.getCreatedAt()).isEqualTo(7);
    assertThat(onlyNew.open(JOB, anew)).isEqualTo(CONTENT);
    assertThat(both.resealed(JOB, anew)).isEmpty();
  }

  @Test
  void refusesKeysThatAreNone() {
    assertThatThrownBy(() -> new SecretKeys("a", Map.of("a", new byte[16])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the key \"a\" for secrets has 16 bytes; AES-256 needs 32");
    assertThatThrownBy(() -> new SecretKeys("", Map.of("", key(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty id");
    assertThatThrownBy(() -> new SecretKeys("b", Map.of("a", key(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the key \"b\" is to seal secrets, but only [a] are given");
  }

  private static byte[] key(int seed) {
    byte[] key = new byte[SecretKeys.KEY_BYTES];
    Arrays.fill(key, (byte) seed);
    return key;
  }
}
