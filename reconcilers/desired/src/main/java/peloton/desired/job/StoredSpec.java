package peloton.desired.job;

import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;

/** A job specification in the form in which it is kept. */
final class StoredSpec {
  /** More restarts than this are not kept count of. */
  static final int MOST_FAILURES = 100;

  private StoredSpec() {}

  /**
   * What is stored of a given specification: with a revision of our own, and with the restart
   * policy within its bounds.
   */
  static JobSpec of(JobSpec given, long version, long createdAt, long updatedAt) {
    JobSpec.Builder stored = clamped(given).toBuilder();
    stored
        .getRevisionBuilder()
        .clear()
        .setVersion(version)
        .setCreatedAt(createdAt)
        .setUpdatedAt(updatedAt);
    return stored.build();
  }

  /** Whether a given specification says what a stored one does, in whichever form. */
  static boolean same(JobSpec stored, JobSpec given) {
    return comparable(stored).equals(comparable(clamped(given)));
  }

  private static JobSpec comparable(JobSpec spec) {
    return EffectivePodSpec.readable(spec).toBuilder().clearRevision().build();
  }

  private static JobSpec clamped(JobSpec spec) {
    JobSpec.Builder clamped = spec.toBuilder();
    if (spec.hasDefaultSpec()) {
      clamped.setDefaultSpec(clamped(spec.getDefaultSpec()));
    }
    spec.getInstanceSpecMap()
        .forEach((instance, pod) -> clamped.putInstanceSpec(instance, clamped(pod)));
    return clamped.build();
  }

  private static PodSpec clamped(PodSpec pod) {
    if (Integer.compareUnsigned(pod.getRestartPolicy().getMaxFailures(), MOST_FAILURES) <= 0) {
      return pod;
    }
    PodSpec.Builder clamped = pod.toBuilder();
    clamped.getRestartPolicyBuilder().setMaxFailures(MOST_FAILURES);
    return clamped.build();
  }
}
