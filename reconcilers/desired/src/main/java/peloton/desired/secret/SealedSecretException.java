package peloton.desired.secret;

/** A secret that cannot be opened: its key is not configured, or it was tampered with. */
public final class SealedSecretException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SealedSecretException(String message) {
    super(message);
  }

  SealedSecretException(String message, Throwable cause) {
    super(message, cause);
  }
}
