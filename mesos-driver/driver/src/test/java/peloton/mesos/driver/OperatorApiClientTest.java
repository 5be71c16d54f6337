package peloton.mesos.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.VersionInfo;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.mesos.driver.MesosOperatorException.Kind;

@Timeout(180)
class OperatorApiClientTest {
  private static final AgentID AGENT = AgentID.newBuilder().setValue("a-1").build();
  private static final byte[] NOTHING = new byte[0];

  private final List<Master> masters = new ArrayList<>();
  private final List<OperatorApiClient> clients = new ArrayList<>();

  @AfterEach
  void closeAll() {
    clients.forEach(OperatorApiClient::close);
    masters.forEach(master -> master.server.stop(0));
  }

  @Test
  void readsTheAgentsOfTheMaster() throws Exception {
    Response.GetAgents.Agent agent =
        Response.GetAgents.Agent.newBuilder()
            .setAgentInfo(AgentInfo.newBuilder().setHostname("h").setId(AGENT))
            .setActive(true)
            .setDeactivated(true)
            .setVersion("1.11.0")
            .build();
    Master master = new Master();
    master.answer(
        200,
        Response.newBuilder()
            .setType(Response.Type.GET_AGENTS)
            .setGetAgents(Response.GetAgents.newBuilder().addAgents(agent))
            .build()
            .toByteArray());
    assertThat(get(client(master).agents())).containsExactly(agent);
    assertThat(master.calls)
        .containsExactly(Call.newBuilder().setType(Call.Type.GET_AGENTS).build());
    assertThat(master.heads)
        .containsExactly("POST /api/v1 application/x-protobuf application/x-protobuf null");
  }

  @Test
  void ordersADrainInTheFormThatMesosReads() throws Exception {
    Master master = new Master();
    OperatorApiClient client = client(master);
    get(client.drainAgent(AGENT, Optional.of(Duration.ofMillis(1500)), true));
    get(client.drainAgent(AGENT, Optional.empty(), false));
    assertThat(master.calls.get(0).getDrainAgent())
        .isEqualTo(
            Call.DrainAgent.newBuilder()
                .setAgentId(AGENT)
                .setMaxGracePeriod(
                    com.google.protobuf.Duration.newBuilder().setSeconds(1).setNanos(500_000_000))
                .setMarkGone(true)
                .build());
    assertThat(master.calls.get(1).getDrainAgent().hasMaxGracePeriod()).isFalse();
  }

  @Test
  void makesCallsInTheOrderInWhichTheyWereMade() throws Exception {
    Master master = new Master();
    OperatorApiClient client = client(master);
    List<MachineID> machines = List.of(MachineID.newBuilder().setHostname("h").build());
    client.updateMaintenanceSchedule(Schedule.getDefaultInstance());
    client.startMaintenance(machines);
    client.stopMaintenance(machines);
    client.deactivateAgent(AGENT);
    client.reactivateAgent(AGENT);
    get(client.markAgentGone(AGENT));
    assertThat(master.calls)
        .extracting(Call::getType)
        .containsExactly(
            Call.Type.UPDATE_MAINTENANCE_SCHEDULE,
            Call.Type.START_MAINTENANCE,
            Call.Type.STOP_MAINTENANCE,
            Call.Type.DEACTIVATE_AGENT,
            Call.Type.REACTIVATE_AGENT,
            Call.Type.MARK_AGENT_GONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"//%s/api/v1", "%s", "http://%s/api/v1"})
  void followsARedirectToTheLeaderWithItsCredential(String location) throws Exception {
    Master leader = new Master();
    leader.answer(200, version("1.11.0"));
    Master other = new Master();
    other.location = String.format(location, leader.address());
    other.answer(307, NOTHING);
    OperatorApiClient client =
        client(settings(other).withCredential(new Credential("peloton", "secret")));
    assertThat(get(client.version())).isEqualTo("1.11.0");
    assertThat(leader.heads.get(0)).endsWith("Basic cGVsb3RvbjpzZWNyZXQ=");
  }

  @Test
  void triesTheNextMasterWhenOneIsGoneOrHasNoLeader() throws Exception {
    Master gone = new Master();
    gone.server.stop(0);
    Master leaderless = new Master();
    leaderless.answer(503, "No leader elected".getBytes(StandardCharsets.UTF_8));
    Master leader = new Master();
    leader.answer(200, version("1.10.0"));
    assertThat(get(client(gone, leaderless, leader).version())).isEqualTo("1.10.0");
  }

