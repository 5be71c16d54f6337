package peloton.desired.job;

import static peloton.desired.ApiException.Code.ABORTED;
import static peloton.desired.ApiException.Code.ALREADY_EXISTS;
import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;
import static peloton.desired.ApiException.Code.NOT_FOUND;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobResponse;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.Violation;
import peloton.desired.owner.Ownership;
import peloton.desired.owner.Requester;
import peloton.desired.pool.PoolLocks;
import peloton.desired.pool.PoolTree;
import peloton.records.JobGoalRecord;
import peloton.records.OwnerRecord;
import peloton.records.SecretRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.store.KeyValue;
import peloton.store.Txn;
import peloton.store.view.JobEntry;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * Decides what a request to change a job comes to. Pure: records and time in, a decision out.
 *
 * <p>Every change of a job replaces its goal record and compares it first, so of two changes made
 * on the same reading one is refused or decided anew.
 */
final class JobChanges {
  private final Keyspace keys;
  private final Requester requester;
  private final JobTxns txns;

  JobChanges(Keyspace keys, Requester requester) {
    this.keys = keys;
    this.requester = requester;
    this.txns = new JobTxns(keys, requester);
  }

  /**
   * Creates a job.
   *
   * @param job the job's id, valid
   * @param violations what is wrong with the specification
   * @param secrets the job's secrets, sealed
   * @param now in Unix nanoseconds
   */
  Decision<CreateJobResponse> create(
      Records records,
      String job,
      CreateJobRequest request,
      List<Violation> violations,
      List<SecretRecord> secrets,
      long now) {
    String pool = request.getSpec().getRespoolId().getValue();
    long poolRevision = records.poolRevision(pool);
    Optional<Decision<CreateJobResponse>> refused = refusePool(PoolTree.of(records), pool);
    if (refused.isPresent()) {
      return refused.get();
    }
    Violation.requireNone(violations);
    JobEntry existing = records.job(job);
    if (existing != null) {
      return Decision.refuse(ALREADY_EXISTS, alreadyExists(existing));
    }
    JobSpec spec = StoredSpec.of(request.getSpec(), 1, now, now);
    JobGoalRecord goal =
        JobGoalRecord.newBuilder()
            .setConfigurationVersion(1)
            .setDesiredStateVersion(1)
            .setWorkflowVersion(1)
            .setGoal(JobState.JOB_STATE_RUNNING)
            .setWorkflow(1)
            .setCreatedAt(now)
            .setUpdatedAt(now)
            .setLastConfigurationVersion(1)
            .build();
    goal = txns.signed(goal);
    WorkflowRequestRecord workflow =
        WorkflowRequests.update(goal, 0, updateSpec(request.getCreateSpec()), now)
            .setOpaqueData(request.getOpaqueData().getData())
            .build();
    String goalKey = keys.key(new RecordKey.JobGoal(job));
    List<Txn.Write> writes = new ArrayList<>();
    writes.add(txns.spec(job, spec, 1, now));
    writes.add(keys.put(new RecordKey.WorkflowRequest(job, 1), workflow));
    writes.add(txns.name(spec.getName(), job, now));
    writes.add(PoolLocks.use(keys, pool, job, now));
    for (SecretRecord secret : secrets) {
      writes.add(keys.put(new RecordKey.Secret(job, secret.getId()), secret));
    }
    // Last, so that whoever sees a goal sees what it refers to.
    writes.add(keys.put(new RecordKey.JobGoal(job), goal));
    Txn txn =
        new Txn(
            List.of(
                new Txn.Guard.Absent(goalKey),
                new Txn.Guard.ModRevision(keys.key(new RecordKey.Pool(pool)), poolRevision)),
            writes);
    CreateJobResponse answer =
        CreateJobResponse.newBuilder()
            .setJobId(JobId.toProto(job))
            .setVersion(EntityVersion.FIRST.toProto())
            .build();
    return new Decision.Write<>(txn, goalKey, found -> createdAt(found, now), answer);
  }

  /** Starts every pod of a job that is not running. */
  Decision<EntityVersion> start(Records records, String id, String version, long now) {
    return JobRequests.onJob(
        records,
        id,
        job ->
            JobRequests.onVersion(
                job,
                version,
                () ->
                    PoolClaim.with(
                        keys,
                        records,
                        job,
                        now,
                        claim -> changeGoal(job, JobState.JOB_STATE_RUNNING, claim, now))));
  }

  /** Stops every pod of a job. */
  Decision<EntityVersion> stop(Records records, String id, String version, long now) {
    return JobRequests.onJob(
        records,
        id,
        job ->
            JobRequests.onVersion(
                job,
                version,
                () ->
                    job.workflowActive() && job.workflow().getUpdateSpec().getStartPods()
                        ? Decision.refuse(
                            ABORTED,
                            "job "
                                + id
                                + " is being updated with start_pods, which starts its pods; wait"
                                + " until the update ends, or abort it first")
                        : changeGoal(job, JobState.JOB_STATE_KILLED, PoolClaim.NONE, now)));
  }

  /**
   * Makes the requester, a resource, the owner of a job that belongs to nobody, or to a resource of
   * its name that came before it; or writes down what tokens of an owner are handled. No part of
   * the entity version changes.
   */
  Decision<Boolean> claim(Records records, String id, OwnerRecord owner) {
    return JobRequests.onJob(
        records,
        id,
        job -> {
          if (job.owner().equals(Optional.of(owner))) {
            return new Decision.Answer<>(false);
          }
          boolean free = job.owner().map(held -> Ownership.succeeds(owner, held)).orElse(true);
          Optional<ApiException> refusal =
              free ? Optional.empty() : Ownership.refusal(requester, "job " + id, job.owner());
          return refusal.isPresent()
              ? new Decision.Refuse<>(refusal.get())
              : txns.replaceGoal(job, txns.signed(job.goal()), List.of(), List.of(), true);
        });
  }

