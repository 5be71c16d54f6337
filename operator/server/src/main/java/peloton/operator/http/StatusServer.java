package peloton.operator.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves health and metrics. {@code /livez} says whether the process should be left running, {@code
 * /readyz} whether it should be sent calls; both answer 200 or 503, list each check with {@code
 * ?verbose}, and leave out one with {@code ?exclude=NAME}, as Kubernetes' API server does.
 */
public final class StatusServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusServer.class);

  /** Beyond these, connections wait in the kernel: whoever asks is few. */
  private static final int THREADS = 2;

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService executor;

  private StatusServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * What is served.
   *
   * @param live checks of {@code /livez}
   * @param ready checks of {@code /readyz}
   * @param facts further lines of {@code ?verbose}, such as who leads
   * @param metrics the text of {@code /metrics}
   */
  public record Content(
      List<Check> live, List<Check> ready, Supplier<List<String>> facts, Supplier<String> metrics) {
    public Content {
      live = List.copyOf(live);
      ready = List.copyOf(ready);
    }
  }

  /**
   * Binds and begins to serve.
   *
   * @param port 0 is any free one
   * @throws IOException if the port cannot be bound
   */
  public static StatusServer start(String host, int port, Content content) throws IOException {
    HttpServer http;
    try {
      http = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException e) {
      throw new IOException(
          "cannot serve health and metrics at "
              + host
              + ":"
              + port
              + " (listen.httpPort): "
              + e.getMessage(),
          e);
    }
    ExecutorService executor =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "status");
              thread.setDaemon(true);
              return thread;
            });
    http.setExecutor(executor);
    http.createContext("/livez", e -> health(e, "/livez", content.live(), content.facts()));
    http.createContext("/readyz", e -> health(e, "/readyz", content.ready(), content.facts()));
    http.createContext("/metrics", e -> metrics(e, content.metrics()));
    http.createContext("/", StatusServer::unknown);
    http.start();
    return new StatusServer(http, executor);
  }

  /** The port that is bound. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdown();
  }

  private static void health(
      HttpExchange exchange, String path, List<Check> checks, Supplier<List<String>> facts)
      throws IOException {
    if (!exchange.getRequestURI().getPath().equals(path)) {
      unknown(exchange);
      return;
    }
    Query query = Query.of(exchange.getRequestURI().getRawQuery());
    Set<String> unknown = new TreeSet<>(query.excluded());
    checks.forEach(check -> unknown.remove(check.name()));
    boolean well = true;
    List<String> lines = new ArrayList<>();
    for (Check check : checks) {
      Optional<String> problem =
          query.excluded().contains(check.name()) ? Optional.empty() : problem(check);
      well &= problem.isEmpty();
      String mark = query.excluded().contains(check.name()) ? "excluded" : "ok";
      lines.add(
          problem
              .map(what -> "[-] " + check.name() + ": " + what)
              .orElse("[+] " + check.name() + " " + mark));
    }
    unknown.forEach(name -> lines.add("[?] " + name + ": excluded, but there is no such check"));
    if (well && !query.verbose()) {
      lines.clear();
    } else {
      lines.addAll(facts.get());
    }
    lines.add(well ? "ok" : path.substring(1) + " check failed");
    answer(exchange, well ? 200 : 503, TEXT, String.join("\n", lines) + "\n");
  }

  private static Optional<String> problem(Check check) {
    try {
      return check.problem().get();
    } catch (RuntimeException e) {
      log.warn("health check {} failed", check.name(), e);
      return Optional.of("the check itself failed: " + e);
    }
  }

  private static void metrics(HttpExchange exchange, Supplier<String> metrics) throws IOException {
    String text;
    try {
      text = metrics.get();
    } catch (RuntimeException e) {
      log.warn("metrics could not be gathered", e);
      answer(exchange, 500, TEXT, "metrics could not be gathered: " + e + "\n");
      return;
    }
    answer(exchange, 200, EXPOSITION, text);
  }

  private static void unknown(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        404,
        TEXT,
        "there are /livez, /readyz and /metrics; the API is gRPC, elsewhere\n");
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    try (exchange) {
      if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private record Query(boolean verbose, Set<String> excluded) {
    static Query of(String raw) {
      boolean verbose = false;
      Set<String> excluded = new TreeSet<>();
      for (String part : raw == null ? new String[0] : raw.split("&")) {
        String[] pair = part.split("=", 2);
        if (pair[0].equals("verbose")) {
          verbose = true;
        } else if (pair[0].equals("exclude") && pair.length == 2) {
          excluded.add(URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
      }
      return new Query(verbose, excluded);
    }
  }
}
