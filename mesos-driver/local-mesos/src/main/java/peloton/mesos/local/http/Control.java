package peloton.mesos.local.http;

import java.util.Map;

/** Carries out what tests order over HTTP. */
public interface Control {

  /**
   * Does one thing, and returns when it is done.
   *
   * @param what its name
   * @param arguments by name
   * @return what came of it, for whoever ordered it
   * @throws IllegalArgumentException when there is no such thing, or an argument is wrong
   */
  String order(String what, Map<String, String> arguments);
}
