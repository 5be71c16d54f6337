package peloton.operator.read;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What is worked out from an object that never changes, for as long as somebody else holds that
 * object. Keys are compared by identity: records are large, and the view has one of each. Any
 * thread may use it; two at once may both work something out.
 *
 * @param <V> must not refer to its key, or neither is ever forgotten
 */
final class IdentityCache<K, V> {
  private final Map<Object, V> values = new ConcurrentHashMap<>();
  private final ReferenceQueue<K> gone = new ReferenceQueue<>();
  private final Function<K, V> work;

  IdentityCache(Function<K, V> work) {
    this.work = work;
  }

  V get(K key) {
    V known = values.get(new Probe(key));
    if (known != null) {
      return known;
    }
    for (Reference<? extends K> old = gone.poll(); old != null; old = gone.poll()) {
      values.remove(old);
    }
    V value = work.apply(key);
    values.put(new Key<>(key, gone), value);
    return value;
  }

  /** How many values are kept. */
  int size() {
    return values.size();
  }

  /** Stands for a key in a look-up, without a reference that the collector must track. */
  private record Probe(Object key) {
    @Override
    public int hashCode() {
      return System.identityHashCode(key);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key<?> stored && stored.holds(key);
    }
  }

  private static final class Key<K> extends WeakReference<K> {
    private final int hash;

    Key(K key, ReferenceQueue<K> queue) {
      super(key, queue);
      this.hash = System.identityHashCode(key);
    }

    boolean holds(Object key) {
      return get() == key;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      if (this == other) {
        return true;
      }
      Object mine = get();
      return mine != null && other instanceof Key<?> key && key.get() == mine;
    }
  }
}
