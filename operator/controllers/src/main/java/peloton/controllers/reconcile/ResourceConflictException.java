package peloton.controllers.reconcile;

/** A resource is not as it was read. Whoever wrote reads it again and decides anew. */
public final class ResourceConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ResourceConflictException(String message, Throwable cause) {
    super(message, cause);
  }
}
