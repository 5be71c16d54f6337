package peloton.desired.job;

import static peloton.desired.ApiException.Code.ABORTED;
import static peloton.desired.ApiException.Code.ALREADY_EXISTS;
import static peloton.desired.ApiException.Code.FAILED_PRECONDITION;
import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;
import static peloton.desired.ApiException.Code.NOT_FOUND;
import static peloton.desired.ApiException.Code.UNIMPLEMENTED;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.LivePods;
import peloton.desired.Violation;
import peloton.desired.pool.PoolLocks;
import peloton.desired.pool.PoolTree;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.NameRecord;
import peloton.records.WorkflowCommand;
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

  JobChanges(Keyspace keys) {
    this.keys = keys;
  }

  /**
   * Creates a job.
   *
   * @param job the job's id, valid
   * @param violations what is wrong with the specification
   * @param now in Unix nanoseconds
   */
  Decision<CreateJobResponse> create(
      Records records, String job, CreateJobRequest request, List<Violation> violations, long now) {
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
    WorkflowRequestRecord workflow =
        workflow(goal, 0, updateSpec(request.getCreateSpec()), now)
            .setOpaqueData(request.getOpaqueData().getData())
            .build();
    String goalKey = keys.key(new RecordKey.JobGoal(job));
    Txn txn =
        new Txn(
            List.of(
                new Txn.Guard.Absent(goalKey),
                new Txn.Guard.ModRevision(keys.key(new RecordKey.Pool(pool)), poolRevision)),
            List.of(
                put(job, spec, 1, now),
                keys.put(new RecordKey.WorkflowRequest(job, 1), workflow),
                name(spec.getName(), job, now),
                PoolLocks.use(keys, pool, job, now),
                // Last, so that whoever sees a goal sees what it refers to.
                keys.put(new RecordKey.JobGoal(job), goal)));
    CreateJobResponse answer =
        CreateJobResponse.newBuilder()
            .setJobId(JobId.toProto(job))
            .setVersion(EntityVersion.FIRST.toProto())
            .build();
    return new Decision.Write<>(txn, goalKey, found -> createdAt(found, now), answer);
  }

  /** Gives a job a new specification, and the workflow that brings it about. */
  Decision<ReplaceJobResponse> replace(Records records, ReplaceJobRequest request, long now) {
    return onJob(
        records,
        request.getJobId().getValue(),
        job -> {
          JobSpec spec = request.getSpec();
          if (!spec.getRespoolId().equals(job.spec().getRespoolId())) {
            return Decision.refuse(
                INVALID_ARGUMENT,
                "spec.respool_id: resource pool identifier is immutable: given "
                    + Violation.quote(spec.getRespoolId().getValue())
                    + ", the job is in "
                    + Violation.quote(job.spec().getRespoolId().getValue()));
          }
          return onVersion(job, request.getVersion().getValue(), () -> replace(job, request, now));
        });
  }

  private Decision<ReplaceJobResponse> replace(
      JobSnapshot job, ReplaceJobRequest request, long now) {
    if (job.workflowActive() && job.workflow().getType() != WorkflowType.WORKFLOW_TYPE_UPDATE) {
      return Decision.refuse(
          INVALID_ARGUMENT,
          "workflow UPDATE cannot overwrite workflow RESTART: job "
              + job.id()
              + " is being restarted; wait until that ends, or abort it first");
    }
    if (sameAsRolling(job, request)) {
      return keepWorkflow(job, request.getOpaqueData().getData(), now);
    }
    if (request.getUpdateSpec().getStartPods()
        && job.goal().getGoal() == JobState.JOB_STATE_KILLED) {
      return Decision.refuse(
          LivePods.any(job.entry()) ? ABORTED : UNIMPLEMENTED,
          "update_spec.start_pods: given true for job "
              + job.id()
              + " which is stopped"
              + (LivePods.any(job.entry())
                  ? " and whose pods have not all ended; try again when its state is KILLED"
                  : "; not supported, call StartJob and then ReplaceJob without it"));
    }
    return newWorkflow(job, request, now);
  }

  /** Starts every pod of a job that is not running. */
  Decision<EntityVersion> start(Records records, String id, String version, long now) {
    return onJob(
        records,
        id,
        job ->
            onVersion(
                job,
                version,
                () -> {
                  String pool = job.spec().getRespoolId().getValue();
                  long poolRevision = records.poolRevision(pool);
                  if (poolRevision == 0) {
                    return Decision.refuse(
                        FAILED_PRECONDITION,
                        "spec.respool_id: the resource pool "
                            + Violation.quote(pool)
                            + " of job "
                            + id
                            + " does not exist any more; create it again with the same id, or"
                            + " delete the job");
                  }
                  return changeGoal(
                      job,
                      JobState.JOB_STATE_RUNNING,
                      List.of(
                          new Txn.Guard.ModRevision(
                              keys.key(new RecordKey.Pool(pool)), poolRevision)),
                      List.of(PoolLocks.use(keys, pool, id, now)),
                      now);
                }));
  }

  /** Stops every pod of a job. */
  Decision<EntityVersion> stop(Records records, String id, String version, long now) {
    return onJob(
        records,
        id,
        job ->
            onVersion(
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
                        : changeGoal(job, JobState.JOB_STATE_KILLED, List.of(), List.of(), now)));
  }

  /** Marks a job for deletion; the loops stop its pods and erase its records. */
  Decision<DeleteJobResponse> delete(Records records, DeleteJobRequest request, long now) {
    return onJob(
        records,
        request.getJobId().getValue(),
        job ->
            onVersion(
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
                      changeGoal(job, JobState.JOB_STATE_DELETED, List.of(), List.of(), now);
                  Decision.Write<EntityVersion> write = (Decision.Write<EntityVersion>) change;
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

  private <T> Decision<T> onJob(
      Records records, String id, Function<JobSnapshot, Decision<T>> change) {
    JobEntry entry = records.job(id);
    if (entry == null) {
      return Decision.refuse(NOT_FOUND, "job " + Violation.quote(id) + " not found");
    }
    Optional<JobSnapshot> snapshot = JobSnapshot.of(entry);
    if (snapshot.isEmpty()) {
      return entry.goal() == null
          ? Decision.refuse(NOT_FOUND, "job " + Violation.quote(id) + " not found")
          : JobSnapshot.incomplete(entry);
    }
    if (snapshot.get().deleted()) {
      return Decision.refuse(
          ABORTED, "job " + id + " is being deleted and cannot be changed any more");
    }
    return change.apply(snapshot.get());
  }

  private static <T> Decision<T> onVersion(
      JobSnapshot job, String given, Supplier<Decision<T>> change) {
    String current = job.version().toString();
    if (!given.equals(current)) {
      return Decision.refuse(
          ABORTED,
          "unexpected entity version: version is "
              + Violation.quote(given)
              + ", but job "
              + job.id()
              + " is at "
              + Violation.quote(current)
              + "; read the job, and try again with the version that it has");
    }
    return change.get();
  }

  /** Whether the workflow at work already does what is asked for. */
  private static boolean sameAsRolling(JobSnapshot job, ReplaceJobRequest request) {
    return job.workflowRolling()
        && job.workflow().getType() == WorkflowType.WORKFLOW_TYPE_UPDATE
        && job.workflow().getUpdateSpec().equals(request.getUpdateSpec())
        && StoredSpec.same(job.spec(), request.getSpec());
  }

  private Decision<ReplaceJobResponse> keepWorkflow(JobSnapshot job, String opaque, long now) {
    if (job.workflow().getOpaqueData().equals(opaque)) {
      return new Decision.Answer<>(replaced(job.version()));
    }
    JobGoalRecord goal =
        job.goal().toBuilder()
            .setWorkflowVersion(job.goal().getWorkflowVersion() + 1)
            .setUpdatedAt(now)
            .build();
    return write(
        job,
        goal,
        List.of(),
        List.of(
            keys.put(
                new RecordKey.WorkflowRequest(job.id(), job.goal().getWorkflow()),
                job.workflow().toBuilder().setOpaqueData(opaque).build())),
        replaced(JobVersions.of(goal)));
  }

  private Decision<ReplaceJobResponse> newWorkflow(
      JobSnapshot job, ReplaceJobRequest request, long now) {
    JobGoalRecord old = job.goal();
    long version = old.getLastConfigurationVersion() + 1;
    JobGoalRecord goal =
        old.toBuilder()
            .setConfigurationVersion(version)
            .setLastConfigurationVersion(version)
            .setWorkflowVersion(old.getWorkflowVersion() + 1)
            .setWorkflow(old.getWorkflow() + 1)
            .setUpdatedAt(now)
            .build();
    WorkflowRequestRecord workflow =
        workflow(goal, old.getConfigurationVersion(), request.getUpdateSpec(), now)
            .setOpaqueData(request.getOpaqueData().getData())
            .build();
    JobSpec spec = StoredSpec.of(request.getSpec(), version, old.getCreatedAt(), now);
    List<Txn.Write> writes = new ArrayList<>();
    writes.add(put(job.id(), spec, version, now));
    writes.add(keys.put(new RecordKey.WorkflowRequest(job.id(), goal.getWorkflow()), workflow));
    if (!spec.getName().equals(job.spec().getName())) {
      writes.add(name(spec.getName(), job.id(), now));
    }
    for (RecordKey key : Retention.superfluous(job.entry(), goal)) {
      writes.add(new Txn.Write.Delete(keys.key(key)));
    }
    return write(job, goal, List.of(), writes, replaced(JobVersions.of(goal)));
  }

  private Decision<EntityVersion> changeGoal(
      JobSnapshot job, JobState state, List<Txn.Guard> guards, List<Txn.Write> writes, long now) {
    JobGoalRecord goal =
        job.goal().toBuilder()
            .setGoal(state)
            .setDesiredStateVersion(job.goal().getDesiredStateVersion() + 1)
            .setUpdatedAt(now)
            .build();
    return write(job, goal, guards, writes, JobVersions.of(goal));
  }

  /** A transaction that replaces the goal, and more, if nobody else has replaced it. */
  private <T> Decision<T> write(
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

  private Txn.Write put(String job, JobSpec spec, long version, long now) {
    return keys.put(
        new RecordKey.JobSpec(job, version),
        JobSpecRecord.newBuilder().setVersion(version).setSpec(spec).setCreatedAt(now).build());
  }

  private Txn.Write name(String name, String job, long now) {
    return keys.put(
        new RecordKey.JobName(name, now, job),
        NameRecord.newBuilder().setId(job).setCreatedAt(now).build());
  }

  private static WorkflowRequestRecord.Builder workflow(
      JobGoalRecord goal, long previousVersion, UpdateSpec update, long now) {
    return WorkflowRequestRecord.newBuilder()
        .setNumber(goal.getWorkflow())
        .setType(WorkflowType.WORKFLOW_TYPE_UPDATE)
        .setVersion(goal.getConfigurationVersion())
        .setPreviousVersion(previousVersion)
        .setUpdateSpec(update)
        .setCommand(
            update.getStartPaused()
                ? WorkflowCommand.WORKFLOW_COMMAND_PAUSE
                : WorkflowCommand.WORKFLOW_COMMAND_RUN)
        .setCreatedAt(now)
        .setDesiredStateVersion(goal.getDesiredStateVersion())
        .setWorkflowVersion(goal.getWorkflowVersion());
  }

  private static UpdateSpec updateSpec(CreateSpec create) {
    return UpdateSpec.newBuilder()
        .setBatchSize(create.getBatchSize())
        .setMaxInstanceRetries(create.getMaxInstanceRetries())
        .setMaxTolerableInstanceFailures(create.getMaxTolerableInstanceFailures())
        .setStartPaused(create.getStartPaused())
        .build();
  }

  private static ReplaceJobResponse replaced(EntityVersion version) {
    return ReplaceJobResponse.newBuilder().setVersion(version.toProto()).build();
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
