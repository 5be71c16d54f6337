package peloton.mesos.driver;

/** Why a call of {@link MesosOperatorApi} failed. */
public final class MesosOperatorException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Kind kind;
  private final int status;

  /** What the caller can know and do. */
  public enum Kind {
    /** No master was reached, or none leads: nothing has changed. Try again later. */
    UNAVAILABLE,
    /** The call was sent and not answered: it may have taken effect. Look before trying again. */
    UNKNOWN_OUTCOME,
    /** The credential is missing, wrong, or not allowed to do this: only configuration helps. */
    UNAUTHORIZED,
    /** The master will not do it, and says why. */
    REFUSED
  }

  MesosOperatorException(Kind kind, int status, String message) {
    super(message);
    this.kind = kind;
    this.status = status;
  }

  public Kind kind() {
    return kind;
  }

  /** The HTTP status of the answer; 0 when there was none. */
  public int status() {
    return status;
  }
}
