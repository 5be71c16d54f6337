package peloton.desired;

/**
 * A request that cannot be served, in the words of the person who made it: which field, what was
 * given, what is allowed, what to do.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The gRPC status codes that the API answers with; names and meanings are gRPC's. */
  public enum Code {
    INVALID_ARGUMENT,
    NOT_FOUND,
    ALREADY_EXISTS,
    ABORTED,
    FAILED_PRECONDITION,
    OUT_OF_RANGE,
    RESOURCE_EXHAUSTED,
    UNAVAILABLE,
    UNIMPLEMENTED,
    CANCELLED,
    INTERNAL
  }

  private final Code code;

  public ApiException(Code code, String message) {
    this(code, message, null);
  }

  public ApiException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
