package peloton.desired.pool;

import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.Respool.ResourceSpec;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolResponse;
import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolResponse;
import peloton.api.v1alpha.respool.RespoolSvc.UpdateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.UpdateResourcePoolResponse;
import peloton.desired.ApiException;
import peloton.desired.DesiredStore;
import peloton.desired.Violation;
import peloton.desired.owner.Requester;
import peloton.records.ResourcePoolRecord;
import peloton.store.view.Keyspace;

/**
 * The writes of the resource pool API. Requests and answers are the API's own messages; futures
 * fail with {@link ApiException} only, and end when the write can be read back here.
 *
 * <p>Whether the cluster has what the pools below the root reserve is not checked here.
 */
public final class PoolWriter {
  private final DesiredStore store;
  private final Keyspace keys;
  private final Requester requester;
  private final ReservedUse reservedUse;
  private final PoolChanges changes;
  private final InstantSource clock;

  public PoolWriter(
      DesiredStore store, Keyspace keys, InstantSource clock, ReservedUse reservedUse) {
    this.store = store;
    this.keys = keys;
    this.requester = Requester.CLIENT;
    this.reservedUse = reservedUse;
    this.changes = new PoolChanges(keys, requester, reservedUse);
    this.clock = clock;
  }

  private PoolWriter(PoolWriter like, Requester requester) {
    this.store = like.store;
    this.keys = like.keys;
    this.requester = requester;
    this.reservedUse = like.reservedUse;
    this.changes = new PoolChanges(like.keys, requester, like.reservedUse);
    this.clock = like.clock;
  }

  /** Whether a pool's specification is the given one, whatever that leaves out. */
  public static boolean same(ResourcePoolRecord pool, ResourcePoolSpec given) {
    return comparable(pool.getSpec()).equals(comparable(given));
  }

  private static ResourcePoolSpec comparable(ResourcePoolSpec spec) {
    ResourcePoolSpec.Builder complete =
        PoolSpecValidator.complete(spec).toBuilder().clearRevision();
    List<ResourceSpec> sorted =
        complete.getResourcesList().stream()
            .sorted(Comparator.comparing(ResourceSpec::getKind))
            .toList();
    return complete.clearResources().addAllResources(sorted).build();
  }

  /**
   * The writer in the name of another. A pool that a resource creates belongs to it, and writes of
   * what belongs to a resource fail with FAILED_PRECONDITION unless they are its own, or a client's
   * that forces them. Without this call a writer is that of clients which do not.
   */
  public PoolWriter as(Requester other) {
    return new PoolWriter(this, other);
  }

  /**
   * Makes a resource the owner of a pool that belongs to nobody, or to a resource of its name that
   * came before. Answers whether that changed anything. Fails with NOT_FOUND or FAILED_PRECONDITION
   * (it belongs to somebody else, or this is not the writer of a resource).
   */
  public CompletableFuture<Boolean> claim(String pool) {
    return requester instanceof Requester.Resource resource
        ? store.write(records -> changes.claim(records, pool, resource.owner()))
        : CompletableFuture.failedFuture(
            new ApiException(
                ApiException.Code.FAILED_PRECONDITION, "only a resource can own pool " + pool));
  }

  /**
   * Has a pool belong to nobody from now on. Answers whether it belonged to somebody. Fails with
   * NOT_FOUND or FAILED_PRECONDITION (it is not the requester's).
   */
  public CompletableFuture<Boolean> disown(String pool) {
    return store.write(records -> changes.disown(records, pool));
  }

