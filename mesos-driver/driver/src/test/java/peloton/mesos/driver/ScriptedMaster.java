package peloton.mesos.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * A master that says what the test tells it to, byte by byte if need be. It judges nothing: what
 * the driver sent is recorded for the test to judge.
 */
final class ScriptedMaster implements AutoCloseable {
  static final String ACCEPTED = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";

  private static final long PATIENCE_SECONDS = 60;

  /** One request, with the number of the connection that it came by, from 0. */
  record Request(int connection, String path, Map<String, String> headers, Call call) {}

  /** One stream of events. */
  final class Stream {
    private final Socket socket;
    private final OutputStream output;
    private final Request request;

    private Stream(Socket socket, OutputStream output, Request request) {
      this.socket = socket;
      this.output = output;
      this.request = request;
    }

    Request request() {
      return request;
    }

    Stream send(Event event) {
      return chunk(RecordIo.encode(event.toByteArray()));
    }

    Stream subscribed(String frameworkId, double heartbeatSeconds) {
      return send(
          Event.newBuilder()
              .setType(Event.Type.SUBSCRIBED)
              .setSubscribed(
                  Event.Subscribed.newBuilder()
                      .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
                      .setHeartbeatIntervalSeconds(heartbeatSeconds))
              .build());
    }

    Stream error(String message) {
      return send(
          Event.newBuilder()
              .setType(Event.Type.ERROR)
              .setError(Event.Error.newBuilder().setMessage(message))
              .build());
    }

    /** Sends bytes as one HTTP chunk. */
    Stream chunk(byte[] bytes) {
      try {
        output.write(
            (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        output.write(bytes);
        output.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        output.flush();
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Ends the body as HTTP wants it. */
    void finish() {
      try {
        output.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        output.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Cuts the connection. */
    void cut() {
      closeQuietly(socket);
    }

    /** Waits until the driver has closed its side. */
    void awaitClosed() {
      try {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      } catch (IOException reset) {
        assertThat(reset).hasMessageContaining("reset");
      }
    }
  }

  private final ServerSocket server;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Deque<String> subscribeAnswers = new ConcurrentLinkedDeque<>();
  private final BlockingQueue<Stream> accepted = new LinkedBlockingQueue<>();
  private final BlockingQueue<Request> subscribes = new LinkedBlockingQueue<>();
  private final BlockingQueue<Request> calls = new LinkedBlockingQueue<>();
  private volatile Function<Request, String> onCall = request -> ACCEPTED;
  private volatile String streamHeaders = "Content-Type: application/x-protobuf\r\n";

  ScriptedMaster() {
    this(ServerSocketFactory.getDefault());
  }

  /** One whose sockets come from a factory, as with TLS. */
  ScriptedMaster(ServerSocketFactory factory) {
    try {
      server = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon("scripted-master", this::acceptAll);
  }

  MasterAddress address() {
    return new MasterAddress("127.0.0.1", server.getLocalPort());
  }

  /** The next SUBSCRIBE that has no answer yet gets this one instead of a stream. */
  void answerSubscribe(String answer) {
    subscribeAnswers.add(answer);
  }

  /** Answers every call that is not SUBSCRIBE; null closes the connection unanswered. */
  void onCall(Function<Request, String> answer) {
    onCall = answer;
  }

  /** Replaces the headers of accepted streams, but for the stream id and the framing. */
  void streamHeaders(String headers) {
    streamHeaders = headers;
  }

  /** The next accepted subscription, whose id is "stream-" and its number from 1. */
  Stream nextStream() {
    return next(accepted, "subscription");
  }

  Request nextSubscribe() {
    return next(subscribes, "SUBSCRIBE");
  }

  Request nextCall() {
    return next(calls, "call");
  }

  int callsNotLookedAt() {
    return calls.size();
  }

  int subscribesNotLookedAt() {
    return subscribes.size();
  }

  void closeConnection(int number) {
    closeQuietly(sockets.get(number));
  }

  /** Cuts every connection and listens no more. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(ScriptedMaster::closeQuietly);
  }

  static String answer(String status, String headers, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\n"
        + headers
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        int number = connections.getAndIncrement();
        daemon("scripted-master-" + number, () -> serve(socket, number));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket, int number) {
    try {
      InputStream input = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      OutputStream output = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
      Request request;
      while ((request = read(input, number)) != null) {
        if (request.call().getType() == Call.Type.SUBSCRIBE) {
          if (subscribe(socket, output, request)) {
            return;
          }
        } else {
          calls.add(request);
          String answer = onCall.apply(request);
          if (answer == null) {
            closeQuietly(socket);
            return;
          }
          output.write(answer.getBytes(StandardCharsets.US_ASCII));
        }
        if (input.available() == 0) {
          output.flush();
        }
      }
    } catch (IOException closed) {
      // The driver or the test closed it.
    }
  }

  private boolean subscribe(Socket socket, OutputStream output, Request request)
      throws IOException {
    subscribes.add(request);
    String refusal = subscribeAnswers.poll();
    if (refusal != null) {
      output.write(refusal.getBytes(StandardCharsets.US_ASCII));
      output.flush();
      return false;
    }
    String head =
        "HTTP/1.1 200 OK\r\n"
            + streamHeaders
            + "Transfer-Encoding: chunked\r\nMesos-Stream-Id: stream-"
            + streams.incrementAndGet()
            + "\r\n\r\n";
    output.write(head.getBytes(StandardCharsets.US_ASCII));
    output.flush();
    accepted.add(new Stream(socket, output, request));
    return true;
  }

  private static Request read(InputStream input, int connection) throws IOException {
    String head = head(input);
    if (head.isEmpty()) {
      return null;
    }
    String[] lines = head.split("\r\n");
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    byte[] body = input.readNBytes(Integer.parseInt(headers.get("content-length")));
    return new Request(connection, lines[0].split(" ")[1], headers, Call.parseFrom(body));
  }

  private static String head(InputStream input) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int b = input.read();
      if (b < 0) {
        return "";
      }
      head.write(b);
      boolean next = b == (matched % 2 == 0 ? '\r' : '\n');
      matched = next ? matched + 1 : (b == '\r' ? 1 : 0);
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  private static <T> T next(BlockingQueue<T> queue, String what) {
    try {
      T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("a " + what + " within " + PATIENCE_SECONDS + " s").isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
