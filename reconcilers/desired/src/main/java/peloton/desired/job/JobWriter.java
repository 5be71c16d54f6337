package peloton.desired.job;

import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobResponse;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.peloton.Peloton.OpaqueData;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.DesiredStore;
import peloton.desired.Violation;
import peloton.desired.owner.Requester;
import peloton.desired.pool.PoolTree;
import peloton.desired.secret.SecretBox;
import peloton.records.SecretRecord;
import peloton.records.WorkflowCommand;
import peloton.store.view.Keyspace;
import peloton.store.view.Records;

/**
 * The writes of the job API. Requests and answers are the API's own messages; futures fail with
 * {@link ApiException} only, and end when the write can be read back here.
 */
public final class JobWriter {
  /** Largest opaque data of a workflow, in bytes of UTF-8. */
  public static final int MAX_OPAQUE_BYTES = 256 * 1024;

  private final DesiredStore store;
  private final Keyspace keys;
  private final Requester requester;
  private final JobChanges changes;
  private final WorkflowChanges workflows;
  private final SecretChanges sealing;
  private final InstantSource clock;
  private final Optional<SecretBox> secrets;

  /** A writer in a cluster that keeps no secrets. */
  public JobWriter(DesiredStore store, Keyspace keys, InstantSource clock) {
    this(store, keys, clock, Optional.empty());
  }

  /**
   * @param secrets seals the secrets of jobs; without it a job that brings some is refused
   */
  public JobWriter(
      DesiredStore store, Keyspace keys, InstantSource clock, Optional<SecretBox> secrets) {
    this(store, keys, clock, secrets, Requester.CLIENT);
  }

  private JobWriter(
      DesiredStore store,
      Keyspace keys,
      InstantSource clock,
      Optional<SecretBox> secrets,
      Requester requester) {
    this.store = store;
    this.keys = keys;
    this.requester = requester;
    this.changes = new JobChanges(keys, requester);
    this.workflows = new WorkflowChanges(keys, requester);
    this.sealing = new SecretChanges(keys, secrets);
    this.clock = clock;
    this.secrets = secrets;
  }

  /**
   * The writer in the name of another. A job that a resource creates belongs to it, and writes of
   * what belongs to a resource fail with FAILED_PRECONDITION unless they are its own, or a client's
   * that forces them. Without this call a writer is that of clients which do not.
   */
  public JobWriter as(Requester other) {
    return new JobWriter(store, keys, clock, secrets, other);
  }

  /**
   * Makes a resource the owner of a job that belongs to nobody, or to a resource of its name that
   * came before; of its own job, writes down which tokens are handled. Answers whether that changed
   * anything.
   *
   * <p>Fails with NOT_FOUND, ABORTED (the job is being deleted) or FAILED_PRECONDITION (it belongs
   * to somebody else, or this is not the writer of a resource).
   */
  public CompletableFuture<Boolean> claim(String job) {
    return requester instanceof Requester.Resource resource
        ? store.write(records -> changes.claim(records, job, resource.owner()))
        : failed(ApiException.Code.FAILED_PRECONDITION, "only a resource can own job " + job);
  }

  /**
   * Has a job belong to nobody from now on. Answers whether it belonged to somebody. Fails with
   * NOT_FOUND or FAILED_PRECONDITION (it is not the requester's).
   */
  public CompletableFuture<Boolean> disown(String job) {
    return store.write(records -> changes.disown(records, job));
  }

