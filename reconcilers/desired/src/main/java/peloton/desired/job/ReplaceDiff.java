package peloton.desired.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.records.PodRecord;
import peloton.store.view.JobEntry;

/**
 * What a specification would do to the instances of a job as they are now. Ranges are half-open, in
 * order, as few as can be.
 *
 * @param added instances below the new count that were never launched, or are gone
 * @param removed instances from the new count on
 * @param updated instances whose pod would differ, or that are on their way to another pod
 * @param unchanged instances whose pod may go on running
 */
public record ReplaceDiff(
    List<InstanceIDRange> added,
    List<InstanceIDRange> removed,
    List<InstanceIDRange> updated,
    List<InstanceIDRange> unchanged) {

  public ReplaceDiff {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    updated = List.copyOf(updated);
    unchanged = List.copyOf(unchanged);
  }

  /** Works it out; the specification's instance count must be a valid one. */
  public static ReplaceDiff of(JobEntry job, JobSpec given) {
    List<InstanceIDRange.Builder> added = new ArrayList<>();
    List<InstanceIDRange.Builder> removed = new ArrayList<>();
    List<InstanceIDRange.Builder> updated = new ArrayList<>();
    List<InstanceIDRange.Builder> unchanged = new ArrayList<>();
    int count = given.getInstanceCount();
    Differences differences = new Differences(job, StoredSpec.of(given, 0, 0, 0));
    int bound = Math.max(count, job.pods().bound());
    for (int instance = 0; instance < bound; instance++) {
      PodRecord pod = job.pods().get(instance);
      if (pod == null) {
        if (instance < count) {
          add(added, instance);
        }
      } else if (instance >= count) {
        add(removed, instance);
      } else {
        add(differences.any(instance, pod) ? updated : unchanged, instance);
      }
    }
    return new ReplaceDiff(built(added), built(removed), built(updated), built(unchanged));
  }

  /** Compares pods with what they would become, each version of the job once. */
  private static final class Differences {
    private final JobEntry job;
    private final EffectivePods target;
    private final Map<Long, IntPredicate> byVersion = new HashMap<>();

    Differences(JobEntry job, JobSpec target) {
      this.job = job;
      this.target = new EffectivePods(target);
    }

    boolean any(int instance, PodRecord pod) {
      return pod.getVersion() != pod.getDesiredVersion()
          || pod.getDesiredRun() > pod.getRun()
          || byVersion.computeIfAbsent(pod.getVersion(), this::from).test(instance);
    }

    private IntPredicate from(long version) {
      JobSpec spec = job.spec(version);
      // A version that is not kept cannot be compared; the loops replace such a pod.
      return spec == null
          ? instance -> true
          : EffectivePods.difference(new EffectivePods(spec), target);
    }
  }

  private static void add(List<InstanceIDRange.Builder> ranges, int instance) {
    InstanceIDRange.Builder last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
    if (last != null && last.getTo() == instance) {
      last.setTo(instance + 1);
    } else {
      ranges.add(InstanceIDRange.newBuilder().setFrom(instance).setTo(instance + 1));
    }
  }

  private static List<InstanceIDRange> built(List<InstanceIDRange.Builder> ranges) {
    return ranges.stream().map(InstanceIDRange.Builder::build).toList();
  }
}