  @Test
  void saysThatNothingHasChangedWhenNoMasterLeads() {
    Master leaderless = new Master();
    leaderless.answer(503, "No leader elected".getBytes(StandardCharsets.UTF_8));
    MesosOperatorException failure = failure(client(leaderless).deactivateAgent(AGENT));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure)
        .hasMessage(
            "Mesos operator call DEACTIVATE_AGENT: %s says HTTP 503 No leader elected",
            leaderless.address());
  }

  @ParameterizedTest
  @CsvSource({"400,REFUSED", "404,REFUSED", "501,REFUSED", "401,UNAUTHORIZED", "403,UNAUTHORIZED"})
  void saysWhatTheMasterSaysToACallThatItTurnsDown(int status, Kind kind) {
    Master master = new Master();
    master.answer(status, "Unknown agent".getBytes(StandardCharsets.UTF_8));
    MesosOperatorException failure = failure(client(master).markAgentGone(AGENT));
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure).hasMessageEndingWith("HTTP " + status + " Unknown agent");
    assertThat(master.calls).hasSize(1);
  }

  @Test
  void doesNotKnowTheOutcomeOfACallThatIsNotAnswered() {
    Master silent = new Master();
    silent.status = 0;
    Master next = new Master();
    MesosOperatorException failure =
        failure(client(silent, next).drainAgent(AGENT, Optional.empty(), false));
    assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN_OUTCOME);
    assertThat(next.calls).as("a call is not sent twice").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "<html>a proxy</html>", ""})
  void takesWhatIsNoAnswerForNoAnswer(String body) {
    Master master = new Master();
    master.answer(200, body.getBytes(StandardCharsets.UTF_8));
    assertThat(failure(client(master).agents()).kind()).isEqualTo(Kind.UNKNOWN_OUTCOME);
  }

  @Test
  void refusesCallsAfterItsEnd() {
    OperatorApiClient client = client(new Master());
    client.close();
    MesosOperatorException failure = failure(client.agents());
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("the client is closed");
  }

  private static byte[] version(String version) {
    return Response.newBuilder()
        .setType(Response.Type.GET_VERSION)
        .setGetVersion(
            Response.GetVersion.newBuilder()
                .setVersionInfo(VersionInfo.newBuilder().setVersion(version)))
        .build()
        .toByteArray();
  }

  private OperatorApiClient client(Master... some) {
    return client(settings(some));
  }

  private OperatorApiClient client(DriverSettings settings) {
    OperatorApiClient client = new OperatorApiClient(settings);
    clients.add(client);
    return client;
  }

  private static DriverSettings settings(Master... some) {
    return DriverSettings.of(
        new StaticMasters(List.of(some).stream().map(Master::address).toList()));
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(90, TimeUnit.SECONDS);
  }

  private static MesosOperatorException failure(CompletionStage<?> stage) {
    Throwable thrown = catchThrowable(() -> get(stage));
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    return (MesosOperatorException) thrown.getCause();
  }

  /** Answers every call with the same, and keeps what it was asked. */
  private final class Master {
    private final HttpServer server;
    private final MasterAddress address;
    private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<String> heads = Collections.synchronizedList(new ArrayList<>());
    private volatile int status = 200;
    private volatile byte[] body = NOTHING;
    private volatile String location = "";

    private Master() {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      address = new MasterAddress("127.0.0.1", server.getAddress().getPort());
      server.createContext("/", this::handle);
      server.start();
      masters.add(this);
    }

    private MasterAddress address() {
      return address;
    }

    private void answer(int code, byte[] bytes) {
      status = code;
      body = bytes;
    }

    private void handle(HttpExchange exchange) throws IOException {
      heads.add(
          String.join(
              " ",
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              exchange.getRequestHeaders().getFirst("Content-Type"),
              exchange.getRequestHeaders().getFirst("Accept"),
              exchange.getRequestHeaders().getFirst("Authorization")));
      calls.add(Call.parseFrom(exchange.getRequestBody()));
      if (status == 0) {
        throw new IOException("no answer");
      }
      if (!location.isEmpty()) {
        exchange.getResponseHeaders().add("Location", location);
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    }
  }
}
