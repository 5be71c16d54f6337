package peloton.desired.pool;

import peloton.records.NameRecord;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;

/**
 * A key for each pool that every transaction writes which makes a job use the pool. Whoever decides
 * by which jobs use a pool compares it; so a pool cannot go, or get children, while a job comes.
 * Jobs do not hinder each other, since none compares it.
 *
 * <p>It lies among the names below the pool, at the empty name, which no pool can have.
 */
public final class PoolLocks {
  private PoolLocks() {}

  /** The full etcd key of a pool's lock. */
  public static String key(Keyspace keys, String pool) {
    return keys.key(record(pool));
  }

  /**
   * The write by which a job announces itself.
   *
   * @param now in Unix nanoseconds
   */
  public static Txn.Write use(Keyspace keys, String pool, String job, long now) {
    return keys.put(record(pool), NameRecord.newBuilder().setId(job).setCreatedAt(now).build());
  }

  private static RecordKey record(String pool) {
    return new RecordKey.PoolName(pool, "");
  }
}
