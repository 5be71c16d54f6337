package peloton.operator.access;

import io.grpc.Context;

/** Who makes the call in hand. */
final class Caller {
  /** The client's name; absent while no policy is in force. */
  static final Context.Key<String> NAME = Context.key("caller");

  private Caller() {}

  static String name() {
    String name = NAME.get();
    return name == null ? "anybody" : name;
  }
}
