package peloton.desired.job;

import static peloton.desired.ApiException.Code.ABORTED;
import static peloton.desired.ApiException.Code.FAILED_PRECONDITION;
import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import peloton.api.ids.EntityVersion;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.peloton.Peloton.OpaqueData;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.LivePods;
import peloton.desired.Violation;
import peloton.desired.owner.Requester;
import peloton.records.JobGoalRecord;
import peloton.records.PodGoalRecord;
import peloton.records.WorkflowCommand;
import peloton.records.WorkflowRequestRecord;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * Decides what becomes of a request that begins, steers or turns a workflow. Pure, as {@link
 * JobChanges} is.
 */
final class WorkflowChanges {
  /** Most pods' goals that growing a job forgets in one write. */
  static final int MOST_FORGOTTEN = 32;

  private final Keyspace keys;
  private final JobTxns txns;

  WorkflowChanges(Keyspace keys, Requester requester) {
    this.keys = keys;
    this.txns = new JobTxns(keys, requester);
  }

  /** Gives a job a new specification, and the workflow that brings it about. */
  Decision<EntityVersion> replace(Records records, ReplaceJobRequest request, long now) {
    return JobRequests.onJob(
        records,
        request.getJobId().getValue(),
        job -> {
          String pool = request.getSpec().getRespoolId().getValue();
          if (!pool.equals(job.spec().getRespoolId().getValue())) {
            return otherPool(job, pool);
          }
          return JobRequests.onVersion(
              job,
              request.getVersion().getValue(),
              () ->
                  ifValid(
                      mounting(job, request.getSpec()),
                      () ->
                          update(
                              records,
                              job,
                              request.getSpec(),
                              request.getUpdateSpec(),
                              request.getOpaqueData().getData(),
                              now)));
        });
  }

  /** Changes what a patch names of a job's specification; nothing if it already is so. */
  Decision<EntityVersion> patch(Records records, PatchJobRequest request, long now) {
    return JobRequests.onJob(
        records,
        request.getJobId().getValue(),
        job -> {
          String pool = request.getSpec().getRespoolId().getValue();
          if (!pool.isEmpty() && !pool.equals(job.spec().getRespoolId().getValue())) {
            return otherPool(job, pool);
          }
          return JobRequests.onVersion(
              job, request.getVersion().getValue(), () -> patch(records, job, request, now));
        });
  }

  private Decision<EntityVersion> patch(
      Records records, JobSnapshot job, PatchJobRequest request, long now) {
    JobSpec patched = SpecPatch.apply(job.spec(), request.getSpec());
    if (StoredSpec.same(job.spec(), patched)) {
      return new Decision.Answer<>(job.version());
    }
    List<Violation> violations = JobSpecValidator.validate(patched);
    return ifValid(
        violations.isEmpty() ? mounting(job, patched) : violations,
        () ->
            update(
                records,
                job,
                patched,
                request.getUpdateSpec(),
                request.getOpaqueData().getData(),
                now));
  }

  /** What a replacement would do to a job's instances. */
  Decision<ReplaceDiff> diff(Records records, GetReplaceJobDiffRequest request) {
    return JobRequests.onJob(
        records,
        request.getJobId().getValue(),
        job -> {
          String pool = request.getSpec().getRespoolId().getValue();
          if (!pool.equals(job.spec().getRespoolId().getValue())) {
            return otherPool(job, pool);
          }
          return JobRequests.onVersion(
              job,
              request.getVersion().getValue(),
              () -> new Decision.Answer<>(ReplaceDiff.of(job.entry(), request.getSpec())));
        });
  }

  /** What keeps the pods of a specification from seeing the secrets that the job has. */
  private static List<Violation> mounting(JobSnapshot job, JobSpec spec) {
    return job.entry().secrets().isEmpty() ? List.of() : JobSecrets.checkContainers(spec);
  }

  private Decision<EntityVersion> update(
      Records records, JobSnapshot job, JobSpec spec, UpdateSpec update, String opaque, long now) {
    if (job.workflowActive() && job.workflow().getType() != WorkflowType.WORKFLOW_TYPE_UPDATE) {
      return Decision.refuse(
          INVALID_ARGUMENT,
          "workflow UPDATE cannot overwrite workflow RESTART: job "
              + job.id()
              + " is being restarted; wait until that ends, or abort it first");
    }
    boolean same =
        job.workflowRolling()
            && job.workflow().getUpdateSpec().equals(WorkflowRequests.known(update))
            && StoredSpec.same(job.spec(), spec);
    if (same) {
      return keepWorkflow(job, opaque, now);
    }
    if (!update.getStartPods()) {
      return begin(job, job.goal(), PoolClaim.NONE, spec, updating(job, update, opaque, now), now);
    }
    if (job.stopped() && LivePods.any(job.entry())) {
      return Decision.refuse(
          ABORTED,
          "update_spec.start_pods: given true for job "
              + job.id()
              + " which is stopped and whose pods have not all ended; try again when its state is"
              + " KILLED");
    }
    return PartialStart.of(
        keys,
        records,
        job,
        now,
        (goal, claim) -> begin(job, goal, claim, spec, updating(job, update, opaque, now), now));
  }

