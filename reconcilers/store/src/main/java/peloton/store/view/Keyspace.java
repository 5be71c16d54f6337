package peloton.store.view;

import com.google.protobuf.Message;
import java.util.Optional;
import peloton.store.KeyRange;
import peloton.store.Txn;

/**
 * The keys of one cluster: every key begins with the prefix, which ends with a slash so that no
 * cluster's keys can lie below another's.
 */
public record Keyspace(String prefix) {
  public static final String DEFAULT_PREFIX = "/peloton/v1alpha/";

  public Keyspace {
    if (!prefix.endsWith("/")) {
      throw new IllegalArgumentException("prefix \"" + prefix + "\" must end with \"/\"");
    }
  }

  /** What views hold in memory and follow: everything but the runs of pods that are over. */
  public KeyRange followed() {
    return KeyRange.between(prefix, prefix + RecordKey.PAST_RUNS);
  }

  /** The full etcd key of a record. */
  public String key(RecordKey key) {
    return prefix + key.path();
  }

  /** The full etcd prefix of one of a job's subtrees, see {@link RecordKey#desiredOf}. */
  public String below(String path) {
    return prefix + path;
  }

  /** The record that an etcd key names; empty for a key that this version does not know. */
  public Optional<RecordKey> parse(String etcdKey) {
    return etcdKey.startsWith(prefix)
        ? RecordKey.parse(etcdKey.substring(prefix.length()))
        : Optional.empty();
  }

  /** A write of a record. */
  public Txn.Write put(RecordKey key, Message value) {
    return new Txn.Write.Put(key(key), value.toByteString());
  }
}
