package peloton.store.view;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads keys and values of the store as records. What cannot be read is counted and told, never
 * thrown: one bad value must not blind the control plane. Used from one thread.
 */
final class RecordDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(RecordDecoder.class);

  private final Keyspace keyspace;
  private final ViewCounters counters;
  private boolean toldOfUnknownKeys;

  RecordDecoder(Keyspace keyspace, ViewCounters counters) {
    this.keyspace = keyspace;
    this.counters = counters;
  }

  /** The record that a key names, if the view keeps such records. */
  Optional<RecordKey> key(String etcdKey) {
    Optional<RecordKey> key = keyspace.parse(etcdKey);
    if (key.isEmpty()) {
      counters.unknownKeys.increment();
      if (!toldOfUnknownKeys) {
        toldOfUnknownKeys = true;
        LOG.warn(
            "key {} is unknown to this version; it and others like it are left alone", etcdKey);
      }
      return Optional.empty();
    }
    return key.filter(known -> !(known instanceof RecordKey.PodHistory));
  }

  /** The value of a record; empty if it cannot be read. */
  Optional<Message> value(RecordKey key, ByteString bytes) {
    try {
      return Optional.of(key.parser().parseFrom(bytes));
    } catch (InvalidProtocolBufferException malformed) {
      counters.unreadable.increment();
      LOG.error(
          "record {} of {} bytes cannot be read ({}) and is ignored; what was known of it before"
              + " stays; write or delete the key to repair it",
          keyspace.key(key),
          bytes.size(),
          malformed.getMessage());
      return Optional.empty();
    }
  }
}
