package peloton.desired.pool;

import static peloton.desired.ApiException.Code.ALREADY_EXISTS;
import static peloton.desired.ApiException.Code.FAILED_PRECONDITION;
import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;
import static peloton.desired.ApiException.Code.NOT_FOUND;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolResponse;
import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolResponse;
import peloton.api.v1alpha.respool.RespoolSvc.UpdateResourcePoolResponse;
import peloton.desired.Decision;
import peloton.desired.LivePods;
import peloton.desired.Violation;
import peloton.desired.owner.Ownership;
import peloton.desired.owner.Requester;
import peloton.records.NameRecord;
import peloton.records.OwnerRecord;
import peloton.records.ResourcePoolRecord;
import peloton.store.Txn;
import peloton.store.view.JobEntry;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * Decides what a request to change a resource pool comes to. Pure.
 *
 * <p>Whoever changes what lies directly below a pool writes that pool's record again, so that its
 * revision stands for its children too: two new siblings cannot both take the last of its
 * reservation, and no job can enter it while it gets its first child.
 */
final class PoolChanges {
  private final Keyspace keys;
  private final Requester requester;
  private final ReservedUse reservedUse;

  PoolChanges(Keyspace keys, Requester requester, ReservedUse reservedUse) {
    this.keys = keys;
    this.requester = requester;
    this.reservedUse = reservedUse;
  }

  /**
   * Creates a pool.
   *
   * @param lock the guard on the parent's lock; none below the root, where no jobs are
   * @param now in Unix nanoseconds
   */
  Decision<CreateResourcePoolResponse> create(
      Records records, String id, ResourcePoolSpec given, Optional<Txn.Guard> lock, long now) {
    String parent = given.getParent().getValue();
    long parentRevision = records.poolRevision(parent);
    PoolTree tree = PoolTree.of(records);
    if (tree.contains(id)) {
      return Decision.refuse(
          ALREADY_EXISTS,
          "respool_id: resource pool "
              + id
              + " already exists at "
              + tree.path(id).orElse("no path"));
    }
    if (!tree.contains(parent)) {
      return noParent(parent);
    }
    Optional<String> namesake = namesake(tree, parent, given.getName(), id);
    if (namesake.isPresent()) {
      return Decision.refuse(ALREADY_EXISTS, alreadyExists(tree, namesake.get(), given.getName()));
    }
    Optional<String> job = jobsOf(records, parent).stream().findFirst().map(JobEntry::id);
    if (job.isPresent()) {
      return Decision.refuse(
          INVALID_ARGUMENT,
          "spec.parent: given "
              + Violation.quote(parent)
              + " at "
              + tree.path(parent).orElse("no path")
              + ", which jobs run in, such as "
              + job.get()
              + "; a pool with jobs cannot get child pools");
    }
    Optional<Violation> misfit = misfits(tree, id, given).stream().findFirst();
    if (misfit.isPresent()) {
      return Decision.refuse(INVALID_ARGUMENT, misfit.get().toString());
    }
    ResourcePoolRecord record =
        ResourcePoolRecord.newBuilder()
            .setId(id)
            .setSpec(stored(given, 1, now, now))
            .setCreatedAt(now)
            .setUpdatedAt(now)
            .build();
    if (requester instanceof Requester.Resource resource) {
      record = record.toBuilder().setOwner(resource.owner()).build();
    }
    String key = keys.key(new RecordKey.Pool(id));
    RecordKey.PoolName name = new RecordKey.PoolName(parent, given.getName());
    List<Txn.Guard> guards = new ArrayList<>();
    lock.ifPresent(guards::add);
    guards.add(new Txn.Guard.Absent(key));
    guards.add(new Txn.Guard.Absent(keys.key(name)));
    List<Txn.Write> writes = new ArrayList<>();
    writes.add(keys.put(new RecordKey.Pool(id), record));
    writes.add(keys.put(name, NameRecord.newBuilder().setId(id).setCreatedAt(now).build()));
    touchParent(tree, parent, parentRevision, guards, writes);
    return write(
        key,
        record,
        guards,
        writes,
        CreateResourcePoolResponse.newBuilder()
            .setRespoolId(ResourcePoolID.newBuilder().setValue(id))
            .build());
  }

