package peloton.store.etcd;

import io.grpc.Status;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import peloton.store.StoreException;
import peloton.store.StoreException.Code;

/** What etcd's and gRPC's errors mean to the port. */
final class Failures {
  private static final String COMPACTED = "required revision has been compacted";
  private static final String INVALID_TOKEN = "invalid auth token";
  private static final String REFUSED = "Connection refused";
  private static final Pattern NOISE = Pattern.compile("\\. Name resolution| \\[closed=|\\R");
  private static final int LONGEST = 300;
  private static final String OLD_TOKEN = "revision of auth store is old";

  private Failures() {}

  static StoreException of(Throwable cause) {
    return of(Status.fromThrowable(cause), cause);
  }

  static StoreException of(Status status, Throwable cause) {
    if (isInvalidToken(status.getDescription())) {
      return new StoreException(Code.UNAVAILABLE, "etcd wants a new login", cause);
    }
    String said = brief(Optional.ofNullable(status.getDescription()).orElse("no description"));
    return switch (status.getCode()) {
      case RESOURCE_EXHAUSTED ->
          new StoreException(Code.EXHAUSTED, "etcd refuses more work: " + said, cause);
      case NOT_FOUND -> new StoreException(Code.NOT_FOUND, "etcd: " + said, cause);
      case OUT_OF_RANGE, INVALID_ARGUMENT, FAILED_PRECONDITION, PERMISSION_DENIED, UNIMPLEMENTED ->
          new StoreException(Code.INVALID, "etcd refuses the request: " + said, cause);
      case UNAUTHENTICATED ->
          new StoreException(Code.INVALID, "etcd refuses the login: " + said, cause);
      case DEADLINE_EXCEEDED ->
          new StoreException(Code.UNAVAILABLE, "etcd did not answer in time: " + said, cause);
      default ->
          new StoreException(
              Code.UNAVAILABLE, "etcd cannot be reached: " + status.getCode() + ", " + said, cause);
    };
  }

  /**
   * What a person can use of a description: gRPC appends to a missed deadline how its channel
   * fared, stack traces included.
   */
  private static String brief(String said) {
    String refused = said.contains(REFUSED) ? "; the last connection was refused" : "";
    Matcher noise = NOISE.matcher(said);
    String first = noise.find() ? said.substring(0, noise.start()) : said;
    return (first.length() <= LONGEST ? first : first.substring(0, LONGEST) + "...")
        + (first.contains(REFUSED) ? "" : refused);
  }

  /** Whether a read failed since its revision is gone; etcd does not say what the oldest is. */
  static boolean isCompacted(Throwable cause) {
    Status status = Status.fromThrowable(cause);
    return status.getCode() == Status.Code.OUT_OF_RANGE
        && status.getDescription() != null
        && status.getDescription().contains(COMPACTED);
  }

  /** Whether the token was refused; etcd says so before it does anything. */
  static boolean isInvalidToken(String said) {
    return said != null && (said.contains(INVALID_TOKEN) || said.contains(OLD_TOKEN));
  }
}