  /**
   * Creates a job and the workflow that brings up its pods. A request without an id gets a random
   * one.
   *
   * <p>Fails with INVALID_ARGUMENT (id, pool or specification), UNIMPLEMENTED (what the
   * specification asks for is not served), NOT_FOUND (pool) or ALREADY_EXISTS.
   */
  public CompletableFuture<CreateJobResponse> create(CreateJobRequest request) {
    String given = request.getJobId().getValue();
    String pool = request.getSpec().getRespoolId().getValue();
    if (!given.isEmpty() && !JobId.isValid(given)) {
      return failed(
          INVALID_ARGUMENT,
          "job_id: jobID is not valid UUID: given "
              + Violation.quote(given)
              + "; give 36 characters such as 5f1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d55, or none to get"
              + " a random one");
    }
    if (pool.isEmpty()) {
      return failed(
          INVALID_ARGUMENT,
          "spec.respool_id: resource pool ID is null; name the pool that the job runs in");
    }
    if (pool.equals(PoolTree.ROOT)) {
      return failed(
          INVALID_ARGUMENT,
          "spec.respool_id: given \"root\"; a job runs in a pool without children, never in the"
              + " root");
    }
    String job = given.isEmpty() ? JobId.random() : given;
    List<Violation> violations = violations(request.getSpec(), request.getOpaqueData());
    if (violations.isEmpty()) {
      violations.addAll(JobSecrets.validate(request, secrets.isPresent()));
    }
    List<SecretRecord> sealed = violations.isEmpty() ? sealed(job, request) : List.of();
    return store.write(records -> changes.create(records, job, request, violations, sealed, now()));
  }

  private List<SecretRecord> sealed(String job, CreateJobRequest request) {
    return secrets
        .map(box -> JobSecrets.sealed(box, job, request.getSecretsList(), now()))
        .orElse(List.of());
  }

  /**
   * Gives a job a new specification and rolls it out. The secrets of the request are ignored: those
   * of the job stay.
   *
   * <p>An update that is at work and does the same already goes on, with the opaque data of this
   * request. One that does something else is superseded. With {@code start_pods}, instances that
   * the update adds or changes are started; of a stopped job, the others stay stopped.
   *
   * <p>Fails with INVALID_ARGUMENT (id or specification, another pool, a restart in progress),
   * UNIMPLEMENTED, NOT_FOUND, ABORTED (entity version, the job is being deleted, or {@code
   * start_pods} while pods are being stopped) or FAILED_PRECONDITION ({@code start_pods}, and the
   * pool is gone).
   */
  public CompletableFuture<ReplaceJobResponse> replace(ReplaceJobRequest request) {
    return checked(
            request.getJobId(),
            () -> violations(request.getSpec(), request.getOpaqueData()),
            records -> workflows.replace(records, request, now()))
        .thenApply(
            version -> ReplaceJobResponse.newBuilder().setVersion(version.toProto()).build());
  }

  /**
   * Changes what the request's specification names of a job's, by the rules of {@link SpecPatch},
   * and rolls that out as {@link #replace} does. Where that changes nothing no workflow begins, and
   * the answer is the job's version as it is.
   *
   * <p>Fails as {@link #replace} does; INVALID_ARGUMENT also for secrets, which are only given with
   * a new job.
   */
  public CompletableFuture<PatchJobResponse> patch(PatchJobRequest request) {
    return checked(
            request.getJobId(),
            () -> {
              List<Violation> violations = new ArrayList<>(tooLarge(request.getOpaqueData()));
              if (request.getSecretsCount() > 0) {
                violations.add(
                    Violation.invalid(
                        "secrets",
                        request.getSecretsCount() + " secrets",
                        "secrets are given when a job is created, and cannot be patched"));
              }
              return violations;
            },
            records -> workflows.patch(records, request, now()))
        .thenApply(version -> PatchJobResponse.newBuilder().setVersion(version.toProto()).build());
  }

  /**
   * What {@link #replace} with this specification would do, by the records as they are now. Nothing
   * is written. Fails with INVALID_ARGUMENT (id or specification, another pool), UNIMPLEMENTED,
   * NOT_FOUND or ABORTED (entity version, or the job is being deleted).
   */
  public CompletableFuture<GetReplaceJobDiffResponse> diff(GetReplaceJobDiffRequest request) {
    return checked(
            request.getJobId(),
            () -> JobSpecValidator.validate(request.getSpec()),
            records -> workflows.diff(records, request))
        .thenApply(
            diff ->
                GetReplaceJobDiffResponse.newBuilder()
                    .addAllInstancesAdded(diff.added())
                    .addAllInstancesRemoved(diff.removed())
                    .addAllInstancesUpdated(diff.updated())
                    .addAllInstancesUnchanged(diff.unchanged())
                    .build());
  }