  /** Has a job, even one that is being deleted, belong to nobody. */
  Decision<Boolean> disown(Records records, String id) {
    return JobRequests.onAnyJob(
        records,
        id,
        job -> {
          if (job.owner().isEmpty()) {
            return new Decision.Answer<>(false);
          }
          Optional<ApiException> refusal = Ownership.refusal(requester, "job " + id, job.owner());
          return refusal.isPresent()
              ? new Decision.Refuse<>(refusal.get())
              : txns.replaceGoal(
                  job, job.goal().toBuilder().clearOwner().build(), List.of(), List.of(), true);
        });
  }

  /** Asks the loops to look at a job again; says nothing new of it. */
  Decision<RefreshJobResponse> refresh(Records records, String id) {
    return JobRequests.onAnyJob(
        records,
        id,
        job ->
            txns.replaceGoal(
                job,
                job.goal().toBuilder().setRefresh(job.goal().getRefresh() + 1).build(),
                List.of(),
                List.of(),
                RefreshJobResponse.getDefaultInstance()));
  }

  /** Marks a job for deletion; the loops stop its pods and erase its records. */
  Decision<DeleteJobResponse> delete(Records records, DeleteJobRequest request, long now) {
    return JobRequests.onJob(
        records,
        request.getJobId().getValue(),
        job ->
            JobRequests.onVersion(
                job,
                request.getVersion().getValue(),
                () -> {
                  JobState state = job.entry().status().getState();
                  boolean stopped =
                      state == JobState.JOB_STATE_KILLED
                          && job.goal().getGoal() == JobState.JOB_STATE_KILLED;
                  if (!stopped && !request.getForce()) {
                    return Decision.refuse(
                        ABORTED,
                        "job is not stopped: job "
                            + job.id()
                            + " is in state "
                            + state
                            + " with the goal "
                            + job.goal().getGoal()
                            + ", only a job in state JOB_STATE_KILLED may be deleted without"
                            + " force; stop it and wait, or set force to true");
                  }
                  Decision<EntityVersion> change =
                      changeGoal(job, JobState.JOB_STATE_DELETED, PoolClaim.NONE, now);
                  if (!(change instanceof Decision.Write<EntityVersion> write)) {
                    return new Decision.Refuse<>(
                        ((Decision.Refuse<EntityVersion>) change).reason());
                  }
                  return new Decision.Write<>(
                      write.txn(),
                      write.proof(),
                      // The loops may have erased it already.
                      found -> found.isEmpty() || write.made().test(found),
                      DeleteJobResponse.getDefaultInstance());
                }));
  }

  private <T> Optional<Decision<T>> refusePool(PoolTree tree, String pool) {
    if (!tree.contains(pool)) {
      return Optional.of(
          Decision.refuse(
              NOT_FOUND,
              "resource pool not found: spec.respool_id is "
                  + Violation.quote(pool)
                  + ", which is no pool's id; look it up by its path"));
    }
    if (!tree.isLeaf(pool)) {
      return Optional.of(
          Decision.refuse(
              INVALID_ARGUMENT,
              "spec.respool_id: given "
                  + Violation.quote(pool)
                  + " at "
                  + tree.path(pool).orElse("no path")
                  + ", which has child pools; a job runs in a pool without children, such as "
                  + tree.path(tree.children(pool).get(0)).orElse("one of those")));
    }
    return Optional.empty();
  }

  private Decision<EntityVersion> changeGoal(
      JobSnapshot job, JobState state, PoolClaim claim, long now) {
    JobGoalRecord goal =
        job.goal().toBuilder()
            .setGoal(state)
            .setDesiredStateVersion(job.goal().getDesiredStateVersion() + 1)
            .setGoalWorkflow(job.goal().getWorkflow())
            .clearStoppedBelow()
            .setUpdatedAt(now)
            .build();
    return txns.askedGoal(job, goal, claim.guards(), claim.writes(), JobVersions.of(goal));
  }

  private static UpdateSpec updateSpec(CreateSpec create) {
    return UpdateSpec.newBuilder()
        .setBatchSize(create.getBatchSize())
        .setMaxInstanceRetries(create.getMaxInstanceRetries())
        .setMaxTolerableInstanceFailures(create.getMaxTolerableInstanceFailures())
        .setStartPaused(create.getStartPaused())
        .build();
  }

  private static String alreadyExists(JobEntry existing) {
    JobGoalRecord goal = existing.goal();
    boolean deleted = goal == null || goal.getGoal() == JobState.JOB_STATE_DELETED;
    return "job_id: job "
        + existing.id()
        + " already exists"
        + (deleted ? " and is being deleted; try again when that is done" : "");
  }

  /** A job that was created in this moment is the one of this request, whatever it became since. */
  private static boolean createdAt(Optional<KeyValue> found, long now) {
    if (found.isEmpty()) {
      return false;
    }
    try {
      return JobGoalRecord.parseFrom(found.get().value()).getCreatedAt() == now;
    } catch (InvalidProtocolBufferException damaged) {
      throw new ApiException(
          ApiException.Code.INTERNAL, "the record " + found.get().key() + " is damaged", damaged);
    }
  }
}
