package peloton.store.commit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import peloton.store.Txn.Write;
import peloton.store.commit.ActualWriter.Mutation;
import peloton.store.view.Keyspace;

/** Mutations that were handed in together, and who wants to know when they are durable. */
final class Group {
  private final List<Mutation> mutations;
  private final Runnable onCommitted;
  private Deque<Write> remaining;

  Group(List<Mutation> mutations, Runnable onCommitted) {
    this.mutations = List.copyOf(mutations);
    this.onCommitted = onCommitted;
  }

  /** How many mutations were handed in. */
  int size() {
    return mutations.size();
  }

  Runnable onCommitted() {
    return onCommitted;
  }

  /**
   * The writes of it that are in no transaction yet, in order; whoever puts one into a transaction
   * removes it here. They are encoded when first asked for, on the writer's thread.
   */
  Deque<Write> remaining(Keyspace keyspace) {
    if (remaining == null) {
      remaining = new ArrayDeque<>(mutations.size());
      for (Mutation mutation : mutations) {
        remaining.add(encode(keyspace, mutation));
      }
    }
    return remaining;
  }

  private static Write encode(Keyspace keyspace, Mutation mutation) {
    if (mutation instanceof Mutation.Record record) {
      return record.value().isPresent()
          ? keyspace.put(record.key(), record.value().get())
          : new Write.Delete(keyspace.key(record.key()));
    }
    return new Write.DeletePrefix(keyspace.below(((Mutation.DeleteAll) mutation).prefix()));
  }
}
