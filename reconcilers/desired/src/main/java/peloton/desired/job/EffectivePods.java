package peloton.desired.job;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;

/**
 * The pods of one job specification, each kind worked out once: the many instances that only follow
 * the default share one object. Immutable; any thread may read it.
 */
public final class EffectivePods {
  private final PodSpec common;
  private final Map<Integer, PodSpec> special;

  public EffectivePods(JobSpec job) {
    this.common = EffectivePodSpec.withSla(job, EffectivePodSpec.merged(job, null));
    Map<Integer, PodSpec> own = new HashMap<>();
    job.getInstanceSpecMap()
        .forEach(
            (instance, spec) ->
                own.put(
                    instance, EffectivePodSpec.withSla(job, EffectivePodSpec.merged(job, spec))));
    this.special = Map.copyOf(own);
  }

  /** The pod of one instance; its name is not set. */
  public PodSpec pod(int instance) {
    return special.getOrDefault(instance, common);
  }

  /** The pod of every instance that says nothing for itself. */
  public PodSpec common() {
    return common;
  }

  /** The instances that say something for themselves; may name more than the job has. */
  public Set<Integer> special() {
    return special.keySet();
  }

  /**
   * For which instances a pod of one specification is not a pod of the other, see {@link
   * EffectivePodSpec#samePod}. Instances that follow the default on both sides cost nothing.
   */
  public static IntPredicate difference(EffectivePods from, EffectivePods to) {
    boolean commonDiffers = !EffectivePodSpec.samePod(from.common, to.common);
    Set<Integer> special = new HashSet<>(from.special.keySet());
    special.addAll(to.special.keySet());
    Set<Integer> differing = new HashSet<>();
    for (int instance : special) {
      if (!EffectivePodSpec.samePod(from.pod(instance), to.pod(instance))) {
        differing.add(instance);
      }
    }
    return instance -> special.contains(instance) ? differing.contains(instance) : commonDiffers;
  }
}