  /**
   * Creates a pool. A request without an id gets a random one.
   *
   * <p>Fails with INVALID_ARGUMENT (id, specification or parent) or ALREADY_EXISTS (the id, or the
   * name below the same parent).
   */
  public CompletableFuture<CreateResourcePoolResponse> create(CreateResourcePoolRequest request) {
    String given = request.getRespoolId().getValue();
    if (given.equals(PoolTree.ROOT)) {
      return failed("respool_id: given \"root\", which exists and cannot be created");
    }
    if (!given.isEmpty() && !JobId.isValid(given)) {
      return failed(
          "respool_id: given "
              + Violation.quote(given)
              + ", which is not a valid UUID; give 36 characters such as"
              + " 5f1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d55, or none to get a random one");
    }
    String id = given.isEmpty() ? UUID.randomUUID().toString() : given;
    Optional<ApiException> invalid = invalid(id, request.hasSpec(), request.getSpec(), false);
    if (invalid.isPresent()) {
      return CompletableFuture.failedFuture(invalid.get());
    }
    ResourcePoolSpec spec = request.getSpec();
    String parent = spec.getParent().getValue();
    return parent.equals(PoolTree.ROOT)
        ? store.write(records -> changes.create(records, id, spec, Optional.empty(), now()))
        : store.writeLocked(
            PoolLocks.key(keys, parent),
            (records, lock) -> changes.create(records, id, spec, Optional.of(lock), now()));
  }

  /**
   * Replaces a pool's specification. Forced, it leaves the amounts unchecked.
   *
   * <p>Fails with INVALID_ARGUMENT (specification, another parent, a name that is taken, child
   * pools that would not fit), FAILED_PRECONDITION (it would reserve less than what pods use that
   * nobody may take from them) or NOT_FOUND.
   */
  public CompletableFuture<UpdateResourcePoolResponse> update(UpdateResourcePoolRequest request) {
    String id = request.getRespoolId().getValue();
    if (id.isEmpty()) {
      return failed("respool_id: none given; name the resource pool to update");
    }
    if (id.equals(PoolTree.ROOT)) {
      return failed("respool_id: given \"root\", which is what the cluster has and not updated");
    }
    Optional<ApiException> invalid =
        invalid(id, request.hasSpec(), request.getSpec(), request.getForce());
    if (invalid.isPresent()) {
      return CompletableFuture.failedFuture(invalid.get());
    }
    return store.write(
        records -> changes.update(records, id, request.getSpec(), request.getForce(), now()));
  }

  /**
   * Deletes a pool. Stopped jobs that lie in it do not hinder; they cannot be started again then.
   *
   * <p>Fails with NOT_FOUND, INVALID_ARGUMENT (the root, or a pool with children) or
   * FAILED_PRECONDITION (a job runs in it).
   */
  public CompletableFuture<DeleteResourcePoolResponse> delete(DeleteResourcePoolRequest request) {
    String id = request.getRespoolId().getValue();
    if (id.equals(PoolTree.ROOT)) {
      return failed("respool_id: given \"root\", which cannot be deleted");
    }
    return store.writeLocked(
        PoolLocks.key(keys, id), (records, lock) -> changes.delete(records, id, lock));
  }

  private static Optional<ApiException> invalid(
      String id, boolean given, ResourcePoolSpec spec, boolean force) {
    if (!given) {
      return Optional.of(
          new ApiException(INVALID_ARGUMENT, "spec: none given; a resource pool needs one"));
    }
    List<Violation> form = PoolSpecValidator.checkForm(spec);
    List<Violation> amounts = force ? List.of() : PoolSpecValidator.checkAmounts(spec);
    try {
      Violation.requireNone(form);
      Violation.requireNone(amounts);
    } catch (ApiException invalid) {
      return Optional.of(invalid);
    }
    String parent = spec.getParent().getValue();
    if (parent.isEmpty()) {
      return Optional.of(
          new ApiException(
              INVALID_ARGUMENT, "spec.parent: none given; name the parent's id, or \"root\""));
    }
    return parent.equals(id)
        ? Optional.of(
            new ApiException(
                INVALID_ARGUMENT,
                "spec.parent: given the pool's own id; a pool cannot be its own parent"))
        : Optional.empty();
  }

  /** Unix nanoseconds. */
  private long now() {
    Instant now = clock.instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }

  private static <T> CompletableFuture<T> failed(String message) {
    return CompletableFuture.failedFuture(new ApiException(INVALID_ARGUMENT, message));
  }
}
