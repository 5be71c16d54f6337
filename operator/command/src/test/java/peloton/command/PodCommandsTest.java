package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.Pod;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.svc.PodSvc;
import peloton.api.v1alpha.query.Query;

/** The commands for single pods. */
class PodCommandsTest extends CommandTest {
  private static final String POD = JOB + "-0";

  private final AtomicReference<byte[]> content = new AtomicReference<>(new byte[0]);
  private HttpServer agent;

  @AfterEach
  void stopAgent() {
    if (agent != null) {
      agent.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"start, started", "stop, stopped", "restart, restarted", "refresh, refreshed"})
  void changesAPod(String verb, String said) {
    server
        .on(PodSvc.StartPodRequest.class, PodSvc.StartPodResponse.getDefaultInstance())
        .on(PodSvc.StopPodRequest.class, PodSvc.StopPodResponse.getDefaultInstance())
        .on(PodSvc.RestartPodRequest.class, PodSvc.RestartPodResponse.getDefaultInstance())
        .on(PodSvc.RefreshPodRequest.class, PodSvc.RefreshPodResponse.getDefaultInstance());

    assertThat(peloton("pod", verb, POD)).isEqualTo(new Cli.Result(0, "Pod " + said + NL, ""));
  }

  @Test
  void restartsOnlyWithinTheSla() {
    server.on(
        PodSvc.RestartPodRequest.class,
        Status.ABORTED.withDescription("pod restart would violate SLA"));

    Cli.Result result = peloton("pod", "restart", POD, "--check-sla");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("ABORTED: pod restart would violate SLA");
    assertThat(server.requests(PodSvc.RestartPodRequest.class).get(0).getCheckSla()).isTrue();
  }

  @Test
  void queriesByEveryCondition() {
    server.on(
        StatelessSvc.QueryPodsRequest.class,
        StatelessSvc.QueryPodsResponse.newBuilder()
            .addPods(
                Pod.PodInfo.newBuilder()
                    .setStatus(Pod.PodStatus.newBuilder().setPodId(id("-7-2")).setHost("h1")))
            .setPagination(Query.Pagination.newBuilder().setTotal(9))
            .build());

    Cli.Result result =
        peloton(
            "pod",
            "query",
            JOB,
            "-s",
            "running,failed",
            "--names",
            POD,
            "--hosts",
            "h1,h2",
            "-n",
            "1",
            "-o",
            "0",
            "-p",
            "host",
            "-a",
            "desc");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(cells(result.out().lines().toList().get(1))).contains(JOB + "-7", "h1");
    assertThat(result.out()).endsWith("Results 1 to 1 of 9" + NL);
    StatelessSvc.QueryPodsRequest request =
        server.requests(StatelessSvc.QueryPodsRequest.class).get(0);
    Pod.QuerySpec query = request.getSpec();
    assertThat(query.getPodStatesList())
        .containsExactly(PodState.POD_STATE_RUNNING, PodState.POD_STATE_FAILED);
    assertThat(query.getNames(0).getValue()).isEqualTo(POD);
    assertThat(query.getHostsList()).containsExactly("h1", "h2");
    assertThat(query.getPagination().getLimit()).isEqualTo(1);
    assertThat(query.getPagination().getOrderBy(0).getOrder())
        .isEqualTo(Query.OrderBy.Order.ORDER_BY_DESC);
    assertThat(request.getPagination()).isEqualTo(query.getPagination());
    assertThat(request.getSummaryOnly()).isTrue();
  }

  @Test
  void deletesTheEventsOfARun() {
    server.on(
        PodSvc.DeletePodEventsRequest.class, PodSvc.DeletePodEventsResponse.getDefaultInstance());

    assertThat(peloton("pod", "delete-events", POD, POD + "-1").out())
        .isEqualTo("Pod events deleted" + NL);
    assertThat(server.requests(PodSvc.DeletePodEventsRequest.class).get(0).getPodId())
        .isEqualTo(id("-0-1"));
  }

  @Test
  void showsWhatIsInMemoryAsYaml() {
    server.on(
        PodSvc.GetPodCacheRequest.class,
        PodSvc.GetPodCacheResponse.newBuilder()
            .setStatus(Pod.PodStatus.newBuilder().setState(PodState.POD_STATE_RUNNING))
            .build());

    assertThat(peloton("pod", "cache", POD).out())
        .startsWith("status:")
        .contains("  state: POD_STATE_RUNNING");
  }

