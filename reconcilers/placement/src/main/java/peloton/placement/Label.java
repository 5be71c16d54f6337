package peloton.placement;

import java.util.Objects;

/**
 * A key and its value, of a host or of a pod.
 *
 * <p>A host's labels are the attributes of its agent and its name ({@link #HOSTNAME}); a SET
 * attribute gives one label for each of its items (reference, LabelConstraint).
 */
public record Label(String key, String value) {
  /** The label that every host has: its name. */
  public static final String HOSTNAME = "hostname";

  /** Hosts with this attribute take only pods that name it in their constraint. */
  public static final String EXCLUSIVE = "peloton/exclusive";

  /** The pool that a host belongs to. */
  public static final String HOST_POOL = "host_pool";

  /** No label of a user has this key: the ports that a pod uses without choosing them. */
  private static final String STATIC_PORT = "\0port";

  public Label {
    Objects.requireNonNull(key);
    Objects.requireNonNull(value);
  }

  static Label staticPort(int port) {
    return new Label(STATIC_PORT, Integer.toString(port));
  }

  boolean isStaticPort() {
    return key.equals(STATIC_PORT);
  }

  @Override
  public String toString() {
    return key + "=" + value;
  }
}
