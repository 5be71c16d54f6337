package peloton.mesos.driver;

import java.util.Optional;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import peloton.mesos.driver.MesosEvents.Disconnection;
import peloton.mesos.driver.MesosEvents.Disconnection.Kind;

/**
 * How an attempt or a subscription ended.
 *
 * @param disconnection what the listener learns
 * @param location where a master that does not lead points to
 */
record Ending(Disconnection disconnection, Optional<String> location) {

  /** The messages of an ERROR event that mean more than "try again", from the master's source. */
  private static final String FAILED_OVER = "Framework failed over";

  private static final String REMOVED = "Framework has been removed";

  static Ending retrying(String detail) {
    return of(Kind.RETRYING, detail);
  }

  /** The answer to SUBSCRIBE, when it is not the stream of events. */
  static Ending ofSubscribe(Reply reply) {
    String detail = "SUBSCRIBE was answered with " + reply.describe();
    switch (reply.status()) {
      case HttpStatus.SC_BAD_REQUEST:
      case HttpStatus.SC_UNAUTHORIZED:
      case HttpStatus.SC_FORBIDDEN:
        return of(Kind.REFUSED, detail);
      case HttpStatus.SC_TEMPORARY_REDIRECT:
        return new Ending(
            new Disconnection(Kind.RETRYING, detail), reply.header(HttpHeaders.LOCATION));
      default:
        return retrying(detail);
    }
  }

  /**
   * The answer to any other call, when it is not 2xx: the stream id is stale, the framework is not
   * subscribed, the master leads no longer, or the call is malformed. In each case an effect that
   * the caller counts on is missing, and the next subscription's reconciliation finds out which.
   */
  static Ending ofCall(Call.Type type, Reply reply) {
    return retrying(type + " was answered with " + reply.describe());
  }

  /** The master's ERROR event, after which it closes the stream. */
  static Ending ofError(String message) {
    String detail = "the master says: " + message;
    if (message.startsWith(FAILED_OVER)) {
      return of(Kind.FAILED_OVER, detail);
    }
    if (message.startsWith(REMOVED)) {
      return of(Kind.REMOVED, detail);
    }
    return retrying(detail);
  }

  private static Ending of(Kind kind, String detail) {
    return new Ending(new Disconnection(kind, detail), Optional.empty());
  }

  Kind kind() {
    return disconnection.kind();
  }

  /** Whether subscribing again would harm or is in vain. */
  boolean isFinal() {
    return kind() == Kind.FAILED_OVER || kind() == Kind.REMOVED;
  }
}
