package peloton.store.commit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import peloton.store.Txn.Write;
import peloton.store.TxnRules;

/**
 * The writes of one transaction while it is put together. Since they all happen at one revision,
 * only the last word on each key is kept, and what the deletion of a prefix covers is dropped. A
 * put below a prefix that the same transaction deletes does not fit in: it belongs to the next.
 */
final class Batch {
  private final int maxWrites;
  private final int maxBytes;
  private final Map<String, Write> byKey;
  private final List<Write.DeletePrefix> prefixes;
  private int bytes;

  /**
   * @param maxWrites most writes that it may hold
   * @param maxBytes largest sum of keys and values
   */
  Batch(int maxWrites, int maxBytes) {
    this(maxWrites, maxBytes, new LinkedHashMap<>(), new ArrayList<>(), 0);
  }

  private Batch(
      int maxWrites,
      int maxBytes,
      Map<String, Write> byKey,
      List<Write.DeletePrefix> prefixes,
      int bytes) {
    this.maxWrites = maxWrites;
    this.maxBytes = maxBytes;
    this.byKey = byKey;
    this.prefixes = prefixes;
    this.bytes = bytes;
  }

  boolean isEmpty() {
    return size() == 0;
  }

  int size() {
    return byKey.size() + prefixes.size();
  }

  int bytes() {
    return bytes;
  }

  List<Write> writes() {
    List<Write> writes = new ArrayList<>(size());
    writes.addAll(prefixes);
    writes.addAll(byKey.values());
    return writes;
  }

  /** Takes writes, in their order, if all of them fit in; else none. */
  boolean addAll(Collection<Write> writes) {
    if (surelyFit(writes)) {
      writes.forEach(this::add);
      return true;
    }
    Batch trial = copy();
    for (Write write : writes) {
      if (!trial.add(write)) {
        return false;
      }
    }
    writes.forEach(this::add);
    return true;
  }

  /** Takes a write if it fits in. */
  boolean add(Write write) {
    if (write instanceof Write.DeletePrefix delete) {
      return addPrefix(delete);
    }
    String key = key(write);
    if (isDeleted(key)) {
      return write instanceof Write.Delete;
    }
    Write before = byKey.get(key);
    int newBytes = bytes + TxnRules.bytes(write) - (before == null ? 0 : TxnRules.bytes(before));
    if (newBytes > maxBytes || (before == null && size() == maxWrites)) {
      return false;
    }
    byKey.put(key, write);
    bytes = newBytes;
    return true;
  }

  private boolean addPrefix(Write.DeletePrefix delete) {
    if (isDeleted(delete.prefix())) {
      return true;
    }
    List<Write> covered = covered(delete.prefix());
    int newBytes = bytes + TxnRules.bytes(delete);
    for (Write write : covered) {
      newBytes -= TxnRules.bytes(write);
    }
    if (newBytes > maxBytes || size() - covered.size() == maxWrites) {
      return false;
    }
    byKey.values().removeAll(covered);
    prefixes.removeAll(covered);
    prefixes.add(delete);
    bytes = newBytes;
    return true;
  }

  private boolean isDeleted(String keyOrPrefix) {
    for (Write.DeletePrefix delete : prefixes) {
      if (keyOrPrefix.startsWith(delete.prefix())) {
        return true;
      }
    }
    return false;
  }

  private List<Write> covered(String prefix) {
    List<Write> covered = new ArrayList<>();
    byKey.forEach(
        (key, write) -> {
          if (key.startsWith(prefix)) {
            covered.add(write);
          }
        });
    for (Write.DeletePrefix delete : prefixes) {
      if (delete.prefix().startsWith(prefix)) {
        covered.add(delete);
      }
    }
    return covered;
  }

  /** The usual case, without a copy: only puts and deletes, and room for all of them. */
  private boolean surelyFit(Collection<Write> writes) {
    if (!prefixes.isEmpty() || size() + writes.size() > maxWrites) {
      return false;
    }
    long more = 0;
    for (Write write : writes) {
      if (write instanceof Write.DeletePrefix) {
        return false;
      }
      more += TxnRules.bytes(write);
    }
    return bytes + more <= maxBytes;
  }

  private Batch copy() {
    return new Batch(
        maxWrites, maxBytes, new LinkedHashMap<>(byKey), new ArrayList<>(prefixes), bytes);
  }

  private static String key(Write write) {
    return write instanceof Write.Put put ? put.key() : ((Write.Delete) write).key();
  }
}
