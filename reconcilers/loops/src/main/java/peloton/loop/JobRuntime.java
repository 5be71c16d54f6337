package peloton.loop;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import peloton.admission.PodClass;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.desired.job.EffectivePods;
import peloton.pod.Availabilities;
import peloton.store.view.JobEntry;

/** What the leader knows of a job beyond its records; all of it can be worked out again. */
final class JobRuntime {
  private final JobEntry entry;
  private final BitSet dirty = new BitSet();
  private final BitSet heldRestarts = new BitSet();
  private final Map<Integer, Set<Long>> erased = new HashMap<>();
  private final Map<Long, EffectivePods> specs = new HashMap<>();
  private final Map<PodSpec, PodClass> classes = new IdentityHashMap<>();
  private final Availabilities availabilities = new Availabilities();
  private WorkflowProgress progress;

  JobRuntime(JobEntry entry) {
    this.entry = entry;
  }

  JobEntry entry() {
    return entry;
  }

  String id() {
    return entry.id();
  }

  /** The workflow that is rolling, or null. */
  WorkflowProgress progress() {
    return progress;
  }

  void progress(WorkflowProgress newProgress) {
    progress = newProgress;
  }

  /** What each instance means for the job's bound on unavailable instances. */
  Availabilities availabilities() {
    return availabilities;
  }

  /** Whether the job says how many instances may be unavailable. */
  boolean boundsUnavailable() {
    return entry.complete() && entry.currentSpec().getSla().getMaximumUnavailableInstances() != 0;
  }

  /** How many more instances may be unavailable, from 0 on. */
  int roomForLoss() {
    if (!boundsUnavailable()) {
      return Integer.MAX_VALUE;
    }
    long bound =
        Integer.toUnsignedLong(entry.currentSpec().getSla().getMaximumUnavailableInstances());
    return (int)
        Math.max(0, Math.min(Integer.MAX_VALUE, bound - availabilities.unavailableCount()));
  }

  /** Whether a past run of an instance has not been erased yet; it counts as erased from now on. */
  boolean eraseOnce(int instance, long run) {
    return erased.computeIfAbsent(instance, i -> new HashSet<>()).add(run);
  }

  /**
   * Serving instances whose restart within the bound on unavailable instances was granted: the
   * records that the API looked at may have been older than what is known here, so each waits until
   * there is room.
   */
  BitSet heldRestarts() {
    return heldRestarts;
  }

  /** Whether one of the {@link #heldRestarts} can begin without too many being unavailable. */
  boolean hasRoomForRestart() {
    int others = availabilities.unavailableCount() - heldRestarts.cardinality();
    return !boundsUnavailable()
        || Integer.compareUnsigned(
                others, entry.currentSpec().getSla().getMaximumUnavailableInstances())
            < 0;
  }

  void markDirty(int instance) {
    dirty.set(instance);
  }

  /** Every instance that is wanted or has a record. */
  void markAllDirty() {
    int wanted = entry.complete() ? entry.currentSpec().getInstanceCount() : 0;
    dirty.set(0, Math.max(wanted, entry.pods().bound()));
  }

  boolean isDirty() {
    return !dirty.isEmpty();
  }

  /** The marked instances, ascending; the marks are cleared. */
  PrimitiveIterator.OfInt takeDirty() {
    BitSet taken = (BitSet) dirty.clone();
    dirty.clear();
    return taken.stream().iterator();
  }

  /** The effective pod specs of a version, or null if the version is not kept. */
  EffectivePods specs(long version) {
    JobSpec spec = entry.spec(version);
    if (spec == null) {
      return null;
    }
    if (specs.keySet().removeIf(old -> !entry.specs().containsKey(old))) {
      classes.clear();
    }
    return specs.computeIfAbsent(version, v -> new EffectivePods(spec));
  }

  /** The id of the resource pool that the job is in; all versions are in the same. */
  String pool() {
    return anySpec().getRespoolId().getValue();
  }

  /**
   * What an instance is to its resource pool on a version; if the version is not kept, what it is
   * on the newest.
   */
  PodClass podClass(int instance, long version) {
    if (entry.specs().isEmpty()) {
      // Its deletion was cut short; what is left of it needs nobody's leave.
      return PodClass.of(SlaSpec.getDefaultInstance(), PodSpec.getDefaultInstance());
    }
    long kept = entry.spec(version) == null ? entry.specs().lastKey() : version;
    PodSpec pod = specs(kept).pod(instance);
    return classes.computeIfAbsent(pod, p -> PodClass.of(entry.spec(kept).getSla(), p));
  }

  private JobSpec anySpec() {
    return entry.specs().isEmpty()
        ? JobSpec.getDefaultInstance()
        : entry.specs().lastEntry().getValue().getSpec();
  }
}
