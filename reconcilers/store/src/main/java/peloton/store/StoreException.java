package peloton.store;

/** Why the store did not do what it was asked. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What the caller can do about it. */
  public enum Code {
    /** The store cannot be reached or did not answer in time. A write may or may not be done. */
    UNAVAILABLE,
    /** The revision asked for has been compacted away. */
    COMPACTED,
    /** The lease does not exist any more. */
    NOT_FOUND,
    /** The store refuses to grow (space quota, too many requests). A write may still be done. */
    EXHAUSTED,
    /** The store refuses the request as it is; repeating it will not help. */
    INVALID
  }

  private final Code code;
  private final long compactRevision;

  public StoreException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.compactRevision = 0;
  }

  public StoreException(Code code, String message) {
    this(code, message, null);
  }

  private StoreException(long compactRevision) {
    super("revision is compacted; the oldest that can be read is " + compactRevision);
    this.code = Code.COMPACTED;
    this.compactRevision = compactRevision;
  }

  /** A read or watch of a revision below the oldest that is kept. */
  public static StoreException compacted(long compactRevision) {
    return new StoreException(compactRevision);
  }

  public Code code() {
    return code;
  }

  /** The oldest revision that can still be read, with {@link Code#COMPACTED}; else 0. */
  public long compactRevision() {
    return compactRevision;
  }
}
