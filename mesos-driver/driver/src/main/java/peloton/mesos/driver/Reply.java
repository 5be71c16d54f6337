package peloton.mesos.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpVersion;

/** The answer to one request. Its body must be read to the end before the next answer. */
final class Reply {
  private static final int MAX_QUOTED_BYTES = 2 << 10;

  private final ClassicHttpResponse head;
  private final InputStream body;
  private final boolean bodyIsDelimited;

  Reply(ClassicHttpResponse head, InputStream body, boolean bodyIsDelimited) {
    this.head = head;
    this.body = body;
    this.bodyIsDelimited = bodyIsDelimited;
  }

  int status() {
    return head.getCode();
  }

  boolean isSuccess() {
    return status() >= 200 && status() < 300;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(head.getFirstHeader(name)).map(Header::getValue);
  }

  /** Whether the connection may carry another request after this answer. */
  boolean keepsConnection() {
    boolean http11 =
        head.getVersion() == null || head.getVersion().greaterEquals(HttpVersion.HTTP_1_1);
    return bodyIsDelimited
        && http11
        && header(HttpHeaders.CONNECTION).filter("close"::equalsIgnoreCase).isEmpty();
  }

  InputStream body() {
    return body;
  }

  /** Reads to the end; most answers have no body, and none of them is worth a buffer. */
  void discardBody() throws IOException {
    if (bodyIsDelimited && body.read() >= 0) {
      body.transferTo(OutputStream.nullOutputStream());
    }
  }

  /** The status and the start of the body on one line: what Mesos says about an error. */
  String describe() {
    return ("HTTP " + status() + " " + quotedBody()).strip();
  }

  private String quotedBody() {
    try {
      return new String(body.readNBytes(MAX_QUOTED_BYTES), StandardCharsets.UTF_8)
          .replaceAll("[\\s\\p{Cntrl}]+", " ")
          .strip();
    } catch (IOException unreadable) {
      return "(the body could not be read: " + unreadable.getMessage() + ")";
    }
  }
}
