package peloton.desired.volume;

import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;
import static peloton.desired.ApiException.Code.NOT_FOUND;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeRequest;
import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeResponse;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.DesiredStore;
import peloton.desired.Violation;
import peloton.records.VolumeGoalRecord;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * The writes of the volume API. Futures fail with {@link ApiException} only, and end when the write
 * can be read back here.
 */
public final class VolumeWriter {
  private final DesiredStore store;
  private final Keyspace keys;
  private final InstantSource clock;

  public VolumeWriter(DesiredStore store, Keyspace keys, InstantSource clock) {
    this.store = store;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Wants a volume to be deleted, with all that is in it. That happens once no task uses it: the
   * pod's task is not ended for it, and the next one gets a new volume. Asking again changes
   * nothing.
   *
   * <p>Fails with INVALID_ARGUMENT (no id) or NOT_FOUND.
   */
  public CompletableFuture<DeleteVolumeResponse> delete(DeleteVolumeRequest request) {
    String id = request.getVolumeId().getValue();
    if (id.isEmpty()) {
      return CompletableFuture.failedFuture(
          new ApiException(
              INVALID_ARGUMENT, "volume_id: given none; ListVolumes names the volumes of a job"));
    }
    long now = now();
    return store.write(records -> decide(records, id, now));
  }

  private Decision<DeleteVolumeResponse> decide(Records records, String id, long now) {
    DeleteVolumeResponse done = DeleteVolumeResponse.getDefaultInstance();
    if (records.volumes().volume(id).isEmpty()) {
      return Decision.refuse(
          NOT_FOUND,
          "volume_id: there is no volume "
              + Violation.quote(id)
              + "; ListVolumes names the volumes of a job");
    }
    if (records.volumes().isDoomed(id)) {
      return new Decision.Answer<>(done);
    }
    RecordKey.VolumeGoal key = new RecordKey.VolumeGoal(id);
    VolumeGoalRecord goal =
        VolumeGoalRecord.newBuilder()
            .setGoal(VolumeState.VOLUME_STATE_DELETED)
            .setUpdatedAt(now)
            .build();
    ByteString value = goal.toByteString();
    return new Decision.Write<>(
        new Txn(List.of(new Txn.Guard.Absent(keys.key(key))), List.of(keys.put(key, goal))),
        keys.key(key),
        found -> found.filter(entry -> entry.value().equals(value)).isPresent(),
        done);
  }

  /** Unix nanoseconds. */
  private long now() {
    Instant now = clock.instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }
}
