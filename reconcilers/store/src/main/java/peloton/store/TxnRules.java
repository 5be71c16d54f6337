package peloton.store;

import java.util.HashSet;
import java.util.Set;

/**
 * What every store refuses before it sends anything: etcd would refuse the same transactions, later
 * and with less to say.
 */
public final class TxnRules {
  private TxnRules() {}

  /**
   * Passes a transaction that a store may take.
   *
   * @throws IllegalArgumentException if it holds more than {@link KeyValueStore#MAX_OPERATIONS}
   *     guards or writes, if its writes are larger than {@link KeyValueStore#MAX_BYTES}, or if it
   *     writes a key twice, or if a guard names a revision or version below 1
   */
  public static void requireValid(Txn txn) {
    requireCount("guards", txn.guards().size());
    requireCount("writes", txn.writes().size());
    txn.guards().forEach(TxnRules::requirePositive);
    long bytes = 0;
    for (Txn.Write write : txn.writes()) {
      bytes += bytes(write);
    }
    if (bytes > KeyValueStore.MAX_BYTES) {
      throw new IllegalArgumentException(
          "the writes of the transaction take "
              + bytes
              + " bytes; at most "
              + KeyValueStore.MAX_BYTES
              + " are allowed");
    }
    requireDistinctKeys(txn);
  }

  /**
   * The bytes that a write adds to its transaction: key and value. Guards are not counted; {@link
   * KeyValueStore#MAX_BYTES} leaves room for them.
   */
  public static int bytes(Txn.Write write) {
    if (write instanceof Txn.Write.Put put) {
      return utf8Length(put.key()) + put.value().size();
    }
    if (write instanceof Txn.Write.Delete delete) {
      return utf8Length(delete.key());
    }
    return utf8Length(((Txn.Write.DeletePrefix) write).prefix());
  }

  private static void requireCount(String what, int count) {
    if (count > KeyValueStore.MAX_OPERATIONS) {
      throw new IllegalArgumentException(
          "the transaction has "
              + count
              + " "
              + what
              + "; at most "
              + KeyValueStore.MAX_OPERATIONS
              + " are allowed");
    }
  }

  /** Etcd would take 0 for "does not exist", which {@link Txn.Guard.Absent} says plainly. */
  private static void requirePositive(Txn.Guard guard) {
    long number =
        guard instanceof Txn.Guard.ModRevision mod
            ? mod.revision()
            : guard instanceof Txn.Guard.CreateRevision create
                ? create.revision()
                : guard instanceof Txn.Guard.Version version ? version.version() : 1;
    if (number < 1) {
      throw new IllegalArgumentException(
          "the guard " + guard + " names " + number + "; 1 is the lowest there is");
    }
  }

  private static void requireDistinctKeys(Txn txn) {
    Set<String> written = new HashSet<>();
    for (Txn.Write write : txn.writes()) {
      if (write instanceof Txn.Write.Put put) {
        requireNew(written, put.key());
      } else if (write instanceof Txn.Write.Delete delete) {
        requireNew(written, delete.key());
      }
    }
    for (Txn.Write write : txn.writes()) {
      if (write instanceof Txn.Write.DeletePrefix delete) {
        requireNoPutBelow(txn, delete.prefix());
      }
    }
  }

  private static void requireNew(Set<String> written, String key) {
    if (!written.add(key)) {
      throw new IllegalArgumentException("the transaction writes the key " + key + " twice");
    }
  }

  private static void requireNoPutBelow(Txn txn, String prefix) {
    for (Txn.Write write : txn.writes()) {
      if (write instanceof Txn.Write.Put put && put.key().startsWith(prefix)) {
        throw new IllegalArgumentException(
            "the transaction puts the key "
                + put.key()
                + " and deletes everything below "
                + prefix);
      }
    }
  }

  private static int utf8Length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        length++;
      } else if (c < 0x800) {
        length += 2;
      } else if (Character.isSurrogate(c)) {
        // Half of a pair, and a pair takes four bytes.
        length += 2;
      } else {
        length += 3;
      }
    }
    return length;
  }
}