  /** Restarts pods of a job, by the restart of a copy of its specification. */
  Decision<EntityVersion> restart(Records records, RestartJobRequest request, long now) {
    return JobRequests.onJob(
        records,
        request.getJobId().getValue(),
        job ->
            JobRequests.onVersion(
                job, request.getVersion().getValue(), () -> restart(records, job, request, now)));
  }

  private Decision<EntityVersion> restart(
      Records records, JobSnapshot job, RestartJobRequest request, long now) {
    int instances = job.spec().getInstanceCount();
    RestartSpec restart = Restarts.clipped(Restarts.of(request), instances);
    String opaque = request.getOpaqueData().getData();
    if (job.workflowActive()) {
      boolean restarting = job.workflow().getType() == WorkflowType.WORKFLOW_TYPE_RESTART;
      if (restarting && job.workflowRolling() && job.workflow().getRestartSpec().equals(restart)) {
        return keepWorkflow(job, opaque, now);
      }
      return Decision.refuse(
          INVALID_ARGUMENT,
          "workflow RESTART cannot overwrite workflow "
              + (restarting ? "RESTART" : "UPDATE")
              + ": job "
              + job.id()
              + " is being "
              + (restarting ? "restarted in another way" : "updated")
              + "; wait until that ends, or abort it first");
    }
    Restart asked = new Restart(restart, opaque);
    return Restarts.touchesAny(restart, instances)
        ? PartialStart.of(
            keys, records, job, now, (goal, claim) -> restart(job, goal, claim, asked, now))
        : restart(job, job.goal(), PoolClaim.NONE, asked, now);
  }

  private record Restart(RestartSpec spec, String opaque) {}

  private Decision<EntityVersion> restart(
      JobSnapshot job, JobGoalRecord from, PoolClaim claim, Restart asked, long now) {
    return begin(
        job,
        from,
        claim,
        job.spec(),
        goal ->
            WorkflowRequests.restart(goal, from.getConfigurationVersion(), asked.spec(), now)
                .setOpaqueData(asked.opaque())
                .build(),
        now);
  }

  /**
   * Tells the workflow in force to wait, to go on, or to end. The workflow version grows also where
   * there is nothing to tell.
   *
   * @param opaque replaces what the workflow has, if there is something to tell it
   */
  Decision<EntityVersion> steer(
      Records records,
      String id,
      String version,
      WorkflowCommand command,
      Optional<OpaqueData> opaque,
      long now) {
    return JobRequests.onJob(
        records,
        id,
        job ->
            JobRequests.onVersion(
                job,
                version,
                () -> {
                  JobGoalRecord goal =
                      job.goal().toBuilder()
                          .setWorkflowVersion(job.goal().getWorkflowVersion() + 1)
                          .setUpdatedAt(now)
                          .build();
                  List<Txn.Write> writes = new ArrayList<>();
                  if (tells(job, command)) {
                    WorkflowRequestRecord.Builder told =
                        job.workflow().toBuilder().setCommand(command);
                    opaque.ifPresent(data -> told.setOpaqueData(data.getData()));
                    writes.add(request(job.id(), told.build()));
                  }
                  return txns.askedGoal(job, goal, List.of(), writes, JobVersions.of(goal));
                }));
  }

  private static boolean tells(JobSnapshot job, WorkflowCommand command) {
    if (!job.workflowActive()) {
      return false;
    }
    WorkflowCommand before = job.workflow().getCommand();
    return command == WorkflowCommand.WORKFLOW_COMMAND_ABORT || command != before;
  }

  /**
   * Gives a failed update the way back: a copy of the specification that it came from. Done once,
   * however often it is asked for. Neither does a client ask for this, nor does the workflow
   * version grow.
   */
  Decision<Long> rollBack(Records records, String id, long workflow, long now) {
    return JobRequests.onJob(
        records,
        id,
        job -> {
          WorkflowRequestRecord request = job.workflow();
          if (request.getNumber() != workflow) {
            return Decision.refuse(
                ABORTED,
                "workflow "
                    + workflow
                    + " of job "
                    + id
                    + " is not in force any more, workflow "
                    + request.getNumber()
                    + " is");
          }
          if (request.getRollbackVersion() != 0) {
            return new Decision.Answer<>(request.getRollbackVersion());
          }
          if (!job.workflowActive()) {
            return Decision.refuse(ABORTED, "workflow " + workflow + " of job " + id + " is over");
          }
          JobSpec previous = job.entry().spec(request.getPreviousVersion());
          if (request.getType() != WorkflowType.WORKFLOW_TYPE_UPDATE || previous == null) {
            return Decision.refuse(
                FAILED_PRECONDITION,
                "workflow "
                    + workflow
                    + " of job "
                    + id
                    + " has no specification to go back to: it is a creation or a restart, or"
                    + " version "
                    + request.getPreviousVersion()
                    + " is not kept");
          }
          return rollBack(job, previous, now);
        });
  }

