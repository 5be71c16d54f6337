package peloton.operator.read;

import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.peloton.Peloton.Revision;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.desired.job.EffectivePodSpec;
import peloton.records.JobSpecRecord;

/**
 * Specs as the API shows them: what a container runs is said in both of its forms, Mesos' own
 * messages and Peloton's, whichever one the client wrote. A stored spec never changes, so what is
 * shown of it is worked out once.
 */
public final class SpecReader {
  private final IdentityCache<JobSpecRecord, JobSpec> jobs = new IdentityCache<>(SpecReader::shown);
  private final IdentityCache<JobSpec, PodSpec> commonPods =
      new IdentityCache<>(
          spec -> EffectivePodSpec.of(spec.toBuilder().clearInstanceSpec().build(), 0));

  /** A job's spec as stored, with its revision, and with both forms filled in. */
  public JobSpec job(JobSpecRecord record) {
    return jobs.get(record);
  }

  /** What one instance runs: the default overlaid by its own spec, with both forms filled in. */
  public PodSpec pod(JobSpec spec, int instance) {
    return spec.containsInstanceSpec(instance)
        ? EffectivePodSpec.of(spec, instance)
        : commonPods.get(spec);
  }

  private static JobSpec shown(JobSpecRecord record) {
    return EffectivePodSpec.readable(record.getSpec()).toBuilder()
        .setRevision(
            Revision.newBuilder()
                .setVersion(record.getVersion())
                .setCreatedAt(record.getCreatedAt())
                .setUpdatedAt(record.getCreatedAt()))
        .build();
  }
}