  /**
   * Restarts the instances of the ranges, all without ranges, and starts those that are stopped;
   * the job's goal becomes RUNNING. Ranges are cut to the job's instances; where nothing is left
   * the restart succeeds and restarts nothing. The restart that is at work already goes on if it is
   * the same one, with the opaque data of this request.
   *
   * <p>Fails with INVALID_ARGUMENT (a range that ends before it begins, or another workflow is at
   * work), NOT_FOUND, ABORTED (entity version, or the job is being deleted) or FAILED_PRECONDITION
   * (the job is stopped and its pool is gone).
   */
  public CompletableFuture<RestartJobResponse> restart(RestartJobRequest request) {
    List<Violation> violations = new ArrayList<>(tooLarge(request.getOpaqueData()));
    violations.addAll(Restarts.validate(request));
    return valid(violations, () -> store.write(r -> workflows.restart(r, request, now())))
        .thenApply(
            version -> RestartJobResponse.newBuilder().setVersion(version.toProto()).build());
  }

  /**
   * Lets the job's workflow begin no further instances. Of a workflow that is paused or over only
   * the workflow version grows. Fails with NOT_FOUND, ABORTED (entity version, or the job is being
   * deleted) or INVALID_ARGUMENT (opaque data too large).
   */
  public CompletableFuture<PauseJobWorkflowResponse> pauseWorkflow(
      PauseJobWorkflowRequest request) {
    return steer(
            request.getJobId(),
            request.getVersion().getValue(),
            WorkflowCommand.WORKFLOW_COMMAND_PAUSE,
            request.hasOpaqueData() ? Optional.of(request.getOpaqueData()) : Optional.empty())
        .thenApply(version -> PauseJobWorkflowResponse.newBuilder().setVersion(version).build());
  }

  /**
   * Lets a paused workflow go on. Of one that is not paused only the workflow version grows. Fails
   * as {@link #pauseWorkflow} does.
   */
  public CompletableFuture<ResumeJobWorkflowResponse> resumeWorkflow(
      ResumeJobWorkflowRequest request) {
    return steer(
            request.getJobId(),
            request.getVersion().getValue(),
            WorkflowCommand.WORKFLOW_COMMAND_RUN,
            request.hasOpaqueData() ? Optional.of(request.getOpaqueData()) : Optional.empty())
        .thenApply(version -> ResumeJobWorkflowResponse.newBuilder().setVersion(version).build());
  }

  /**
   * Ends the job's workflow and leaves the pods as they are. Of one that is over only the workflow
   * version grows. Fails as {@link #pauseWorkflow} does.
   */
  public CompletableFuture<AbortJobWorkflowResponse> abortWorkflow(
      AbortJobWorkflowRequest request) {
    return steer(
            request.getJobId(),
            request.getVersion().getValue(),
            WorkflowCommand.WORKFLOW_COMMAND_ABORT,
            request.hasOpaqueData() ? Optional.of(request.getOpaqueData()) : Optional.empty())
        .thenApply(version -> AbortJobWorkflowResponse.newBuilder().setVersion(version).build());
  }

  /**
   * Gives a failed update its way back: a copy of the specification that it came from becomes the
   * job's, in the same workflow. For the loops, who ask when an update with {@code
   * rollback_on_failure} fails; to ask again changes nothing.
   *
   * <p>Answers with the configuration version of the copy. Fails with NOT_FOUND, ABORTED (the
   * workflow is not in force any more or is over, or the job is being deleted) or
   * FAILED_PRECONDITION (it is no update, or the specification is not kept).
   *
   * @param workflow the number of the workflow
   */
  public CompletableFuture<Long> rollBack(String job, long workflow) {
    return store.write(records -> workflows.rollBack(records, job, workflow, now()));
  }

  /** Has the loops look at a job again. Fails with NOT_FOUND. */
  public CompletableFuture<RefreshJobResponse> refresh(RefreshJobRequest request) {
    return store.write(records -> changes.refresh(records, request.getJobId().getValue()));
  }

