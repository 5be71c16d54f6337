package peloton.mesos.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scheduler sees on its sockets. */
class SchedulerApiTest {

  private static final String PATH = "/api/v1/scheduler";

  @TempDir Path workDir;
  private LocalMesos mesos;
  private RawHttp http;

  @BeforeEach
  void start() throws Exception {
    mesos =
        LocalMesos.start(
            LocalMesosSettings.simulated(workDir, 1)
                .withAllocationInterval(Duration.ofMillis(10))
                .withStreamCapacity(2000));
    http = new RawHttp(mesos.port());
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    mesos.close();
  }

  @Test
  void aTaskIsLaunchedAcknowledgedAndKilled() throws Exception {
    try (var scheduler = subscribe()) {
      var offer = scheduler.expectOffer();
      assertThat(offer.getUrl().getAddress().getPort()).isEqualTo(mesos.port());
      scheduler.launch(offer, TestScheduler.task(offer, "t", "true").build());
      scheduler.expectState("t", TaskState.TASK_STARTING);
      scheduler.expectState("t", TaskState.TASK_RUNNING);
      scheduler.kill("t");
      scheduler.expectState("t", TaskState.TASK_KILLED);
    }
  }

  @Test
  void onlyPostsToTheRightPathAreTaken() throws Exception {
    var get = http.call("GET", PATH, Map.of(), new byte[0]);
    assertThat(get.status()).isEqualTo(405);
    assertThat(get.headers()).containsEntry("allow", "POST");
    assertThat(http.call("POST", "/elsewhere", Map.of(), new byte[0]).status()).isEqualTo(404);
  }

  @Test
  void whatIsNoCallIsRefusedAndTheConnectionStaysOpen() throws Exception {
    assertThat(http.call("POST", PATH, Map.of(), new byte[] {1}).status()).isEqualTo(400);
    assertThat(post(Map.of("Content-Type", "text/plain"), new byte[] {1}).status()).isEqualTo(415);
    assertThat(post(TestScheduler.PROTOBUF, new byte[] {1, 2, 3}).status()).isEqualTo(400);
    assertThat(post(json(), "{".getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(400);
    refused(Call.newBuilder(), "'type'");
    refused(Call.newBuilder().setType(Call.Type.SUBSCRIBE), "'subscribe'");
    refused(
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(TestScheduler.framework()))
            .setFrameworkId(id("x")),
        "'framework_id' differs");
    refused(Call.newBuilder().setType(Call.Type.REVIVE), "'framework_id'");
    refused(Call.newBuilder().setType(Call.Type.ACCEPT).setFrameworkId(id("x")), "'accept'");
    refused(
        Call.newBuilder()
            .setType(Call.Type.ACKNOWLEDGE)
            .setFrameworkId(id("x"))
            .setAcknowledge(
                Call.Acknowledge.newBuilder()
                    .setAgentId(TestScheduler.agentId("a"))
                    .setTaskId(TestScheduler.taskId("t"))
                    .setUuid(ByteString.copyFromUtf8("short"))),
        "has 5 bytes");
  }

  @Test
  void aCallMayLackNoRequiredField() throws Exception {
    var call =
        Call.newBuilder()
            .setType(Call.Type.KILL)
            .setFrameworkId(id("x"))
            .setKill(Call.Kill.newBuilder().buildPartial())
            .buildPartial();
    var response = post(TestScheduler.PROTOBUF, call.toByteArray());
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.text()).contains("task_id");
  }

