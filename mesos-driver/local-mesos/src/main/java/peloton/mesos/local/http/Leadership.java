package peloton.mesos.local.http;

/** Whether this master leads, or what it answers when it does not. */
public sealed interface Leadership {

  /** It leads. */
  record Leading() implements Leadership {}

  /** Another one leads: 307 to that host and port. */
  record Elsewhere(String hostAndPort) implements Leadership {}

  /** Nobody leads: 503. */
  record Nobody() implements Leadership {}
}
