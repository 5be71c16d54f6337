package peloton.store;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Objects;

/** A transaction: writes that happen together if every guard holds. */
public record Txn(List<Guard> guards, List<Write> writes) {

  public Txn {
    guards = List.copyOf(guards);
    writes = List.copyOf(writes);
  }

  /** A condition on one key. */
  public sealed interface Guard {
    String key();

    /** The key does not exist. */
    record Absent(String key) implements Guard {}

    /** The key was last written at this revision (greater than 0). */
    record ModRevision(String key, long revision) implements Guard {}

    /** The key was created at this revision (greater than 0) and never deleted since. */
    record CreateRevision(String key, long revision) implements Guard {}

    /** The key was written this many times since its creation (1 or more). */
    record Version(String key, long version) implements Guard {}
  }

  /** An effect on one key or prefix. A key is written at most once in a transaction. */
  public sealed interface Write {

    /** Sets a key; {@code lease} 0 means none. */
    record Put(String key, ByteString value, long lease) implements Write {
      public Put {
        Objects.requireNonNull(key);
        Objects.requireNonNull(value);
      }

      public Put(String key, ByteString value) {
        this(key, value, 0);
      }
    }

    /** Removes a key, if it is there. */
    record Delete(String key) implements Write {}

    /** Removes every key below a prefix. */
    record DeletePrefix(String prefix) implements Write {}
  }
}
