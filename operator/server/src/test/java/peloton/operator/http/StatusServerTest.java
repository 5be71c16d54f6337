package peloton.operator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusServerTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<String> etcd = new AtomicReference<>("");
  private Supplier<String> metrics = () -> "peloton_leader 1.0\n";
  private StatusServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        StatusServer.start(
            "127.0.0.1",
            0,
            new StatusServer.Content(
                List.of(new Check("loops", Optional::empty)),
                List.of(
                    new Check("etcd", () -> Optional.of(etcd.get()).filter(p -> !p.isEmpty())),
                    new Check("other", Optional::empty)),
                () -> List.of("leader: 127.0.0.1:5392"),
                () -> metrics.get()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aReplicaThatIsWellSaysOk() throws Exception {
    assertThat(get("/livez").body()).isEqualTo("ok\n");
    assertThat(get("/readyz").body()).isEqualTo("ok\n");
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void aFailingCheckIsNamedAndMakesItUnready() throws Exception {
    etcd.set("etcd was last heard of 11 s ago");

    HttpResponse<String> answer = get("/readyz");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo(
            """
            [-] etcd: etcd was last heard of 11 s ago
            [+] other ok
            leader: 127.0.0.1:5392
            readyz check failed
            """);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void verboseListsEveryCheckAndWhoLeads() throws Exception {
    assertThat(get("/readyz?verbose").body())
        .isEqualTo("[+] etcd ok\n[+] other ok\nleader: 127.0.0.1:5392\nok\n");
  }

  @Test
  void aCheckThatIsExcludedDoesNotCount() throws Exception {
    etcd.set("away");

    assertThat(get("/readyz?exclude=etcd").statusCode()).isEqualTo(200);
    assertThat(get("/readyz?verbose&exclude=etcd&exclude=nothing").body())
        .contains("[+] etcd excluded")
        .contains("[?] nothing: excluded, but there is no such check");
  }

  @Test
  void metricsAreServedAsPrometheusReadsThem() throws Exception {
    HttpResponse<String> answer = get("/metrics");

    assertThat(answer.body()).isEqualTo("peloton_leader 1.0\n");
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void metricsThatCannotBeGatheredAreAnError() throws Exception {
    metrics =
        () -> {
          throw new IllegalStateException("no view");
        };

    assertThat(get("/metrics").statusCode()).isEqualTo(500);
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/livez/x").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(uri("/livez"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void aPortThatIsTakenIsNamedWithItsSetting() {
    StatusServer.Content none = new StatusServer.Content(List.of(), List.of(), List::of, () -> "");

    assertThatThrownBy(() -> StatusServer.start("127.0.0.1", server.port(), none))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("listen.httpPort")
        .hasMessageContaining(Integer.toString(server.port()));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
