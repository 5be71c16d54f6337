package peloton.desired.pool;

import com.google.protobuf.ByteString;
import peloton.store.Txn;
import peloton.store.view.Keyspace;

/**
 * A key for each pool that every transaction writes which makes a job use the pool. Whoever decides
 * by which jobs use a pool compares it; so a pool cannot go, or get children, while a job comes.
 * Jobs do not hinder each other, since none compares it.
 */
public final class PoolLocks {
  private PoolLocks() {}

  /** The full etcd key of a pool's lock. It is no record; views pass it over. */
  public static String key(Keyspace keys, String pool) {
    return keys.below("desired/pool-uses/" + pool);
  }

  /** The write by which a job announces itself. */
  public static Txn.Write use(Keyspace keys, String pool, String job) {
    return new Txn.Write.Put(key(keys, pool), ByteString.copyFromUtf8(job));
  }
}
