package peloton.mesos.local;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One HTTP/1.1 connection, by hand: nothing between a test and the bytes. */
final class RawHttp implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawHttp(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = socket.getOutputStream();
  }

  record Response(int status, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** The bytes of a request, to send alone or with others. */
  static byte[] request(String method, String path, Map<String, String> headers, byte[] body) {
    var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (body.length > 0 || method.equals("POST")) {
      head.append("Content-Length: " + body.length + "\r\n");
    }
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  Response call(String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    send(request(method, path, headers, body));
    return read();
  }

  Response read() throws IOException {
    var head = readHead();
    byte[] body =
        head.headers().containsKey("content-length")
            ? readFully(Integer.parseInt(head.headers().get("content-length")))
            : readChunks(head);
    return new Response(head.status(), head.headers(), body);
  }

  /** The status and headers of a response whose body is read later. */
  Response readHead() throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    var headers = new HashMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    return new Response(status, headers, new byte[0]);
  }

  /** The next chunk of a body; null at its end. */
  byte[] chunk() throws IOException {
    int length = Integer.parseInt(line().trim(), 16);
    byte[] bytes = readFully(length);
    line();
    return length == 0 ? null : bytes;
  }

  /** Waits for the end of the connection; false when something else comes. */
  boolean isCutOff() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private byte[] readChunks(Response head) throws IOException {
    var body = new ByteArrayOutputStream();
    if ("chunked".equals(head.headers().get("transfer-encoding"))) {
      for (byte[] chunk = chunk(); chunk != null; chunk = chunk()) {
        body.writeBytes(chunk);
      }
    }
    return body.toByteArray();
  }

  private byte[] readFully(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("The connection ended within a body");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("The connection ended within a line");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }
}