  /**
   * Sets a job's goal to RUNNING; pods that run go on. Fails with NOT_FOUND, ABORTED (entity
   * version, or the job is being deleted) or FAILED_PRECONDITION (its pool is gone).
   */
  public CompletableFuture<StartJobResponse> start(StartJobRequest request) {
    return changeState(
        records ->
            changes.start(
                records, request.getJobId().getValue(), request.getVersion().getValue(), now()),
        version -> StartJobResponse.newBuilder().setVersion(version.toProto()).build());
  }

  /**
   * Sets a job's goal to KILLED. Fails with NOT_FOUND or ABORTED (entity version, the job is being
   * deleted, or an update is at work that starts pods).
   */
  public CompletableFuture<StopJobResponse> stop(StopJobRequest request) {
    return changeState(
        records ->
            changes.stop(
                records, request.getJobId().getValue(), request.getVersion().getValue(), now()),
        version -> StopJobResponse.newBuilder().setVersion(version.toProto()).build());
  }

  /**
   * Sets a job's goal to DELETED; it is gone when its pods have ended. Fails with NOT_FOUND or
   * ABORTED (entity version, being deleted already, or not stopped and not forced).
   */
  public CompletableFuture<DeleteJobResponse> delete(DeleteJobRequest request) {
    return store.write(records -> changes.delete(records, request, now()));
  }

  private <T> CompletableFuture<T> changeState(
      Function<Records, Decision<EntityVersion>> decide, Function<EntityVersion, T> answer) {
    return store.write(decide).thenApply(answer);
  }

  /**
   * Seals a job's secrets with the key that seals from now on, so that the keys before it can go.
   * Pods notice nothing. Answers with the number of secrets that were sealed anew.
   *
   * <p>Fails with NOT_FOUND, ABORTED (the job is being deleted) or FAILED_PRECONDITION (a secret
   * cannot be opened, or no key is configured).
   */
  public CompletableFuture<Integer> resealSecrets(String job) {
    return store.write(records -> sealing.reseal(records, job));
  }

  private CompletableFuture<Peloton.EntityVersion> steer(
      Peloton.JobID job, String version, WorkflowCommand command, Optional<OpaqueData> opaque) {
    return valid(
            tooLarge(opaque.orElse(OpaqueData.getDefaultInstance())),
            () ->
                store.write(
                    records ->
                        workflows.steer(records, job.getValue(), version, command, opaque, now())))
        .thenApply(EntityVersion::toProto);
  }

  /** Serves a request whose job id must be a UUID and with which nothing may be wrong. */
  private <T> CompletableFuture<T> checked(
      Peloton.JobID job,
      Supplier<List<Violation>> violations,
      Function<Records, Decision<T>> decide) {
    if (!JobId.isValid(job.getValue())) {
      return failed(
          INVALID_ARGUMENT,
          "job_id: jobID is not valid UUID: given " + Violation.quote(job.getValue()));
    }
    return valid(violations.get(), () -> store.write(decide));
  }

  private static <T> CompletableFuture<T> valid(
      List<Violation> violations, Supplier<CompletableFuture<T>> request) {
    try {
      Violation.requireNone(violations);
    } catch (ApiException invalid) {
      return CompletableFuture.failedFuture(invalid);
    }
    return request.get();
  }

  private static List<Violation> violations(JobSpec spec, OpaqueData opaque) {
    List<Violation> violations = new ArrayList<>(JobSpecValidator.validate(spec));
    violations.addAll(tooLarge(opaque));
    return violations;
  }

  private static List<Violation> tooLarge(OpaqueData opaque) {
    int size = opaque.getDataBytes().size();
    return size <= MAX_OPAQUE_BYTES
        ? List.of()
        : List.of(
            Violation.invalid(
                "opaque_data", size + " bytes", "may take at most " + MAX_OPAQUE_BYTES + " bytes"));
  }

  /** Unix nanoseconds. */
  private long now() {
    Instant now = clock.instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }

  private static <T> CompletableFuture<T> failed(ApiException.Code code, String message) {
    return CompletableFuture.failedFuture(new ApiException(code, message));
  }
}
