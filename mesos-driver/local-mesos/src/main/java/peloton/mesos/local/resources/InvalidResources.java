package peloton.mesos.local.resources;

/** Resources that Mesos refuses whatever is on offer; the message says which and why. */
public final class InvalidResources extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  public InvalidResources(String message) {
    super(message);
  }
}
