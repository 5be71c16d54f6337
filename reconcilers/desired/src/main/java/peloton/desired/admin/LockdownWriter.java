package peloton.desired.admin;

import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.admin.svc.AdminSvc.LockdownRequest;
import peloton.api.v1alpha.admin.svc.AdminSvc.LockdownResponse;
import peloton.api.v1alpha.admin.svc.AdminSvc.RemoveLockdownRequest;
import peloton.api.v1alpha.admin.svc.AdminSvc.RemoveLockdownResponse;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.DesiredStore;
import peloton.records.LockdownRecord;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * The writes of the admin API. Requests and answers are the API's own messages; futures fail with
 * {@link ApiException} only, and end when the write can be read back here. All components of a
 * request are locked, or freed, together; doing it twice changes nothing.
 *
 * <p>Fails with INVALID_ARGUMENT for a component that this version does not know.
 */
public final class LockdownWriter {
  private final DesiredStore store;
  private final Keyspace keys;
  private final InstantSource clock;

  public LockdownWriter(DesiredStore store, Keyspace keys, InstantSource clock) {
    this.store = store;
    this.keys = keys;
    this.clock = clock;
  }

  /** Locks components down. */
  public CompletableFuture<LockdownResponse> lock(LockdownRequest request) {
    List<Component> given = request.getComponentsList();
    return change(given, request.getComponentsValueList(), true)
        .thenApply(done -> LockdownResponse.newBuilder().addAllSuccesses(given).build());
  }

  /** Frees components. */
  public CompletableFuture<RemoveLockdownResponse> free(RemoveLockdownRequest request) {
    List<Component> given = request.getComponentsList();
    return change(given, request.getComponentsValueList(), false)
        .thenApply(done -> RemoveLockdownResponse.newBuilder().addAllSuccesses(given).build());
  }

  private CompletableFuture<Boolean> change(
      List<Component> components, List<Integer> numbers, boolean lock) {
    int unknown = components.indexOf(Component.UNRECOGNIZED);
    if (unknown >= 0) {
      return CompletableFuture.failedFuture(
          new ApiException(
              INVALID_ARGUMENT,
              "components: given "
                  + numbers.get(unknown)
                  + ", which names no component; allowed: GoalStateEngine (0), Read (1), Write (2),"
                  + " Kill (3), Launch (4)"));
    }
    long now = now();
    return store.writeLocked(
        keys.key(new RecordKey.Lockdown()),
        (records, guard) -> decide(records, guard, components, lock, now));
  }

  private Decision<Boolean> decide(
      Records records, Txn.Guard guard, List<Component> components, boolean lock, long now) {
    Set<Component> before = Lockdowns.of(records);
    Set<Component> after = new TreeSet<>(before);
    if (lock) {
      after.addAll(components);
    } else {
      components.forEach(after::remove);
    }
    if (after.equals(before)) {
      return new Decision.Answer<>(false);
    }
    RecordKey.Lockdown key = new RecordKey.Lockdown();
    LockdownRecord record =
        LockdownRecord.newBuilder().addAllComponents(after).setUpdatedAt(now).build();
    ByteString value = record.toByteString();
    return new Decision.Write<>(
        new Txn(List.of(guard), List.of(keys.put(key, record))),
        keys.key(key),
        found -> found.filter(entry -> entry.value().equals(value)).isPresent(),
        true);
  }

  /** Unix nanoseconds. */
  private long now() {
    Instant now = clock.instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }
}
