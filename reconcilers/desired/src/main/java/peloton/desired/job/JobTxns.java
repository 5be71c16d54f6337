package peloton.desired.job;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.owner.Ownership;
import peloton.desired.owner.Requester;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.NameRecord;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;

/** The writes that changes of jobs are made of. */
final class JobTxns {
  private final Keyspace keys;
  private final Requester requester;

  JobTxns(Keyspace keys, Requester requester) {
    this.keys = keys;
    this.requester = requester;
  }

  /**
   * As {@link #replaceGoal}, for the requester: refused with FAILED_PRECONDITION if the job belongs
   * to somebody else. A job's owner leaves the tokens that are handled with it.
   */
  <T> Decision<T> askedGoal(
      JobSnapshot job,
      JobGoalRecord goal,
      List<Txn.Guard> guards,
      List<Txn.Write> writes,
      T answer) {
    Optional<ApiException> refusal = Ownership.refusal(requester, "job " + job.id(), job.owner());
    if (refusal.isPresent()) {
      return new Decision.Refuse<>(refusal.get());
    }
    return replaceGoal(job, signed(goal), guards, writes, answer);
  }

  /** The goal with the requester as its owner, if the requester is a resource. */
  JobGoalRecord signed(JobGoalRecord goal) {
    return requester instanceof Requester.Resource resource
        ? goal.toBuilder().setOwner(resource.owner()).build()
        : goal;
  }

  /** A transaction that replaces the goal, and more, if nobody else has replaced it. */
  <T> Decision<T> replaceGoal(
      JobSnapshot job,
      JobGoalRecord goal,
      List<Txn.Guard> guards,
      List<Txn.Write> writes,
      T answer) {
    RecordKey.JobGoal key = new RecordKey.JobGoal(job.id());
    List<Txn.Guard> allGuards = new ArrayList<>(guards);
    allGuards.add(new Txn.Guard.ModRevision(keys.key(key), job.goalRevision()));
    List<Txn.Write> allWrites = new ArrayList<>(writes);
    // Last, so that whoever sees a goal sees what it refers to.
    allWrites.add(keys.put(key, goal));
    ByteString value = goal.toByteString();
    return new Decision.Write<>(
        new Txn(allGuards, allWrites),
        keys.key(key),
        found -> found.isPresent() && found.get().value().equals(value),
        answer);
  }

  /** One version of a specification. */
  Txn.Write spec(String job, JobSpec spec, long version, long now) {
    return keys.put(
        new RecordKey.JobSpec(job, version),
        JobSpecRecord.newBuilder().setVersion(version).setSpec(spec).setCreatedAt(now).build());
  }

  /** That a job has a name from now on. */
  Txn.Write name(String name, String job, long now) {
    return keys.put(
        new RecordKey.JobName(name, now, job),
        NameRecord.newBuilder().setId(job).setCreatedAt(now).build());
  }
}
