package peloton.mesos.local.http;

import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request, read whole.
 *
 * @param path the path without query
 * @param query the parameters of the query, decoded
 * @param headers by lower-case name; the last of several wins
 * @param port the port of ours that it came to
 * @param cut ends the connection that the request came through, at once
 */
record Request(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    int port,
    Runnable cut) {

  Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }
}
