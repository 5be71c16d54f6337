package peloton.store.etcd;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import peloton.store.KeyRange;
import peloton.store.KeyValueStore;
import peloton.store.Range;
import peloton.store.StoreException;
import peloton.store.Txn;
import peloton.store.TxnResult;
import peloton.store.TxnRules;

/**
 * The store on etcd. Connecting succeeds whether etcd is there or not: calls wait for it until
 * their timeout, and the connection is tried again every half second.
 */
public final class EtcdStore implements KeyValueStore {
  private final Connection connection;
  private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private EtcdStore(Connection connection) {
    this.connection = connection;
  }

  /**
   * Starts to connect.
   *
   * @throws IllegalArgumentException if an endpoint is malformed
   * @throws java.io.UncheckedIOException if a TLS file cannot be read
   */
  public static EtcdStore connect(EtcdSettings settings) {
    return new EtcdStore(new Connection(settings));
  }

  @Override
  public CompletableFuture<TxnResult> commit(Txn txn) {
    TxnRules.requireValid(txn);
    return connection.call(
        KVGrpc.getTxnMethod(),
        Requests.txn(txn),
        answer -> new TxnResult(answer.getSucceeded(), answer.getHeader().getRevision()));
  }

  @Override
  public CompletableFuture<Range> get(String key) {
    return connection.call(
        KVGrpc.getRangeMethod(),
        Requests.get(key),
        answer ->
            new Range(
                answer.getKvsList().stream().map(Requests::keyValue).toList(),
                answer.getHeader().getRevision()));
  }

  @Override
  public CompletableFuture<Range> range(KeyRange keys, long revision) {
    return PagedRange.read(connection, keys, revision);
  }

  @Override
  public CompletableFuture<Long> revision() {
    return connection.call(
        KVGrpc.getRangeMethod(), Requests.revision(), answer -> answer.getHeader().getRevision());
  }

  @Override
  public Watch watch(KeyRange keys, long fromRevision, WatchListener listener) {
    if (closed) {
      return () -> {};
    }
    EtcdWatch watch = new EtcdWatch(connection, keys, fromRevision, listener, watches::remove);
    watches.add(watch);
    watch.start();
    return watch;
  }

  @Override
  public CompletableFuture<Long> grantLease(Duration ttl) {
    if (ttl.isZero() || ttl.isNegative()) {
      throw new IllegalArgumentException("a lease needs a time to live above 0, not " + ttl);
    }
    // etcd counts in seconds; a lease must not end before its time.
    long seconds = ttl.plusSeconds(1).minusNanos(1).toSeconds();
    return connection.call(
        LeaseGrpc.getLeaseGrantMethod(),
        LeaseGrantRequest.newBuilder().setTTL(seconds).build(),
        answer -> answer.getID());
  }

  @Override
  public CompletableFuture<Duration> renewLease(long lease) {
    return connection.callOnStream(
        LeaseGrpc.getLeaseKeepAliveMethod(),
        LeaseKeepAliveRequest.newBuilder().setID(lease).build(),
        answer -> {
          if (answer.getTTL() <= 0) {
            throw new StoreException(StoreException.Code.NOT_FOUND, "there is no lease " + lease);
          }
          return Duration.ofSeconds(answer.getTTL());
        });
  }

  @Override
  public CompletableFuture<Void> revokeLease(long lease) {
    return connection.call(
        LeaseGrpc.getLeaseRevokeMethod(),
        LeaseRevokeRequest.newBuilder().setID(lease).build(),
        answer -> null);
  }

  /** Ends the watches and fails the calls that are open, as UNAVAILABLE. */
  @Override
  public void close() {
    closed = true;
    watches.forEach(EtcdWatch::close);
    connection.close();
  }
}
