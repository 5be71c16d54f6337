package peloton.operator.read;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
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
          spec -> encoded(EffectivePodSpec.of(spec.toBuilder().clearInstanceSpec().build(), 0)));

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
    return encoded(
        EffectivePodSpec.readable(record.getSpec()).toBuilder()
            .setRevision(
                Revision.newBuilder()
                    .setVersion(record.getVersion())
                    .setCreatedAt(record.getCreatedAt())
                    .setUpdatedAt(record.getCreatedAt()))
            .build());
  }

  /**
   * The same message with its text as it is sent. Protobuf keeps text that was parsed as bytes
   * until somebody asks for it, and otherwise encodes it anew with each answer that it is part of.
   */
  @SuppressWarnings("unchecked")
  private static <M extends Message> M encoded(M message) {
    try {
      return (M) message.getParserForType().parseFrom(message.toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message cannot be read back", e);
    }
  }
}