  /**
   * Gives a pool another specification.
   *
   * @param force whether to leave the amounts unchecked, also what is in use
   */
  Decision<UpdateResourcePoolResponse> update(
      Records records, String id, ResourcePoolSpec given, boolean force, long now) {
    String parent = given.getParent().getValue();
    long revision = records.poolRevision(id);
    long parentRevision = records.poolRevision(parent);
    PoolTree tree = PoolTree.of(records);
    Optional<ResourcePoolRecord> current = tree.pool(id);
    if (current.isEmpty()) {
      return notFound(id);
    }
    Optional<Decision<UpdateResourcePoolResponse>> refusal = refusal(id, current.get());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    ResourcePoolSpec old = current.get().getSpec();
    if (!parent.equals(old.getParent().getValue())) {
      return Decision.refuse(
          INVALID_ARGUMENT,
          "spec.parent: given "
              + Violation.quote(parent)
              + ", but a pool stays below its parent, here "
              + Violation.quote(old.getParent().getValue()));
    }
    Optional<String> namesake = namesake(tree, parent, given.getName(), id);
    if (namesake.isPresent()) {
      return Decision.refuse(
          INVALID_ARGUMENT, "spec.name: " + alreadyExists(tree, namesake.get(), given.getName()));
    }
    Optional<Violation> misfit =
        force
            ? Optional.empty()
            : Stream.concat(
                    misfits(tree, id, given).stream(),
                    PoolSpecValidator.checkChildren(given, specs(tree, tree.children(id))).stream())
                .findFirst();
    if (misfit.isPresent()) {
      return Decision.refuse(INVALID_ARGUMENT, misfit.get().toString());
    }
    Optional<Violation> inUse =
        force
            ? Optional.empty()
            : PoolSpecValidator.checkUse(given, reservedUse.of(records, id)).stream().findFirst();
    if (inUse.isPresent()) {
      return Decision.refuse(FAILED_PRECONDITION, inUse.get().toString());
    }
    ResourcePoolRecord record =
        current.get().toBuilder()
            .setSpec(
                stored(
                    given, old.getRevision().getVersion() + 1, current.get().getCreatedAt(), now))
            .setUpdatedAt(now)
            .build();
    String key = keys.key(new RecordKey.Pool(id));
    List<Txn.Guard> guards = new ArrayList<>();
    guards.add(new Txn.Guard.ModRevision(key, revision));
    List<Txn.Write> writes = new ArrayList<>();
    writes.add(keys.put(new RecordKey.Pool(id), record));
    if (!given.getName().equals(old.getName())) {
      RecordKey.PoolName name = new RecordKey.PoolName(parent, given.getName());
      guards.add(new Txn.Guard.Absent(keys.key(name)));
      writes.add(keys.put(name, NameRecord.newBuilder().setId(id).setCreatedAt(now).build()));
      writes.add(new Txn.Write.Delete(keys.key(new RecordKey.PoolName(parent, old.getName()))));
    }
    touchParent(tree, parent, parentRevision, guards, writes);
    return write(key, record, guards, writes, UpdateResourcePoolResponse.getDefaultInstance());
  }

  /**
   * Deletes a pool.
   *
   * @param lock the guard on the pool's lock
   */
  Decision<DeleteResourcePoolResponse> delete(Records records, String id, Txn.Guard lock) {
    long revision = records.poolRevision(id);
    PoolTree tree = PoolTree.of(records);
    Optional<ResourcePoolRecord> current = tree.pool(id);
    if (current.isEmpty()) {
      return notFound(id);
    }
    Optional<Decision<DeleteResourcePoolResponse>> refusal = refusal(id, current.get());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (!tree.isLeaf(id)) {
      return Decision.refuse(
          INVALID_ARGUMENT,
          "respool_id: resource pool "
              + tree.path(id).orElse(id)
              + " is not a leaf: it has the child pools "
              + String.join(
                  ", ",
                  tree.children(id).stream().map(child -> tree.path(child).orElse(child)).toList())
              + "; delete those first");
    }
    Optional<JobEntry> busy =
        jobsOf(records, id).stream().filter(PoolChanges::usesResources).findFirst();
    if (busy.isPresent()) {
      return Decision.refuse(
          FAILED_PRECONDITION,
          "resource pool "
              + tree.path(id).orElse(id)
              + " is busy: job "
              + busy.get().id()
              + " runs in it; stop its jobs first and wait until their pods have ended");
    }
    ResourcePoolSpec spec = current.get().getSpec();
    String key = keys.key(new RecordKey.Pool(id));
    RecordKey.PoolName name = new RecordKey.PoolName(spec.getParent().getValue(), spec.getName());
    Txn txn =
        new Txn(
            List.of(lock, new Txn.Guard.ModRevision(key, revision)),
            List.of(
                new Txn.Write.Delete(key),
                new Txn.Write.Delete(keys.key(name)),
                new Txn.Write.Delete(PoolLocks.key(keys, id))));
    return new Decision.Write<>(
        txn, key, Optional::isEmpty, DeleteResourcePoolResponse.getDefaultInstance());
  }

  /**
   * Makes the requester, a resource, the owner of a pool that belongs to nobody, or to a resource
   * of its name that came before it.
   */
  Decision<Boolean> claim(Records records, String id, OwnerRecord owner) {
    long revision = records.poolRevision(id);
    ResourcePoolRecord pool = records.pools().get(id);
    if (pool == null) {
      return notFound(id);
    }
    if (pool.hasOwner() && pool.getOwner().equals(owner)) {
      return new Decision.Answer<>(false);
    }
    boolean free = !pool.hasOwner() || Ownership.succeeds(owner, pool.getOwner());
    Optional<Decision<Boolean>> refusal = free ? Optional.empty() : refusal(id, pool);
    return refusal.orElseGet(() -> rewrite(pool.toBuilder().setOwner(owner).build(), revision));
  }

