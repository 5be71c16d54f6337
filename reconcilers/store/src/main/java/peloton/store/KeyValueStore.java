package peloton.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The part of etcd that the control plane builds on: multi-version keys, guarded transactions,
 * watches from a revision, leases. Implementations pass one contract suite.
 *
 * <p>No call blocks. Every future ends within the store's request timeout; it fails with {@link
 * StoreException} only. Callbacks come on the store's threads and must not block.
 */
public interface KeyValueStore extends AutoCloseable {

  /** Most writes, and most guards, that one transaction may hold (etcd's --max-txn-ops). */
  int MAX_OPERATIONS = 128;

  /** Largest sum of keys and values in one transaction, in bytes; below etcd's 1.5 MiB. */
  int MAX_BYTES = 1_400_000;

  /**
   * Applies all writes at one revision if all guards hold, else none.
   *
   * @throws IllegalArgumentException if the transaction is over {@link #MAX_OPERATIONS} or {@link
   *     #MAX_BYTES}; nothing is sent then
   */
  CompletableFuture<TxnResult> commit(Txn txn);

  /** Reads one key, linearizably. An absent key gives an empty {@link KeyValue} list. */
  CompletableFuture<Range> get(String key);

  /**
   * Reads every key of a range, as of one revision, linearizably.
   *
   * @param revision the revision to read at, or 0 for the newest
   */
  CompletableFuture<Range> range(KeyRange keys, long revision);

  /** Reads every key below a prefix, see {@link #range(KeyRange, long)}. */
  default CompletableFuture<Range> range(String prefix, long revision) {
    return range(KeyRange.below(prefix), revision);
  }

  /** The newest revision of the store, linearizably. */
  CompletableFuture<Long> revision();

  /**
   * Streams every change in a range from a revision on, in order, whole revisions at a time,
   * without gaps or repetitions, across reconnections.
   *
   * @param fromRevision the first revision of interest, at least 1; 0 for "from now on"
   */
  Watch watch(KeyRange keys, long fromRevision, WatchListener listener);

  /** Streams every change below a prefix, see {@link #watch(KeyRange, long, WatchListener)}. */
  default Watch watch(String prefix, long fromRevision, WatchListener listener) {
    return watch(KeyRange.below(prefix), fromRevision, listener);
  }

  /** Grants a lease; it ends unless it is kept alive. */
  CompletableFuture<Long> grantLease(Duration ttl);

  /** Renews a lease once; the remaining time, or a {@link StoreException} NOT_FOUND. */
  CompletableFuture<Duration> renewLease(long lease);

  /** Ends a lease and deletes its keys. */
  CompletableFuture<Void> revokeLease(long lease);

  @Override
  void close();

  /** A running watch. */
  interface Watch extends AutoCloseable {
    /** Ends the watch; the listener hears nothing afterwards. */
    @Override
    void close();
  }

  /** Receives a watch. Called from one thread at a time. */
  interface WatchListener {
    /** Changes, in revision order; all changes of one revision come in the same call. */
    void onChanges(java.util.List<Change> changes);

    /** Everything up to this revision has been delivered. May come at any time or never. */
    default void onProgress(long revision) {}

    /** The store cannot be reached just now; the watch goes on by itself when it can. */
    default void onInterrupted(StoreException cause) {}

    /**
     * The watch has ended for good and lost changes: {@link StoreException.Code#COMPACTED} when the
     * revision to go on from has been compacted away. Read again with {@link #range} and watch from
     * there.
     */
    void onLost(StoreException cause);
  }

  /** One change of one key; no value means that the key was deleted. */
  record Change(
      String key, java.util.Optional<com.google.protobuf.ByteString> value, long revision) {}
}
