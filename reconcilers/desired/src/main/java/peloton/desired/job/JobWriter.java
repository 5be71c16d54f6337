package peloton.desired.job;

import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobResponse;
import peloton.api.v1alpha.peloton.Peloton.OpaqueData;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.DesiredStore;
import peloton.desired.Violation;
import peloton.desired.pool.PoolTree;
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
  private final JobChanges changes;
  private final InstantSource clock;

  public JobWriter(DesiredStore store, Keyspace keys, InstantSource clock) {
    this.store = store;
    this.changes = new JobChanges(keys);
    this.clock = clock;
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
    if (request.getSecretsCount() > 0) {
      violations.add(
          Violation.invalid(
              "secrets",
              request.getSecretsCount() + " secrets",
              "secrets are not enabled in this cluster"));
    }
    return store.write(records -> changes.create(records, job, request, violations, now()));
  }

  /**
   * Gives a job a new specification and rolls it out.
   *
   * <p>Fails with INVALID_ARGUMENT (id or specification, another pool, a restart in progress),
   * UNIMPLEMENTED, NOT_FOUND, or ABORTED (entity version, or the job is being deleted).
   */
  public CompletableFuture<ReplaceJobResponse> replace(ReplaceJobRequest request) {
    if (!JobId.isValid(request.getJobId().getValue())) {
      return failed(
          INVALID_ARGUMENT,
          "job_id: jobID is not valid UUID: given "
              + Violation.quote(request.getJobId().getValue()));
    }
    try {
      Violation.requireNone(violations(request.getSpec(), request.getOpaqueData()));
    } catch (ApiException invalid) {
      return CompletableFuture.failedFuture(invalid);
    }
    return store.write(records -> changes.replace(records, request, now()));
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

  private static List<Violation> violations(JobSpec spec, OpaqueData opaque) {
    List<Violation> violations = new ArrayList<>(JobSpecValidator.validate(spec));
    int size = opaque.getDataBytes().size();
    if (size > MAX_OPAQUE_BYTES) {
      violations.add(
          Violation.invalid(
              "opaque_data", size + " bytes", "may take at most " + MAX_OPAQUE_BYTES + " bytes"));
    }
    return violations;
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
