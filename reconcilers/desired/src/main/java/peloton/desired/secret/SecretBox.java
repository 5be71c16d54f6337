package peloton.desired.secret;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import peloton.records.SecretRecord;

/**
 * Seals and opens secrets: AES-256 in Galois/counter mode, with a random nonce for each sealing
 * (NIST SP 800-38D; well below the 2^32 sealings that it allows a key). A seal is bound to the job,
 * the id and the path of its secret: put in another's place it does not open. Any thread may use
 * it.
 */
public final class SecretBox {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeys keys;
  private final SecureRandom random;

  public SecretBox(SecretKeys keys) {
    this(keys, new SecureRandom());
  }

  SecretBox(SecretKeys keys, SecureRandom random) {
    this.keys = keys;
    this.random = random;
  }

  /**
   * Seals a secret of a job with the key of today.
   *
   * @param now in Unix nanoseconds
   */
  public SecretRecord seal(String job, String id, String path, ByteString content, long now) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    SecretKey key = keys.find(keys.sealing()).orElseThrow();
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, job, id, path);
      return SecretRecord.newBuilder()
          .setId(id)
          .setPath(path)
          .setKeyId(keys.sealing())
          .setNonce(ByteString.copyFrom(nonce))
          .setCiphertext(ByteString.copyFrom(cipher.doFinal(content.toByteArray())))
          .setCreatedAt(now)
          .build();
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("this Java runtime cannot seal with " + CIPHER, broken);
    }
  }

  /**
   * The content of a sealed secret.
   *
   * @throws SealedSecretException if its key is not configured, or it is not as it was sealed
   */
  public ByteString open(String job, SecretRecord secret) {
    SecretKey key =
        keys.find(secret.getKeyId())
            .orElseThrow(
                () ->
                    new SealedSecretException(
                        named(job, secret)
                            + " is sealed with the key \""
                            + secret.getKeyId()
                            + "\", which is not configured; configured are "
                            + keys));
    byte[] nonce = secret.getNonce().toByteArray();
    // The runtime has other answers to these than "does not open".
    if (nonce.length != NONCE_BYTES || secret.getCiphertext().size() < TAG_BITS / 8) {
      throw new SealedSecretException(
          named(job, secret)
              + " is damaged: its nonce has "
              + nonce.length
              + " bytes and its ciphertext "
              + secret.getCiphertext().size()
              + ", not "
              + NONCE_BYTES
              + " and at least "
              + TAG_BITS / 8);
    }
    try {
      Cipher cipher =
          cipher(Cipher.DECRYPT_MODE, key, nonce, job, secret.getId(), secret.getPath());
      return ByteString.copyFrom(cipher.doFinal(secret.getCiphertext().toByteArray()));
    } catch (AEADBadTagException changed) {
      throw new SealedSecretException(
          named(job, secret)
              + " does not open with the key \""
              + secret.getKeyId()
              + "\": the key is another than the one of that name that sealed it, or the record"
              + " was changed",
          changed);
    } catch (GeneralSecurityException broken) {
      throw new SealedSecretException(named(job, secret) + " cannot be read", broken);
    }
  }

  /** The same secret sealed with the key of today; empty if that is so already. */
  public Optional<SecretRecord> resealed(String job, SecretRecord secret) {
    return secret.getKeyId().equals(keys.sealing())
        ? Optional.empty()
        : Optional.of(
            seal(job, secret.getId(), secret.getPath(), open(job, secret), secret.getCreatedAt()));
  }

  private static Cipher cipher(
      int mode, SecretKey key, byte[] nonce, String job, String id, String path)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((job + '\n' + id + '\n' + path).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static String named(String job, SecretRecord secret) {
    return "secret " + secret.getId() + " of job " + job;
  }
}
