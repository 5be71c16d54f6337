package peloton.controllers.status;

import java.util.List;
import java.util.stream.Collectors;
import peloton.controllers.spec.FieldNames;
import peloton.desired.ApiException;
import peloton.desired.Violation;

/**
 * How a resource is.
 *
 * @param message for people; the first thing that they see of a problem
 */
public record Verdict(Reason reason, String message) {
  private static final int NAMED = 5;

  /** A resource that cannot be translated. */
  public static Verdict of(List<Violation> violations) {
    String named =
        violations.stream()
            .limit(NAMED)
            .map(Violation::toString)
            .collect(Collectors.joining(" | "));
    int more = violations.size() - NAMED;
    return new Verdict(Reason.InvalidSpec, more > 0 ? named + " | and " + more + " more" : named);
  }

  /**
   * A write of desired state that was refused, in the resource's own names. Whether it is tried
   * again follows from the reason: what is stalled waits for a change.
   */
  public static Verdict of(ApiException refusal) {
    return new Verdict(
        reason(refusal.code()), FieldNames.translate(String.valueOf(refusal.getMessage())));
  }

  private static Reason reason(ApiException.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT, OUT_OF_RANGE -> Reason.InvalidSpec;
      case UNIMPLEMENTED -> Reason.NotSupported;
      case ALREADY_EXISTS -> Reason.NotOwned;
      case FAILED_PRECONDITION -> Reason.Refused;
      case NOT_FOUND, ABORTED, CANCELLED, UNAVAILABLE, RESOURCE_EXHAUSTED ->
          Reason.StoreUnavailable;
      case INTERNAL -> Reason.InternalError;
    };
  }
}
