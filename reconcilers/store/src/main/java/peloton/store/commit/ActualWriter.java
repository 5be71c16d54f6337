package peloton.store.commit;

import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import peloton.store.view.RecordKey;

/**
 * Writes for the leader, in order, many together, each transaction fenced by the leader key. A
 * write is retried until it is known to be made or the leader is known to be deposed; so what etcd
 * holds is always a prefix of what was handed in.
 */
public interface ActualWriter {

  /**
   * Queues mutations that belong together; never blocks. They land in one transaction if they fit
   * in one, and never before anything that was queued earlier.
   *
   * @param onCommitted called once they are durable, on the writer's thread or executor; never
   *     called if the leader is deposed first
   */
  void write(List<Mutation> mutations, Runnable onCommitted);

  /** One record to write, or to delete. */
  sealed interface Mutation {
    /** Sets a record, or deletes it when there is no value. */
    record Record(RecordKey key, Optional<Message> value) implements Mutation {
      public static Record put(RecordKey key, Message value) {
        return new Record(key, Optional.of(value));
      }

      public static Record delete(RecordKey key) {
        return new Record(key, Optional.empty());
      }
    }

    /** Deletes everything below a prefix, see {@link RecordKey#desiredOf}. */
    record DeleteAll(String prefix) implements Mutation {}
  }
}
