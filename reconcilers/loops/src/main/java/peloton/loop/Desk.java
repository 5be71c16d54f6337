package peloton.loop;

import com.google.protobuf.Message;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import peloton.store.commit.ActualWriter;
import peloton.store.commit.ActualWriter.Mutation;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * The leader's records and the way to change them. A change is seen here at once and reaches etcd
 * in order; what must wait for etcd is handed in with the change and runs on the control thread.
 */
final class Desk {
  private final Records records;
  private final ActualWriter writer;
  private final Executor control;
  private final InstantSource clock;

  Desk(Records records, ActualWriter writer, Executor control, InstantSource clock) {
    this.records = records;
    this.writer = writer;
    this.control = control;
    this.clock = clock;
  }

  Records records() {
    return records;
  }

  /** Unix nanoseconds. */
  long now() {
    var instant = clock.instant();
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /** Shows a change here without writing it: a restart may forget it. */
  void remember(RecordKey key, Message value) {
    records.apply(key, value, 0);
  }

  /** Changes that belong together. */
  Change change() {
    return new Change();
  }

  /** Collects changes; {@link #commit} hands them to the writer. */
  final class Change {
    private final List<Mutation> mutations = new ArrayList<>();

    Change put(RecordKey key, Message value) {
      records.apply(key, value, 0);
      mutations.add(Mutation.Record.put(key, value));
      return this;
    }

    Change delete(RecordKey key) {
      records.apply(key, null, 0);
      mutations.add(Mutation.Record.delete(key));
      return this;
    }

    Change deleteAll(String prefix) {
      records.applyDeleteAll(prefix);
      mutations.add(new Mutation.DeleteAll(prefix));
      return this;
    }

    /** Writes, with nothing to do afterwards. */
    void commit() {
      commit(() -> {});
    }

    /** Writes; the effect runs on the control thread once everything is in etcd. */
    void commit(Runnable effect) {
      writer.write(mutations, () -> control.execute(effect));
    }
  }
}
