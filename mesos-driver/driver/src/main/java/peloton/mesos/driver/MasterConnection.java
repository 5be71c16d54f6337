package peloton.mesos.driver;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;

/**
 * One HTTP/1.1 connection to a master, for one thread. Requests are buffered until {@link #flush},
 * so that many go out in one packet; their answers are read in the same order afterwards.
 *
 * <p>The parser is Apache HttpCore's. Its connection class is not used, because it flushes after
 * every request.
 */
final class MasterConnection implements Closeable {
  private static final int BUFFER = 64 << 10;
  private static final int UNBUFFERED_READ = 4 << 10;
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final Http1Config LIMITS =
      Http1Config.custom().setMaxLineLength(16 << 10).setMaxHeaderCount(100).build();

  private final Socket socket = new Socket();
  private final SessionInputBufferImpl input =
      new SessionInputBufferImpl(
          new BasicHttpTransportMetrics(),
          BUFFER,
          UNBUFFERED_READ,
          LIMITS.getMaxLineLength(),
          null);
  private final DefaultHttpResponseParser parser = new DefaultHttpResponseParser(LIMITS);
  private InputStream socketInput = InputStream.nullInputStream();
  private OutputStream output = OutputStream.nullOutputStream();

  /** Connects. {@link #close} from another thread ends the attempt. */
  void connect(MasterAddress master, DriverSettings settings) throws IOException {
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    socket.connect(
        new InetSocketAddress(master.host(), master.port()), millis(settings.connectTimeout()));
    readTimeout(settings.responseTimeout());
    Socket spoken =
        settings.tls().isPresent() ? settings.tls().get().secure(socket, master) : socket;
    socketInput = spoken.getInputStream();
    output = new BufferedOutputStream(spoken.getOutputStream(), BUFFER);
  }

  /**
   * From now on a read that gets no byte at all for so long fails with a {@link
   * SocketTimeoutException}.
   */
  void readTimeout(Duration timeout) throws IOException {
    socket.setSoTimeout(millis(timeout));
  }

  void write(RequestHead head, byte[] body) throws IOException {
    output.write(head.start());
    output.write(Integer.toString(body.length).getBytes(StandardCharsets.US_ASCII));
    output.write(END_OF_HEAD);
    output.write(body);
  }

  void flush() throws IOException {
    output.flush();
  }

  /** Reads the head of the next answer; its body is read from the socket as it is asked for. */
  Reply read() throws IOException {
    try {
      ClassicHttpResponse head;
      do {
        head = parser.parse(input, socketInput);
        if (head == null) {
          throw new EOFException("the master closed the connection instead of answering");
        }
      } while (head.getCode() < HttpStatus.SC_OK);
      return reply(head);
    } catch (HttpException e) {
      throw new IOException("the answer is not HTTP as it should be: " + e.getMessage(), e);
    }
  }

  private Reply reply(ClassicHttpResponse head) throws HttpException {
    if (head.getCode() == HttpStatus.SC_NO_CONTENT
        || head.getCode() == HttpStatus.SC_NOT_MODIFIED) {
      return new Reply(head, InputStream.nullInputStream(), true);
    }
    long length = DefaultContentLengthStrategy.INSTANCE.determineLength(head);
    if (length == ContentLengthStrategy.CHUNKED) {
      return new Reply(head, new ChunkedInputStream(input, socketInput, LIMITS), true);
    }
    if (length == ContentLengthStrategy.UNDEFINED) {
      return new Reply(head, new IdentityInputStream(input, socketInput), false);
    }
    return new Reply(head, new ContentLengthInputStream(input, socketInput, length), true);
  }

  /** Whether the other side has closed; to be asked only while no answer is outstanding. */
  boolean isStale() throws IOException {
    int timeout = socket.getSoTimeout();
    try {
      socket.setSoTimeout(1);
      return input.fillBuffer(socketInput) != 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException broken) {
      return true;
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(timeout);
      }
    }
  }

  /**
   * Closes at once, from any thread: reads and writes in other threads fail. With TLS it is the
   * socket below that is closed, since saying goodbye could wait for a writer that is stuck.
   */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost: the descriptor is gone either way.
    }
  }

  private static int millis(Duration duration) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
  }
}
