package peloton.desired.job;

import java.util.HashMap;
import java.util.Map;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.desired.LivePods;
import peloton.records.PodRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/** What pods with tasks use of a resource pool without being preemptible. */
public final class NonPreemptiblePods {
  private NonPreemptiblePods() {}

  /** The sums by kind: {@code cpu}, {@code memory}, {@code disk} and {@code gpu}. */
  public static Map<String, Double> use(Records records, String pool) {
    Map<String, Double> sums = new HashMap<>();
    for (JobEntry job : records.jobs()) {
      if (!job.specs().isEmpty()
          && job.specs().lastEntry().getValue().getSpec().getRespoolId().getValue().equals(pool)) {
        add(job, sums);
      }
    }
    return sums;
  }

  private static void add(JobEntry job, Map<String, Double> sums) {
    Map<Long, EffectivePods> byVersion = new HashMap<>();
    for (int instance = 0; instance < job.pods().bound(); instance++) {
      PodRecord pod = job.pods().get(instance);
      JobSpec spec = pod == null ? null : job.spec(pod.getVersion());
      if (spec == null
          || spec.getSla().getPreemptible()
          || spec.getSla().getRevocable()
          || !LivePods.isLive(pod.getState())
          || pod.getAgentId().isEmpty()) {
        continue;
      }
      EffectivePods pods =
          byVersion.computeIfAbsent(pod.getVersion(), version -> new EffectivePods(spec));
      for (ContainerSpec container : pods.pod(instance).getContainersList()) {
        sums.merge("cpu", container.getResource().getCpuLimit(), Double::sum);
        sums.merge("memory", container.getResource().getMemLimitMb(), Double::sum);
        sums.merge("disk", container.getResource().getDiskLimitMb(), Double::sum);
        sums.merge("gpu", container.getResource().getGpuLimit(), Double::sum);
      }
    }
  }
}
