package peloton.store.memory;

import java.util.Comparator;
import peloton.store.KeyRange;

/** The order of etcd's keys: by their UTF-8 bytes, which is the order of their code points. */
enum KeyOrder implements Comparator<String> {
  INSTANCE;

  /** Whether a key is one of a range. */
  static boolean within(KeyRange keys, String key) {
    return key.startsWith(keys.prefix())
        && keys.end().filter(end -> INSTANCE.compare(key, end) >= 0).isEmpty();
  }

  @Override
  public int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // UTF-16 puts surrogates below U+E000..U+FFFF, the code points that they stand for are
        // above.
        boolean high = Character.isSurrogate(x);
        return high == Character.isSurrogate(y) ? Character.compare(x, y) : (high ? 1 : -1);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
