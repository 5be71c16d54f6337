package peloton.placement;

import java.util.Arrays;

/** A set of agents by their slots; read 64 at a time. */
final class Bits {
  private long[] words = new long[2];
  private int size;

  Bits() {}

  private Bits(Bits other) {
    words = other.words.clone();
    size = other.size;
  }

  Bits copy() {
    return new Bits(this);
  }

  /** The members among the slots from {@code 64 * w}. */
  long word(int w) {
    return w < words.length ? words[w] : 0;
  }

  boolean contains(int slot) {
    return (word(slot >> 6) >>> slot & 1) != 0;
  }

  boolean add(int slot) {
    int w = slot >> 6;
    if (w >= words.length) {
      words = Arrays.copyOf(words, Math.max(w + 1, words.length * 2));
    }
    long bit = 1L << slot;
    if ((words[w] & bit) != 0) {
      return false;
    }
    words[w] |= bit;
    size++;
    return true;
  }

  boolean remove(int slot) {
    int w = slot >> 6;
    long bit = 1L << slot;
    if (w >= words.length || (words[w] & bit) == 0) {
      return false;
    }
    words[w] &= ~bit;
    size--;
    return true;
  }

  void set(int slot, boolean member) {
    if (member) {
      add(slot);
    } else {
      remove(slot);
    }
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }
}
