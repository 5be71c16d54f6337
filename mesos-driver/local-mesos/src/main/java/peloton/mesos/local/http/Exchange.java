package peloton.mesos.local.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.nio.AsyncServerExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.ResponseChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer. */
final class Exchange implements AsyncServerExchangeHandler {

  private static final Logger log = LoggerFactory.getLogger(Exchange.class);
  private static final int LARGEST_BODY = 64 * 1024 * 1024;

  private final Router router;
  private final Connections connections;
  private HttpRequest head;
  private ResponseChannel responses;
  private HttpContext context;
  private ByteArrayOutputStream body;
  private boolean tooLarge;
  private volatile Answer answer;
  private ByteBuffer left;

  Exchange(Router router, Connections connections) {
    this.router = router;
    this.connections = connections;
  }

  @Override
  public void handleRequest(
      HttpRequest request, EntityDetails entity, ResponseChannel channel, HttpContext httpContext)
      throws HttpException, IOException {
    head = request;
    responses = channel;
    context = httpContext;
    if (entity == null) {
      dispatch(new byte[0]);
    } else {
      body =
          new ByteArrayOutputStream((int) Math.min(4096, Math.max(32, entity.getContentLength())));
    }
  }

  @Override
  public void updateCapacity(CapacityChannel capacity) throws IOException {
    capacity.update(Integer.MAX_VALUE);
  }

  @Override
  public void consume(ByteBuffer source) {
    tooLarge |= body.size() + source.remaining() > LARGEST_BODY;
    if (tooLarge) {
      body.reset();
      source.position(source.limit());
      return;
    }
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    body.writeBytes(bytes);
  }

  @Override
  public void streamEnd(List<? extends Header> trailers) {
    if (tooLarge) {
      answer(Answer.text(413, "The body is larger than " + LARGEST_BODY + " bytes"));
    } else {
      dispatch(body.toByteArray());
    }
  }

  @Override
  public int available() {
    if (answer instanceof Answer.Stream stream) {
      return stream.events().available();
    }
    return left == null ? 0 : left.remaining();
  }

  @Override
  public void produce(DataStreamChannel channel) throws IOException {
    if (answer instanceof Answer.Stream stream) {
      stream.events().produce(channel);
      return;
    }
    channel.write(left);
    if (!left.hasRemaining()) {
      channel.endStream();
    }
  }

  @Override
  public void failed(Exception cause) {
    log.debug("A connection failed: {}", cause.toString());
    end();
  }

  @Override
  public void releaseResources() {
    end();
  }

  private void end() {
    if (answer instanceof Answer.Stream stream) {
      stream.events().ended();
    }
  }

  private void dispatch(byte[] bytes) {
    try {
      router
          .handle(request(bytes))
          .whenComplete(
              (result, failure) -> {
                if (failure == null) {
                  answer(result);
                } else {
                  log.error("A request failed", failure);
                  answer(Answer.text(500, "Internal error: " + failure));
                }
              });
    } catch (RuntimeException e) {
      log.error("A request failed", e);
      answer(Answer.text(500, "Internal error: " + e));
    }
  }

  private void answer(Answer result) {
    answer = result;
    try {
      if (result instanceof Answer.Whole whole) {
        left = ByteBuffer.wrap(whole.body());
        var entity =
            whole.body().length == 0
                ? null
                : new BasicEntityDetails(
                    whole.body().length, ContentType.parse(whole.contentType()));
        responses.sendResponse(response(whole.status(), whole.headers()), entity, context);
      } else if (result instanceof Answer.Stream stream) {
        connections.streaming(client());
        responses.sendResponse(
            response(200, stream.headers()),
            new BasicEntityDetails(-1, ContentType.parse(stream.contentType())),
            context);
      }
    } catch (HttpException | IOException e) {
      log.debug("An answer cannot be sent: {}", e.toString());
      end();
    }
  }

  private SocketAddress client() {
    return HttpCoreContext.cast(context).getEndpointDetails().getRemoteAddress();
  }

  private static BasicHttpResponse response(int status, Map<String, String> headers) {
    var response = new BasicHttpResponse(status);
    headers.forEach(response::addHeader);
    return response;
  }

  private Request request(byte[] bytes) {
    String target = head.getPath();
    int mark = target.indexOf('?');
    var headers = new HashMap<String, String>();
    for (var header : head.getHeaders()) {
      headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    var client = client();
    return new Request(
        head.getMethod(),
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? Map.of() : query(target.substring(mark + 1)),
        headers,
        bytes,
        ((InetSocketAddress) HttpCoreContext.cast(context).getEndpointDetails().getLocalAddress())
            .getPort(),
        () -> connections.cut(client));
  }

  private static Map<String, String> query(String text) {
    var parameters = new HashMap<String, String>();
    for (var part : text.split("&")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.put(
            URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }
}