  private Decision<Long> rollBack(JobSnapshot job, JobSpec previous, long now) {
    long version = job.goal().getLastConfigurationVersion() + 1;
    JobGoalRecord goal =
        job.goal().toBuilder()
            .setConfigurationVersion(version)
            .setLastConfigurationVersion(version)
            .setUpdatedAt(now)
            .build();
    JobSpec spec = StoredSpec.of(previous, version, job.goal().getCreatedAt(), now);
    List<Txn.Write> writes = new ArrayList<>();
    writes.add(txns.spec(job.id(), spec, version, now));
    writes.add(request(job.id(), job.workflow().toBuilder().setRollbackVersion(version).build()));
    if (!spec.getName().equals(job.spec().getName())) {
      writes.add(txns.name(spec.getName(), job.id(), now));
    }
    return txns.replaceGoal(job, goal, List.of(), writes, version);
  }

  private Decision<EntityVersion> keepWorkflow(JobSnapshot job, String opaque, long now) {
    if (job.workflow().getOpaqueData().equals(opaque)) {
      return new Decision.Answer<>(job.version());
    }
    JobGoalRecord goal =
        job.goal().toBuilder()
            .setWorkflowVersion(job.goal().getWorkflowVersion() + 1)
            .setUpdatedAt(now)
            .build();
    return txns.askedGoal(
        job,
        goal,
        List.of(),
        List.of(request(job.id(), job.workflow().toBuilder().setOpaqueData(opaque).build())),
        JobVersions.of(goal));
  }

  private static Function<JobGoalRecord, WorkflowRequestRecord> updating(
      JobSnapshot job, UpdateSpec update, String opaque, long now) {
    return goal ->
        WorkflowRequests.update(goal, job.goal().getConfigurationVersion(), update, now)
            .setOpaqueData(opaque)
            .build();
  }

  /**
   * Puts a new workflow in force.
   *
   * @param from the goal as it is to be but for the new workflow
   * @param workflow makes the request from the new goal
   */
  private Decision<EntityVersion> begin(
      JobSnapshot job,
      JobGoalRecord from,
      PoolClaim claim,
      JobSpec given,
      Function<JobGoalRecord, WorkflowRequestRecord> workflow,
      long now) {
    long version = from.getLastConfigurationVersion() + 1;
    JobSpec spec = StoredSpec.of(given, version, from.getCreatedAt(), now);
    JobGoalRecord.Builder next =
        from.toBuilder()
            .setConfigurationVersion(version)
            .setLastConfigurationVersion(version)
            .setWorkflowVersion(from.getWorkflowVersion() + 1)
            .setWorkflow(from.getWorkflow() + 1)
            .setUpdatedAt(now);
    int instances = job.spec().getInstanceCount();
    List<Txn.Write> writes = new ArrayList<>(claim.writes());
    if (spec.getInstanceCount() > instances) {
      // What is added has not been stopped, whatever once was in its place.
      next.setStoppedBelow(Math.min(from.getStoppedBelow(), instances));
      forgetGoals(job, instances, spec.getInstanceCount(), writes);
    }
    JobGoalRecord goal = next.build();
    writes.add(txns.spec(job.id(), spec, version, now));
    writes.add(request(job.id(), workflow.apply(goal)));
    if (!spec.getName().equals(job.spec().getName())) {
      writes.add(txns.name(spec.getName(), job.id(), now));
    }
    for (RecordKey key : Retention.superfluous(job.entry(), goal)) {
      writes.add(new Txn.Write.Delete(keys.key(key)));
    }
    return txns.askedGoal(job, goal, claim.guards(), writes, JobVersions.of(goal));
  }

  private void forgetGoals(JobSnapshot job, int from, int to, List<Txn.Write> writes) {
    Map<Integer, PodGoalRecord> left = job.entry().podGoals().subMap(from, to);
    left.entrySet().stream()
        .filter(each -> each.getValue().getDesiredStateVersion() != 0)
        .limit(MOST_FORGOTTEN)
        .forEach(
            each ->
                writes.add(
                    keys.put(
                        new RecordKey.PodGoal(job.id(), each.getKey()),
                        each.getValue().toBuilder()
                            .clearGoal()
                            .clearReason()
                            .clearDesiredRun()
                            .clearDesiredStateVersion()
                            .build())));
  }

  private Txn.Write request(String job, WorkflowRequestRecord workflow) {
    return keys.put(new RecordKey.WorkflowRequest(job, workflow.getNumber()), workflow);
  }

  private static <T> Decision<T> otherPool(JobSnapshot job, String given) {
    return Decision.refuse(
        INVALID_ARGUMENT,
        "spec.respool_id: resource pool identifier is immutable: given "
            + Violation.quote(given)
            + ", the job is in "
            + Violation.quote(job.spec().getRespoolId().getValue()));
  }

  private static <T> Decision<T> ifValid(List<Violation> violations, Supplier<Decision<T>> change) {
    try {
      Violation.requireNone(violations);
    } catch (ApiException invalid) {
      // Not final: what was patched may have changed since.
      return new Decision.Refuse<>(invalid);
    }
    return change.get();
  }
}
