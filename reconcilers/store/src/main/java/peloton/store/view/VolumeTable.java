package peloton.store.view;

import com.google.protobuf.Message;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.records.VolumeGoalRecord;
import peloton.records.VolumeRecord;

/**
 * The records of persistent volumes by id, and by the job that they belong to. One thread writes,
 * any thread reads.
 */
public final class VolumeTable {
  private final NavigableMap<String, VolumeGoalRecord> goals = new ConcurrentSkipListMap<>();
  private final NavigableMap<String, VolumeRecord> volumes = new ConcurrentSkipListMap<>();
  private final Map<String, NavigableSet<String>> byJob = new ConcurrentHashMap<>();

  VolumeTable() {}

  /** What people want of volumes; of most, nothing. */
  public NavigableMap<String, VolumeGoalRecord> goals() {
    return Collections.unmodifiableNavigableMap(goals);
  }

  /** Every volume that there is, or was until lately. */
  public NavigableMap<String, VolumeRecord> volumes() {
    return Collections.unmodifiableNavigableMap(volumes);
  }

  public Optional<VolumeRecord> volume(String id) {
    return Optional.ofNullable(volumes.get(id));
  }

  /** The ids of a job's volumes, ascending; deleted ones, too. */
  public NavigableSet<String> ofJob(String job) {
    return Collections.unmodifiableNavigableSet(byJob.getOrDefault(job, new TreeSet<>()));
  }

  /** Whether a volume is to go, or has gone. */
  public boolean isDoomed(String id) {
    VolumeGoalRecord goal = goals.get(id);
    VolumeRecord volume = volumes.get(id);
    return (goal != null && goal.getGoal() == VolumeState.VOLUME_STATE_DELETED)
        || (volume != null && volume.getState() == VolumeState.VOLUME_STATE_DELETED);
  }

  /** The id of the volume that a pod has and keeps; empty if its next run gets a new one. */
  public Optional<String> of(String job, int instance) {
    if (byJob.isEmpty()) {
      return Optional.empty();
    }
    return ofJob(job).stream().filter(id -> isOf(id, instance) && !isDoomed(id)).findFirst();
  }

  private boolean isOf(String id, int instance) {
    // Whoever writes may have just removed it.
    VolumeRecord volume = volumes.get(id);
    return volume != null && volume.getInstance() == instance;
  }

  /** Takes in a record, or null for none; false if the key is not of this table. */
  boolean apply(RecordKey key, Message value) {
    if (key instanceof RecordKey.VolumeGoal goal) {
      if (value == null) {
        goals.remove(goal.id());
      } else {
        goals.put(goal.id(), (VolumeGoalRecord) value);
      }
    } else if (key instanceof RecordKey.Volume volume) {
      set(volume.id(), (VolumeRecord) value);
    } else {
      return false;
    }
    return true;
  }

  private void set(String id, VolumeRecord value) {
    VolumeRecord before = value == null ? volumes.get(id) : volumes.put(id, value);
    if (value == null) {
      if (before != null) {
        byJob.computeIfPresent(
            before.getJob(),
            (job, ids) -> {
              ids.remove(id);
              return ids.isEmpty() ? null : ids;
            });
        volumes.remove(id);
      }
    } else {
      byJob.computeIfAbsent(value.getJob(), job -> new ConcurrentSkipListSet<>()).add(id);
    }
  }

  /** The record of a key; empty if there is none, or the key is not of this table. */
  Optional<Message> get(RecordKey key) {
    if (key instanceof RecordKey.VolumeGoal goal) {
      return Optional.ofNullable(goals.get(goal.id()));
    } else if (key instanceof RecordKey.Volume volume) {
      return Optional.ofNullable(volumes.get(volume.id()));
    }
    return Optional.empty();
  }

  static boolean holds(RecordKey key) {
    return key instanceof RecordKey.VolumeGoal || key instanceof RecordKey.Volume;
  }

  void forEachKey(Consumer<RecordKey> action) {
    goals.keySet().forEach(id -> action.accept(new RecordKey.VolumeGoal(id)));
    volumes.keySet().forEach(id -> action.accept(new RecordKey.Volume(id)));
  }

  void copyTo(VolumeTable other) {
    other.goals.putAll(goals);
    volumes.forEach(other::set);
  }
}
