package peloton.mesos.local.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a request is answered with: a body that is there, or a stream of events. */
sealed interface Answer permits Answer.Whole, Answer.Stream {

  /** Accepted, and nothing to say. */
  Whole ACCEPTED = new Whole(202, Map.of(), "text/plain", new byte[0]);

  record Whole(int status, Map<String, String> headers, String contentType, byte[] body)
      implements Answer {}

  record Stream(Map<String, String> headers, String contentType, EventStream events)
      implements Answer {}

  /** An error or a note for people. */
  static Whole text(int status, String message) {
    return text(status, message, Map.of());
  }

  static Whole text(int status, String message, Map<String, String> headers) {
    return new Whole(
        status, headers, "text/plain; charset=utf-8", message.getBytes(StandardCharsets.UTF_8));
  }

  static Whole json(String json) {
    return new Whole(200, Map.of(), "application/json", json.getBytes(StandardCharsets.UTF_8));
  }
}
