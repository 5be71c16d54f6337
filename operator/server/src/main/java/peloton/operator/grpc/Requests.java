package peloton.operator.grpc;

import java.util.function.Supplier;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.ids.PodId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.desired.ApiException;
import peloton.desired.Violation;

/** Reads the ids in requests; what is none of its kind is INVALID_ARGUMENT and names the field. */
final class Requests {
  private Requests() {}

  /** A job's id, where it must be a UUID. */
  static String jobId(JobID id) {
    if (!JobId.isValid(id.getValue())) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT,
          "job_id: jobID is not valid UUID: given " + Violation.quote(id.getValue()));
    }
    return id.getValue();
  }

  static PodName podName(String text) {
    return parsed("pod_name", () -> PodName.parse(text));
  }

  /** A run of one pod; it must belong to that pod. */
  static PodId podId(String id, PodName pod) {
    PodId parsed = parsed("pod_id", () -> PodId.parse(id));
    if (!parsed.name().equals(pod)) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT,
          "pod_id: " + parsed + " is no run of pod_name " + pod + "; give one of the two's own");
    }
    return parsed;
  }

  static EntityVersion version(String text) {
    return parsed("version", () -> EntityVersion.parse(text));
  }

  private static <T> T parsed(String field, Supplier<T> parser) {
    try {
      return parser.get();
    } catch (IllegalArgumentException e) {
      throw new ApiException(ApiException.Code.INVALID_ARGUMENT, field + ": " + e.getMessage(), e);
    }
  }
}
