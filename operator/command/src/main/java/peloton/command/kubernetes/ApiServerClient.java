package peloton.command.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import peloton.command.cluster.ClusterException;

/** Speaks to the API server directly, which is faster than kubectl allows itself to be. */
public final class ApiServerClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final String base;
  private final String token;

  /** A stream of changes. */
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  ApiServerClient(String base, Path certificate, String token) {
    this.base = base;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .sslContext(trusting(certificate))
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  /** Creates an object; fails with {@link ClusterException} unless it is created. */
  public CompletableFuture<JsonNode> create(String collection, JsonNode object) {
    return send(
        request(collection)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(object.toString())));
  }

  /** Merges a patch into an object; fails with {@link ClusterException} unless it is taken. */
  public CompletableFuture<JsonNode> patch(String object, String patch) {
    return send(
        request(object)
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(patch)));
  }

  /** Reads an object or a collection. */
  public JsonNode get(String path) {
    return send(request(path).GET()).join();
  }

  /**
   * Hands each change of a collection to a listener, on a thread of its own, from what is there now
   * until the stream is closed.
   */
  public Watch watch(String collection, Consumer<JsonNode> listener) {
    try {
      HttpResponse<InputStream> response =
          http.send(
              builder(collection + "?watch=1").GET().build(),
              HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw new ClusterException("no watch of " + collection + ": " + response.statusCode());
      }
      InputStream stream = response.body();
      Thread reader =
          new Thread(
              () -> {
                try (Stream<String> lines =
                    new java.io.BufferedReader(new java.io.InputStreamReader(stream)).lines()) {
                  lines.forEach(line -> listener.accept(parse(line)));
                } catch (UncheckedIOException closed) {
                  // The end of the watch.
                }
              },
              "kubernetes-watch");
      reader.setDaemon(true);
      reader.start();
      return () -> {
        try {
          stream.close();
        } catch (IOException e) {
          // The server has ended it.
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private CompletableFuture<JsonNode> send(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(
            response -> {
              if (response.statusCode() / 100 != 2) {
                throw new ClusterException(
                    "the API server answered " + response.statusCode() + ": " + response.body());
              }
              return parse(response.body());
            });
  }

  private HttpRequest.Builder request(String path) {
    return builder(path).timeout(Duration.ofSeconds(60));
  }

  private HttpRequest.Builder builder(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token);
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SSLContext trusting(Path certificate) {
    try (InputStream file = Files.newInputStream(certificate)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        trusted.setCertificateEntry("c" + count++, one);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new ClusterException("the API server's certificate cannot be used: " + e, e);
    }
  }
}
