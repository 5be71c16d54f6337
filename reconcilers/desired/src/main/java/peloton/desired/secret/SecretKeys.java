package peloton.desired.secret;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of the configuration. Each has an id, which is stored with whatever it seals; so a new
 * key can take over while older ones go on opening what they sealed. A key may be taken out of the
 * configuration once nothing is sealed with it.
 */
public final class SecretKeys {
  /** Bytes of a key: AES-256. */
  public static final int KEY_BYTES = 32;

  private final String sealing;
  private final Map<String, SecretKey> keys;

  /**
   * @param sealing the id of the key that seals from now on
   * @param keys by id, not empty, {@value #KEY_BYTES} bytes each
   * @throws IllegalArgumentException if a key has another length, or the sealing key is not there
   */
  public SecretKeys(String sealing, Map<String, byte[]> keys) {
    Map<String, SecretKey> read = new TreeMap<>();
    keys.forEach((id, key) -> read.put(id, key(id, key)));
    if (!read.containsKey(sealing)) {
      throw new IllegalArgumentException(
          "the key \""
              + sealing
              + "\" is to seal secrets, but only "
              + read.keySet()
              + " are given");
    }
    this.sealing = sealing;
    this.keys = Map.copyOf(read);
  }

  private static SecretKey key(String id, byte[] key) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("a key for secrets has an empty id; give each key a name");
    }
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key \""
              + id
              + "\" for secrets has "
              + key.length
              + " bytes; AES-256 needs "
              + KEY_BYTES);
    }
    return new SecretKeySpec(key, "AES");
  }

  String sealing() {
    return sealing;
  }

  Optional<SecretKey> find(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  /** Names the keys and does not show them. */
  @Override
  public String toString() {
    return "keys " + new TreeMap<>(keys).keySet() + ", sealing with \"" + sealing + '"';
  }
}