  @Test
  void subscribeMustNotCarryAStreamIdAndMustAcceptAForm() throws Exception {
    var subscribe =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(TestScheduler.framework()))
            .build()
            .toByteArray();
    var headers = new HashMap<>(TestScheduler.PROTOBUF);
    headers.put("Mesos-Stream-Id", UUID.randomUUID().toString());
    assertThat(post(headers, subscribe).status()).isEqualTo(400);
    headers.remove("Mesos-Stream-Id");
    headers.put("Accept", "text/html");
    assertThat(post(headers, subscribe).status()).isEqualTo(406);
    assertThat(mesos.frameworks()).isEmpty();
  }

  @Test
  void aCallNeedsTheStreamIdOfTheCurrentSubscription() throws Exception {
    var revive = Call.newBuilder().setType(Call.Type.REVIVE);
    assertThat(
            post(TestScheduler.PROTOBUF, revive.setFrameworkId(id("x")).build().toByteArray())
                .status())
        .isEqualTo(400);
    var first = subscribe();
    byte[] call = revive.setFrameworkId(first.id()).build().toByteArray();
    assertThat(post(TestScheduler.PROTOBUF, call).status()).isEqualTo(400);
    assertThat(post(first.headers(), call).status()).isEqualTo(202);
    try (var second =
        TestScheduler.subscribed(
            mesos.port(), TestScheduler.framework().setId(first.id()).build())) {
      assertThat(first.expect(Event.Type.ERROR).getError().getMessage())
          .isEqualTo("Framework failed over");
      await(first::ended);
      assertThat(post(first.headers(), call).status()).isEqualTo(400);
      assertThat(post(second.headers(), call).status()).isEqualTo(202);
    }
    await(() -> !mesos.frameworks().get(0).connected());
    assertThat(post(first.headers(), call).status()).isEqualTo(403);
    first.close();
  }

  @Test
  void clientsThatGoAwayAreDisconnectedAndDisturbNobody() throws Exception {
    var scheduler = subscribe();
    for (int i = 0; i < 20; i++) {
      subscribe().close();
    }
    await(
        () -> mesos.frameworks().stream().filter(framework -> framework.connected()).count() == 1);
    scheduler.simple(Call.Type.REVIVE);
    scheduler.close();
    await(() -> mesos.frameworks().stream().noneMatch(framework -> framework.connected()));
  }

  @Test
  void aFrameworkWithoutFailoverTimeoutIsRemovedWhenItsConnectionBreaks() throws Exception {
    var info = TestScheduler.framework().clearFailoverTimeout().build();
    var scheduler = TestScheduler.subscribed(mesos.port(), info);
    scheduler.close();
    await(() -> mesos.frameworks().isEmpty());
    try (var again =
        new TestScheduler(mesos.port(), info.toBuilder().setId(scheduler.id()).build())) {
      assertThat(again.expect(Event.Type.ERROR).getError().getMessage())
          .isEqualTo("Framework has been removed");
      await(again::ended);
    }
  }

  @Test
  void pipelinedCallsAreAnsweredInOrderWhateverTheAnswer() throws Exception {
    try (var scheduler = subscribe()) {
      var good =
          Call.newBuilder().setType(Call.Type.SUPPRESS).setFrameworkId(scheduler.id()).build();
      var update =
          Call.newBuilder()
              .setType(Call.Type.UPDATE_FRAMEWORK)
              .setFrameworkId(scheduler.id())
              .setUpdateFramework(
                  Call.UpdateFramework.newBuilder()
                      .setFrameworkInfo(TestScheduler.framework().setId(scheduler.id())))
              .build();
      var bytes = new ByteArrayOutputStream();
      for (int i = 0; i < 200; i++) {
        bytes.writeBytes(RawHttp.request("POST", PATH, scheduler.headers(), good.toByteArray()));
        bytes.writeBytes(RawHttp.request("POST", PATH, scheduler.headers(), update.toByteArray()));
        bytes.writeBytes(RawHttp.request("POST", PATH, TestScheduler.PROTOBUF, good.toByteArray()));
      }
      http.send(bytes.toByteArray());
      for (int i = 0; i < 200; i++) {
        assertThat(http.read().status()).isEqualTo(202);
        assertThat(http.read().status()).isEqualTo(200);
        assertThat(http.read().status()).isEqualTo(400);
      }
    }
  }

  @Test
  void callsOfOneConnectionTakeEffectInTheirOrder() throws Exception {
    try (var scheduler = subscribe()) {
      var offer = scheduler.expectOffer();
      scheduler.launch(offer, TestScheduler.task(offer, "t", "true").build());
      scheduler.expectState("t", TaskState.TASK_STARTING);
      scheduler.expectState("t", TaskState.TASK_RUNNING);
      var bytes = new ByteArrayOutputStream();
      var kill =
          Call.newBuilder()
              .setType(Call.Type.KILL)
              .setFrameworkId(scheduler.id())
              .setKill(Call.Kill.newBuilder().setTaskId(TestScheduler.taskId("t")))
              .build();
      var teardown =
          Call.newBuilder().setType(Call.Type.TEARDOWN).setFrameworkId(scheduler.id()).build();
      bytes.writeBytes(RawHttp.request("POST", PATH, scheduler.headers(), kill.toByteArray()));
      bytes.writeBytes(RawHttp.request("POST", PATH, scheduler.headers(), teardown.toByteArray()));
      http.send(bytes.toByteArray());
      assertThat(List.of(http.read().status(), http.read().status())).containsExactly(202, 202);
      await(scheduler::ended);
      assertThat(mesos.frameworks()).isEmpty();
    }
  }

  @Test
  void aMasterThatDoesNotLeadRedirectsOrSaysThatNobodyLeads() throws Exception {
    mesos.redirectTo("127.0.0.2:5050");
    var redirect = post(TestScheduler.PROTOBUF, new byte[0]);
    assertThat(redirect.status()).isEqualTo(307);
    assertThat(redirect.headers()).containsEntry("location", "//127.0.0.2:5050" + PATH);
    mesos.unavailable(true);
    assertThat(post(TestScheduler.PROTOBUF, new byte[0]).status()).isEqualTo(503);
    mesos.unavailable(false);
    subscribe().close();
  }

  @Test
  void afterAMasterFailoverTheSchedulerSubscribesAgainAndItsTasksAreThere() throws Exception {
    var first = subscribe();
    var offer = first.expectOffer();
    first.launch(offer, TestScheduler.task(offer, "t", "true").build());
    first.expectState("t", TaskState.TASK_STARTING);
    first.expectState("t", TaskState.TASK_RUNNING);
    mesos.failOverMaster();
    await(first::ended);
    try (var second =
        TestScheduler.subscribed(
            mesos.port(), TestScheduler.framework().setId(first.id()).build())) {
      assertThat(second.frameworkId()).isEqualTo(first.frameworkId());
      second.reconcile(Call.Reconcile.newBuilder());
      second.expectState("t", TaskState.TASK_RUNNING);
      assertThat(second.expectOffer().getId()).isNotEqualTo(offer.getId());
    }
  }

  @Test
  void droppedConnectionsEndTheSubscription() throws Exception {
    var scheduler = subscribe();
    mesos.dropConnections();
    await(scheduler::ended);
    await(() -> !mesos.frameworks().get(0).connected());
    assertThat(http.isCutOff()).isTrue();
  }

  @Test
  void aSchedulerThatDoesNotReadIsCutOffAndTheMasterGoesOn() throws Exception {
    try (var deaf = new RawHttp(mesos.port())) {
      var subscribe =
          Call.newBuilder()
              .setType(Call.Type.SUBSCRIBE)
              .setSubscribe(
                  Call.Subscribe.newBuilder()
                      .setFrameworkInfo(TestScheduler.framework().setName("deaf")))
              .build();
      deaf.send(RawHttp.request("POST", PATH, TestScheduler.PROTOBUF, subscribe.toByteArray()));
      var head = deaf.readHead();
      await(() -> !mesos.frameworks().isEmpty());
      String id = mesos.frameworks().get(0).id();
      var headers = new HashMap<>(TestScheduler.PROTOBUF);
      headers.put("Mesos-Stream-Id", head.headers().get("mesos-stream-id"));
      var reconcile = Call.Reconcile.newBuilder();
      for (int i = 0; i < 1000; i++) {
        reconcile.addTasksBuilder().setTaskId(TestScheduler.taskId("x".repeat(200) + i));
      }
      byte[] call =
          Call.newBuilder()
              .setType(Call.Type.RECONCILE)
              .setFrameworkId(id(id))
              .setReconcile(reconcile)
              .build()
              .toByteArray();
      int status = 202;
      for (int i = 0; i < 1000 && status == 202; i++) {
        status = post(headers, call).status();
      }
      assertThat(status).isEqualTo(403);
    }
    subscribe().close();
  }

  @Test
  void callsAndEventsMayBeJson() throws Exception {
    String subscribe =
        "{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":"
            + "{\"user\":\"root\",\"name\":\"json\"}}}";
    var headers = Map.of("Content-Type", "application/json", "Accept", "application/json");
    http.send(RawHttp.request("POST", PATH, headers, subscribe.getBytes(StandardCharsets.UTF_8)));
    assertThat(http.readHead().headers()).containsEntry("content-type", "application/json");
    String first = new String(http.chunk(), StandardCharsets.UTF_8);
    assertThat(first).contains("\"type\":\"SUBSCRIBED\"", "\"heartbeat_interval_seconds\":15.0");
    int length = Integer.parseInt(first.substring(0, first.indexOf('\n')));
    assertThat(first.substring(first.indexOf('\n') + 1)).hasSizeGreaterThanOrEqualTo(length);
  }

  @Test
  void theAgentOfAnOfferCanBeLostAndReturned() throws Exception {
    try (var scheduler =
        TestScheduler.subscribed(
            mesos.port(), TestScheduler.framework(Capability.Type.PARTITION_AWARE).build())) {
      var offer = scheduler.expectOffer();
      assertThat(mesos.removeAgent(offer.getAgentId().getValue())).isTrue();
      assertThat(scheduler.expect(Event.Type.RESCIND).getRescind().getOfferId())
          .isEqualTo(offer.getId());
      assertThat(mesos.returnAgent(offer.getAgentId().getValue())).isTrue();
      scheduler.expectOffer();
      assertThat(mesos.removeAgent("none")).isFalse();
    }
  }

  private TestScheduler subscribe() throws Exception {
    return TestScheduler.subscribed(mesos.port(), TestScheduler.framework().build());
  }

  private RawHttp.Response post(Map<String, String> headers, byte[] body) throws Exception {
    return http.call("POST", PATH, headers, body);
  }

  private void refused(Call.Builder call, String part) throws Exception {
    var response = post(TestScheduler.PROTOBUF, call.build().toByteArray());
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.text()).contains(part);
  }

  private static Map<String, String> json() {
    return Map.of("Content-Type", "application/json");
  }

  private static FrameworkID id(String id) {
    return FrameworkID.newBuilder().setValue(id).build();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("in time").isNegative();
      Thread.onSpinWait();
    }
  }
}
