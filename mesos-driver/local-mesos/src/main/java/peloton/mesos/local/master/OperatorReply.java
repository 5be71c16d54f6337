package peloton.mesos.local.master;

import org.apache.mesos.v1.master.Protos.Response;

/** What an operator's call is answered with. */
public sealed interface OperatorReply {

  /** Done, and nothing to say. */
  record Done() implements OperatorReply {}

  /** Accepted; what comes of it is seen later. */
  record Accepted() implements OperatorReply {}

  /** What was asked for. */
  record Data(Response response) implements OperatorReply {}

  /**
   * Not done.
   *
   * @param status of HTTP
   * @param why for people
   */
  record Refused(int status, String why) implements OperatorReply {}

  /** 400, which is what Mesos says to most mistakes. */
  static OperatorReply badRequest(String why) {
    return new Refused(400, why);
  }
}
