package peloton.store.memory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import peloton.store.KeyRange;
import peloton.store.KeyValue;
import peloton.store.KeyValueStore.Change;
import peloton.store.Range;
import peloton.store.StoreException;
import peloton.store.Txn;
import peloton.store.TxnResult;

/**
 * What an etcd server holds. Thread-safe; calls take effect one after another. Leases end by the
 * clock when the next call comes in; whoever moves a virtual clock calls {@link #expireLeases}
 * after it, so that watchers hear of it.
 */
public final class MemoryData {
  private final InstantSource clock;
  private final History history = new History();
  private final Leases leases = new Leases();
  private final Set<MemoryWatch> watches = new LinkedHashSet<>();

  public MemoryData(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Forgets the history before a revision, as etcd's compaction does.
   *
   * @throws StoreException COMPACTED if it is forgotten already
   * @throws IllegalArgumentException if the revision is yet to come
   */
  public void compact(long revision) {
    locked(
        () -> {
          history.compact(revision);
          return revision;
        });
  }

  /** Ends the leases whose time is over and deletes their keys. */
  public void expireLeases() {
    locked(history::revision);
  }

  /**
   * Ends a lease as if its time were over.
   *
   * @throws StoreException NOT_FOUND
   */
  public void expireLease(long lease) {
    revoke(lease);
  }

  /** The newest revision; 1 while nothing was written. */
  public long revision() {
    return locked(history::revision);
  }

  /** Everything below a prefix, now. */
  public Range range(String prefix) {
    return range(KeyRange.below(prefix), 0);
  }

  Range range(KeyRange keys, long revision) {
    return locked(
        () ->
            new Range(
                history.range(keys, revision), revision == 0 ? history.revision() : revision));
  }

  Range get(String key) {
    return locked(() -> new Range(history.get(key).stream().toList(), history.revision()));
  }

  TxnResult commit(Txn txn) {
    return locked(
        () -> {
          boolean held = txn.guards().stream().allMatch(this::holds);
          if (held) {
            apply(txn.writes());
          }
          return new TxnResult(held, history.revision());
        });
  }

  long grant(Duration ttl) {
    return locked(() -> leases.grant(ttl, clock.instant()));
  }

  Duration renew(long lease) {
    return locked(() -> leases.renew(lease, clock.instant()));
  }

  void revoke(long lease) {
    locked(
        () -> {
          end(lease);
          return lease;
        });
  }

  /** Feeds a watch from where it stands; it loses its history if that is compacted. */
  void connect(MemoryWatch watch) {
    locked(
        () -> {
          if (watch.start(history)) {
            watches.add(watch);
          }
          return watch;
        });
    watch.deliver();
  }

  void disconnect(MemoryWatch watch, Optional<StoreException> cause) {
    locked(
        () -> {
          watches.remove(watch);
          cause.ifPresent(watch::interrupt);
          return watch;
        });
    watch.deliver();
  }

  /** Runs one call; the watches hear of its changes once the lock is free again. */
  private <T> T locked(Supplier<T> call) {
    List<MemoryWatch> woken;
    try {
      synchronized (this) {
        leases.due(clock.instant()).forEach(this::end);
        return call.get();
      }
    } finally {
      synchronized (this) {
        woken = new ArrayList<>(watches);
      }
      woken.forEach(MemoryWatch::deliver);
    }
  }

  private boolean holds(Txn.Guard guard) {
    Optional<KeyValue> found = history.get(guard.key());
    if (guard instanceof Txn.Guard.Absent) {
      return found.isEmpty();
    }
    if (guard instanceof Txn.Guard.ModRevision wanted) {
      return found.filter(kv -> kv.modRevision() == wanted.revision()).isPresent();
    }
    if (guard instanceof Txn.Guard.CreateRevision wanted) {
      return found.filter(kv -> kv.createRevision() == wanted.revision()).isPresent();
    }
    long version = ((Txn.Guard.Version) guard).version();
    return found.filter(kv -> kv.version() == version).isPresent();
  }

  private void apply(List<Txn.Write> writes) {
    for (Txn.Write write : writes) {
      if (write instanceof Txn.Write.Put put && put.lease() != 0) {
        leases.requireAlive(put.lease());
      }
    }
    History.Step step = history.step();
    for (Txn.Write write : writes) {
      if (write instanceof Txn.Write.Put put) {
        step.put(put.key(), put.value());
        leases.attach(put.key(), put.lease());
      } else if (write instanceof Txn.Write.Delete delete) {
        delete(step, delete.key());
      } else {
        String prefix = ((Txn.Write.DeletePrefix) write).prefix();
        history.keysIn(KeyRange.below(prefix)).forEach(key -> delete(step, key));
      }
    }
    publish(step.end());
  }

  private void end(long lease) {
    History.Step step = history.step();
    leases.end(lease).forEach(step::delete);
    publish(step.end());
  }

  private void delete(History.Step step, String key) {
    step.delete(key);
    leases.detach(key);
  }

  private void publish(List<Change> changes) {
    if (!changes.isEmpty()) {
      watches.forEach(watch -> watch.accept(changes));
    }
  }
}
