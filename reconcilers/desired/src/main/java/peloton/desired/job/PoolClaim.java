package peloton.desired.job;

import static peloton.desired.ApiException.Code.FAILED_PRECONDITION;

import java.util.List;
import java.util.function.Function;
import peloton.desired.Decision;
import peloton.desired.Violation;
import peloton.desired.pool.PoolLocks;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * That a job which begins to run has its resource pool, and that the pool does not go meanwhile.
 *
 * @param guards what must hold
 * @param writes what tells those who would remove the pool
 */
public record PoolClaim(List<Txn.Guard> guards, List<Txn.Write> writes) {
  /** Nothing to claim: the job runs, so its pool is there. */
  static final PoolClaim NONE = new PoolClaim(List.of(), List.of());

  public PoolClaim {
    guards = List.copyOf(guards);
    writes = List.copyOf(writes);
  }

  /** Goes on with the claim, or refuses with FAILED_PRECONDITION if the pool is gone. */
  static <T> Decision<T> with(
      Keyspace keys,
      Records records,
      JobSnapshot job,
      long now,
      Function<PoolClaim, Decision<T>> change) {
    String pool = job.spec().getRespoolId().getValue();
    long revision = records.poolRevision(pool);
    if (revision == 0) {
      return Decision.refuse(
          FAILED_PRECONDITION,
          "spec.respool_id: the resource pool "
              + Violation.quote(pool)
              + " of job "
              + job.id()
              + " does not exist any more; create it again with the same id, or delete the job");
    }
    return change.apply(
        new PoolClaim(
            List.of(new Txn.Guard.ModRevision(keys.key(new RecordKey.Pool(pool)), revision)),
            List.of(PoolLocks.use(keys, pool, job.id(), now))));
  }
}