  @Test
  void followsAFileUntilTheRunIsOver() throws IOException {
    startAgent();
    server
        .on(PodSvc.GetPodRequest.class, run("-0-1", PodState.POD_STATE_PENDING))
        .on(PodSvc.GetPodRequest.class, run("-0-1", PodState.POD_STATE_PENDING))
        .on(
            PodSvc.GetPodRequest.class,
            request -> {
              content.set("one\n\u00e4".getBytes(StandardCharsets.UTF_8));
              return List.of(run("-0-1", PodState.POD_STATE_RUNNING));
            })
        .on(PodSvc.GetPodRequest.class, Status.UNAVAILABLE)
        .on(
            PodSvc.GetPodRequest.class,
            request -> {
              content.set("one\n\u00e4\u20ac\ntwo\n".getBytes(StandardCharsets.UTF_8));
              return List.of(run("-0-2", PodState.POD_STATE_PENDING));
            })
        .on(PodSvc.BrowsePodSandboxRequest.class, Status.ABORTED)
        .on(PodSvc.BrowsePodSandboxRequest.class, sandbox());

    Cli.Result result = peloton("pod", "logs", "-f", POD);

    assertThat(result).isEqualTo(new Cli.Result(0, "one\n\u00e4\u20ac\ntwo\n", ""));
    assertThat(server.requests(PodSvc.BrowsePodSandboxRequest.class))
        .allSatisfy(request -> assertThat(request.getPodId()).isEqualTo(id("-0-1")));
  }

  @Test
  void waitsForTheRestOfACharacterThatIsTorn() throws IOException {
    startAgent();
    byte[] whole = "a\u20acb".getBytes(StandardCharsets.UTF_8);
    server
        .on(
            PodSvc.GetPodRequest.class,
            request -> {
              content.set(Arrays.copyOf(whole, 3));
              return List.of(run("-0-1", PodState.POD_STATE_RUNNING));
            })
        .on(
            PodSvc.GetPodRequest.class,
            request -> {
              content.set(whole);
              return List.of(run("-0-1", PodState.POD_STATE_FAILED));
            })
        .on(PodSvc.BrowsePodSandboxRequest.class, sandbox());

    Cli.Result result = peloton("pod", "logs", POD, "--follow", "-p", POD + "-1");

    assertThat(result).isEqualTo(new Cli.Result(0, "a\u20acb", ""));
  }

  @Test
  void theLetterNamesAFileIfOneComesAfterIt() {
    server.on(PodSvc.BrowsePodSandboxRequest.class, sandboxWithoutAgent());

    assertThat(peloton("pod", "logs", POD, "-f", "core").err()).contains("no file \"core\"");
    assertThat(peloton("pod", "logs", "-f", "core", POD).err()).contains("no file \"core\"");
    assertThat(peloton("pod", "logs", "--filename", "core", POD).err())
        .contains("no file \"core\"");
    assertThat(peloton("pod", "logs").code()).isEqualTo(2);
    assertThat(peloton("pod", "logs", "-f").code()).isEqualTo(2);
  }

  private void startAgent() throws IOException {
    agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.createContext(
        "/files/read",
        exchange -> {
          Map<String, String> query =
              Stream.of(exchange.getRequestURI().getQuery().split("&"))
                  .map(part -> part.split("=", 2))
                  .collect(Collectors.toMap(part -> part[0], part -> part[1]));
          byte[] file = content.get();
          int offset = Integer.parseInt(query.get("offset"));
          String data = "";
          if (offset < 0) {
            offset = file.length;
          } else {
            int end = Math.min(file.length, offset + Integer.parseInt(query.get("length")));
            data = new String(file, offset, end - offset, StandardCharsets.UTF_8);
          }
          byte[] body =
              ("{\"offset\":" + offset + ",\"data\":\"" + data.replace("\n", "\\n") + "\"}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    agent.start();
  }

  private PodSvc.BrowsePodSandboxResponse sandbox() {
    return sandboxWithoutAgent().toBuilder()
        .setPort(Integer.toString(agent.getAddress().getPort()))
        .build();
  }

  private static PodSvc.BrowsePodSandboxResponse sandboxWithoutAgent() {
    return PodSvc.BrowsePodSandboxResponse.newBuilder()
        .setHostname("127.0.0.1")
        .addPaths("/s/stdout")
        .build();
  }

  private static PodSvc.GetPodResponse run(String run, PodState state) {
    return PodSvc.GetPodResponse.newBuilder()
        .setCurrent(
            Pod.PodInfo.newBuilder()
                .setStatus(Pod.PodStatus.newBuilder().setPodId(id(run)).setState(state)))
        .build();
  }

  private static Peloton.PodID id(String run) {
    return Peloton.PodID.newBuilder().setValue(JOB + run).build();
  }
}
