package peloton.mesos.driver;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The head of a POST to one endpoint of a master, which is the same for every request but for its
 * length: it is encoded once.
 */
final class RequestHead {
  /** The header that binds calls to a subscription. */
  static final String STREAM_ID = "Mesos-Stream-Id";

  /** The media type of calls and events. */
  static final String PROTOBUF = "application/x-protobuf";

  private static final String SCHEDULER = "/api/v1/scheduler";

  private final byte[] start;

  private RequestHead(byte[] start) {
    this.start = start;
  }

  /** For calls of a scheduler. */
  static RequestHead of(
      MasterAddress master, Optional<Credential> credential, Optional<String> streamId) {
    return of(master, SCHEDULER, credential, streamId);
  }

  static RequestHead of(
      MasterAddress master,
      String path,
      Optional<Credential> credential,
      Optional<String> streamId) {
    StringBuilder head = new StringBuilder(256);
    head.append("POST ").append(path).append(" HTTP/1.1\r\n");
    header(head, "Host", master.toString());
    header(head, "User-Agent", "peloton");
    header(head, "Content-Type", PROTOBUF);
    header(head, "Accept", PROTOBUF);
    credential.ifPresent(given -> header(head, "Authorization", given.basicAuthorization()));
    streamId.ifPresent(id -> header(head, STREAM_ID, id));
    head.append("Content-Length: ");
    return new RequestHead(head.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Everything up to the value of Content-Length, which is the last header. */
  byte[] start() {
    return start;
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
