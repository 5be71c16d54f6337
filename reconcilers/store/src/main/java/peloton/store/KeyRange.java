package peloton.store;

import java.util.Objects;
import java.util.Optional;

/**
 * Keys that are read or watched together.
 *
 * @param prefix what they all begin with
 * @param end the key, in etcd's order, before which they come; empty if all below the prefix count
 */
public record KeyRange(String prefix, Optional<String> end) {

  public KeyRange {
    Objects.requireNonNull(prefix);
    if (end.filter(key -> !key.startsWith(prefix) || key.length() == prefix.length()).isPresent()) {
      throw new IllegalArgumentException(
          "the end of a range, \""
              + end.get()
              + "\", must lie below its prefix \""
              + prefix
              + "\"");
    }
  }

  /** All keys below a prefix. */
  public static KeyRange below(String prefix) {
    return new KeyRange(prefix, Optional.empty());
  }

  /** Those below a prefix that come before a key. */
  public static KeyRange between(String prefix, String end) {
    return new KeyRange(prefix, Optional.of(end));
  }

  @Override
  public String toString() {
    return prefix + end.map(key -> " before " + key).orElse("");
  }
}