  /** Has a pool belong to nobody. */
  Decision<Boolean> disown(Records records, String id) {
    long revision = records.poolRevision(id);
    ResourcePoolRecord pool = records.pools().get(id);
    if (pool == null) {
      return notFound(id);
    }
    if (!pool.hasOwner()) {
      return new Decision.Answer<>(false);
    }
    Optional<Decision<Boolean>> refusal = refusal(id, pool);
    return refusal.orElseGet(() -> rewrite(pool.toBuilder().clearOwner().build(), revision));
  }

  private Decision<Boolean> rewrite(ResourcePoolRecord pool, long revision) {
    RecordKey.Pool key = new RecordKey.Pool(pool.getId());
    return write(
        keys.key(key),
        pool,
        List.of(new Txn.Guard.ModRevision(keys.key(key), revision)),
        List.of(keys.put(key, pool)),
        true);
  }

  private <T> Optional<Decision<T>> refusal(String id, ResourcePoolRecord pool) {
    return Ownership.refusal(
            requester,
            "resource pool " + id,
            pool.hasOwner() ? Optional.of(pool.getOwner()) : Optional.empty())
        .map(Decision.Refuse::new);
  }

  private static <T> Decision<T> write(
      String key,
      ResourcePoolRecord record,
      List<Txn.Guard> guards,
      List<Txn.Write> writes,
      T answer) {
    ByteString value = record.toByteString();
    return new Decision.Write<>(
        new Txn(guards, writes),
        key,
        found -> found.isPresent() && found.get().value().equals(value),
        answer);
  }

  private void touchParent(
      PoolTree tree, String parent, long revision, List<Txn.Guard> guards, List<Txn.Write> writes) {
    tree.pool(parent)
        .ifPresent(
            record -> {
              RecordKey.Pool key = new RecordKey.Pool(parent);
              guards.add(new Txn.Guard.ModRevision(keys.key(key), revision));
              writes.add(keys.put(key, record));
            });
  }

  /** What the parent and the siblings forbid. The root's capacity is not known here. */
  private static List<Violation> misfits(PoolTree tree, String id, ResourcePoolSpec given) {
    String parent = given.getParent().getValue();
    return tree.pool(parent)
        .map(
            record ->
                PoolSpecValidator.checkParent(
                    given,
                    record.getSpec(),
                    specs(
                        tree,
                        tree.children(parent).stream()
                            .filter(child -> !child.equals(id))
                            .toList())))
        .orElse(List.of());
  }

  private static List<ResourcePoolSpec> specs(PoolTree tree, List<String> ids) {
    return ids.stream()
        .flatMap(child -> tree.pool(child).stream())
        .map(ResourcePoolRecord::getSpec)
        .toList();
  }

  private static Optional<String> namesake(PoolTree tree, String parent, String name, String self) {
    return tree.children(parent).stream()
        .filter(child -> !child.equals(self))
        .filter(
            child -> tree.pool(child).filter(p -> p.getSpec().getName().equals(name)).isPresent())
        .findFirst();
  }

  private static ResourcePoolSpec stored(
      ResourcePoolSpec given, long version, long createdAt, long updatedAt) {
    ResourcePoolSpec.Builder spec = PoolSpecValidator.complete(given).toBuilder();
    spec.getRevisionBuilder()
        .clear()
        .setVersion(version)
        .setCreatedAt(createdAt)
        .setUpdatedAt(updatedAt);
    return spec.build();
  }

  /** The jobs in a pool; those that are being erased count as long as a specification is left. */
  private static List<JobEntry> jobsOf(Records records, String pool) {
    return records.jobs().stream()
        .filter(
            job ->
                job.specs().values().stream()
                    .limit(1)
                    .anyMatch(s -> s.getSpec().getRespoolId().getValue().equals(pool)))
        .toList();
  }

  private static boolean usesResources(JobEntry job) {
    boolean wanted = job.goal() != null && job.goal().getGoal() == JobState.JOB_STATE_RUNNING;
    return wanted || LivePods.any(job);
  }

  private static <T> Decision<T> notFound(String id) {
    return Decision.refuse(
        NOT_FOUND, "respool_id: resource pool " + Violation.quote(id) + " not found");
  }

  private static <T> Decision<T> noParent(String parent) {
    return Decision.refuse(
        INVALID_ARGUMENT,
        "spec.parent: given "
            + Violation.quote(parent)
            + ", which is no pool's id; look the parent up by its path, or give \"root\"");
  }

  private static String alreadyExists(PoolTree tree, String namesake, String name) {
    return "resource pool:"
        + name
        + " already exists at "
        + tree.path(namesake).orElse("no path")
        + " with the id "
        + namesake
        + "; pools below one parent need different names";
  }
}
