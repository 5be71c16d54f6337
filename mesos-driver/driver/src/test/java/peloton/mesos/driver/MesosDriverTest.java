package peloton.mesos.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.mesos.driver.DriverSnapshot.State;
import peloton.mesos.driver.MesosEvents.Disconnection;
import peloton.mesos.driver.MesosEvents.Disconnection.Kind;
import peloton.mesos.driver.ScriptedMaster.Request;
import peloton.mesos.driver.ScriptedMaster.Stream;

@Timeout(180)
class MesosDriverTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final FrameworkInfo FRAMEWORK =
      FrameworkInfo.newBuilder().setUser("root").setName("Peloton").build();

  private final ScriptedMaster master = new ScriptedMaster();
  private final RecordedEvents events = new RecordedEvents();
  private final AtomicReference<FrameworkInfo> framework = new AtomicReference<>(FRAMEWORK);
  private final AtomicLong nanos = new AtomicLong();
  private DriverSettings settings =
      settings(new StaticMasters(List.of(master.address())), SHORT, SHORT, LONG);
  private MesosDriver driver;

  @AfterEach
  void closeAll() {
    if (driver != null) {
      driver.close();
    }
    master.close();
  }

  @Test
  void subscribesWithoutAnIdAndReportsTheIdThatItGets() {
    start();
    Stream stream = master.nextStream();
    assertThat(stream.request().path()).isEqualTo("/api/v1/scheduler");
    assertThat(stream.request().headers())
        .containsEntry("content-type", "application/x-protobuf")
        .containsEntry("accept", "application/x-protobuf")
        .containsEntry("host", master.address().toString())
        .doesNotContainKeys("mesos-stream-id", "authorization");
    assertThat(stream.request().call())
        .isEqualTo(
            Call.newBuilder()
                .setType(Call.Type.SUBSCRIBE)
                .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(FRAMEWORK))
                .build());
    stream.subscribed("fw-1", 15);
    assertThat(events.nextEvent().getSubscribed().getFrameworkId().getValue()).isEqualTo("fw-1");
    assertThat(driver.snapshot().state()).isEqualTo(State.SUBSCRIBED);
    assertThat(driver.snapshot().master()).contains(master.address());
  }

  @Test
  void subscribesWithTheStoredId() {
    framework.set(FRAMEWORK.toBuilder().setId(frameworkId("stored")).build());
    start();
    Call call = master.nextSubscribe().call();
    assertThat(call.getFrameworkId()).isEqualTo(frameworkId("stored"));
    assertThat(call.getSubscribe().getFrameworkInfo().getId()).isEqualTo(frameworkId("stored"));
  }

  @Test
  void subscribesAgainWithTheIdThatItGotWhileNoneIsStoredYet() {
    start();
    subscribe("fw-1").cut();
    assertThat(events.nextDisconnection().kind()).isEqualTo(Kind.RETRYING);
    Call call = master.nextStream().request().call();
    assertThat(call.getFrameworkId()).isEqualTo(frameworkId("fw-1"));
    assertThat(call.getSubscribe().getFrameworkInfo().getId()).isEqualTo(frameworkId("fw-1"));
  }

  @Test
  void deliversEventsInOrderAndKeepsHeartbeats() {
    start();
    Stream stream = subscribe("fw-1");
    Event heartbeat = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();
    stream.send(heartbeat).send(rescind("a")).send(heartbeat).send(rescind("b"));
    assertThat(events.nextEvent()).isEqualTo(rescind("a"));
    assertThat(events.nextEvent()).isEqualTo(rescind("b"));
    assertThat(driver.snapshot().eventsReceived()).isEqualTo(5);
  }

  @Test
  void readsEventsThatAreCutIntoChunksAnywhere() {
    start();
    Stream stream = subscribe("fw-1");
    byte[] bytes =
        RecordIo.concat(
            RecordIo.encode(rescind("a".repeat(200)).toByteArray()),
            RecordIo.encode(rescind("b").toByteArray()));
    for (byte b : bytes) {
      stream.chunk(new byte[] {b});
    }
    assertThat(events.nextEvent()).isEqualTo(rescind("a".repeat(200)));
    assertThat(events.nextEvent()).isEqualTo(rescind("b"));
  }

  @Test
  void skipsEventsOfANewerMaster() {
    start();
    Stream stream = subscribe("fw-1");
    TaskStatus unknownState =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue("t"))
            .setUnknownFields(varint(TaskStatus.STATE_FIELD_NUMBER, 999))
            .buildPartial();
    stream.send(
        Event.newBuilder()
            .setType(Event.Type.UPDATE)
            .setUpdate(Event.Update.newBuilder().setStatus(unknownState).buildPartial())
            .buildPartial());
    stream.send(Event.newBuilder().setUnknownFields(varint(Event.TYPE_FIELD_NUMBER, 999)).build());
    stream.send(rescind("a"));
    assertThat(events.nextEvent()).isEqualTo(rescind("a"));
    assertThat(driver.snapshot().eventsSkipped()).isEqualTo(2);
  }

  @Test
  void sendsCallsInOrderOverOneConnectionUnderTheStreamId() {
    start();
    Stream stream = subscribe("fw-1");
    List<Call> sent = IntStream.range(0, 3000).mapToObj(i -> kill("task-" + i)).toList();
    sent.forEach(driver::send);
    List<Call> received = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      Request request = master.nextCall();
      assertThat(request.connection()).isEqualTo(stream.request().connection() + 1);
      assertThat(request.headers()).containsEntry("mesos-stream-id", "stream-1");
      received.add(request.call());
    }
    assertThat(received)
        .isEqualTo(
            sent.stream()
                .map(call -> call.toBuilder().setFrameworkId(frameworkId("fw-1")).build())
                .toList());
  }

  @Test
  void letsTheListenerCallFromWithinAnEvent() {
    events.react(event -> driver.send(kill("from-listener")));
    start();
    subscribe("fw-1");
    assertThat(master.nextCall().call().getKill().getTaskId().getValue())
        .isEqualTo("from-listener");
  }

  @Test
  void writesWhatWaitsBeforeItReadsTheAnswers() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger seen = new AtomicInteger();
    master.onCall(
        request -> {
          int number = seen.incrementAndGet();
          if (number == 1) {
            await(gate);
          }
          // The answers of the second batch come only with its last request.
          boolean held = number > 1 && number < 10;
          return held ? "" : ScriptedMaster.ACCEPTED.repeat(number == 10 ? 9 : 1);
        });
    start();
    subscribe("fw-1");
    driver.send(kill("0"));
    master.nextCall();
    IntStream.range(1, 10).forEach(i -> driver.send(kill("" + i)));
    gate.countDown();
    IntStream.range(1, 10)
        .forEach(
            i ->
                assertThat(master.nextCall().call().getKill().getTaskId().getValue())
                    .isEqualTo("" + i));
    driver.send(kill("last"));
    assertThat(master.nextCall().call().getKill().getTaskId().getValue()).isEqualTo("last");
    driver.close();
    events.expectNothing();
    assertThat(driver.snapshot().callsAccepted()).isGreaterThanOrEqualTo(10);
  }

  @Test
  void readsAnswersThatHaveABody() {
    master.onCall(
        request ->
            request.call().getKill().getTaskId().getValue().equals("chunked")
                ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                : ScriptedMaster.answer("200 OK", "", "a body"));
    start();
    subscribe("fw-1");
    List<String> tasks = List.of("a", "chunked", "b", "chunked", "c");
    tasks.forEach(task -> driver.send(kill(task)));
    for (String task : tasks) {
      assertThat(master.nextCall().call().getKill().getTaskId().getValue()).isEqualTo(task);
    }
    driver.close();
    events.expectNothing();
  }

  @Test
  void dropsCallsWhileThereIsNoSubscription() {
    start();
    Stream stream = master.nextStream();
    driver.send(kill("too-early"));
    stream.subscribed("fw-1", 15);
    events.nextEvent();
    driver.send(kill("in-time"));
    assertThat(master.nextCall().call().getKill().getTaskId().getValue()).isEqualTo("in-time");
    assertThat(driver.snapshot().callsDropped()).isEqualTo(1);
  }

  @Test
  void refusesCallsThatItMustNotSend() {
    start();
    Call subscribe = Call.newBuilder().setType(Call.Type.SUBSCRIBE).build();
    assertThatThrownBy(() -> driver.send(subscribe))
        .hasMessage("SUBSCRIBE is the driver's own call");
    Call incomplete =
        Call.newBuilder()
            .setType(Call.Type.KILL)
            .setKill(Call.Kill.newBuilder().buildPartial())
            .buildPartial();
    assertThatThrownBy(() -> driver.send(incomplete)).hasMessage("KILL lacks [kill.task_id]");
  }

  @Test
  void endsTheSubscriptionWhenTheCallConnectionBreaksWithCallsUnanswered() {
    master.onCall(request -> null);
    start();
    Stream stream = subscribe("fw-1");
    IntStream.range(0, 100).forEach(i -> driver.send(kill("old-" + i)));
    Disconnection disconnection = events.nextDisconnection();
    assertThat(disconnection.kind()).isEqualTo(Kind.RETRYING);
    assertThat(disconnection.detail()).contains("the connection for calls broke");
    stream.awaitClosed();
    drainCalls();
    master.onCall(request -> ScriptedMaster.ACCEPTED);
    subscribe("fw-1");
    driver.send(kill("new"));
    Request request = master.nextCall();
    assertThat(request.call().getKill().getTaskId().getValue()).isEqualTo("new");
    assertThat(request.headers()).containsEntry("mesos-stream-id", "stream-2");
  }

  @Test
  void opensTheCallConnectionAgainWhenTheMasterClosesItBetweenCalls() {
    master.onCall(request -> ScriptedMaster.answer("202 Accepted", "Connection: close\r\n", ""));
    start();
    subscribe("fw-1");
    driver.send(kill("a"));
    Request first = master.nextCall();
    awaitAccepted(1);
    driver.send(kill("b"));
    Request second = master.nextCall();
    assertThat(second.connection()).isEqualTo(first.connection() + 1);
    assertThat(second.headers()).containsEntry("mesos-stream-id", "stream-1");
    awaitAccepted(2);
    assertThat(driver.snapshot().state()).isEqualTo(State.SUBSCRIBED);
  }

  @Test
  void looksAtTheCallConnectionAfterASilenceBeforeItUsesIt() {
    start();
    subscribe("fw-1");
    driver.send(kill("a"));
    int connection = master.nextCall().connection();
    awaitAccepted(1);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    master.closeConnection(connection);
    driver.send(kill("b"));
    Request second = master.nextCall();
    assertThat(second.call().getKill().getTaskId().getValue()).isEqualTo("b");
    assertThat(second.connection()).isEqualTo(connection + 1);
    awaitAccepted(2);
    driver.send(kill("c"));
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    driver.send(kill("d"));
    assertThat(master.nextCall().connection()).isEqualTo(connection + 1);
    assertThat(master.nextCall().connection()).isEqualTo(connection + 1);
    assertThat(driver.snapshot().state()).isEqualTo(State.SUBSCRIBED);
  }

  @ParameterizedTest
  @CsvSource({
    "400 Bad Request, The stream ID 'x' did not match",
    "403 Forbidden, Framework is not subscribed",
    "503 Service Unavailable, No leader elected",
    "500 Internal Server Error, Oops",
  })
  void endsTheSubscriptionWhenACallIsTurnedDown(String status, String body) {
    master.onCall(request -> ScriptedMaster.answer(status, "", body));
    start();
    Stream stream = subscribe("fw-1");
    driver.send(kill("a"));
    Disconnection disconnection = events.nextDisconnection();
    assertThat(disconnection.kind()).isEqualTo(Kind.RETRYING);
    assertThat(disconnection.detail())
        .isEqualTo("KILL was answered with HTTP " + status.substring(0, 3) + " " + body);
    stream.awaitClosed();
    subscribe("fw-1");
  }

  @Test
  void stepsDownWhenTheStreamExplainsWhyACallWasTurnedDown() {
    start();
    Stream stream = subscribe("fw-1");
    master.onCall(
        request -> {
          stream.error("Framework failed over");
          return ScriptedMaster.answer("400 Bad Request", "", "stale stream");
        });
    driver.send(kill("a"));
    assertThat(events.nextDisconnection().kind()).isEqualTo(Kind.FAILED_OVER);
  }

  @Test
  void endsTheSubscriptionWhenTooManyCallsWait() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    master.onCall(
        request -> {
          await(gate);
          return ScriptedMaster.ACCEPTED;
        });
    settings = settings.withLimits(5, 1 << 20, 10, 1);
    start();
    subscribe("fw-1");
    IntStream.range(0, 12).forEach(i -> driver.send(kill("" + i)));
    Disconnection disconnection = events.nextDisconnection();
    gate.countDown();
    assertThat(disconnection.kind()).isEqualTo(Kind.RETRYING);
    assertThat(disconnection.detail()).contains("more than 10 calls wait");
    subscribe("fw-1");
  }

  @ParameterizedTest
  @CsvSource({"Framework failed over, FAILED_OVER", "Framework has been removed, REMOVED"})
  void stopsForGoodWhenTheFrameworkIsTakenAway(String message, Kind kind) {
    start();
    Stream stream = subscribe("fw-1");
    stream.error(message);
    assertThat(events.nextDisconnection())
        .isEqualTo(new Disconnection(kind, "the master says: " + message));
    stream.awaitClosed();
    awaitState(State.STOPPED);
    driver.send(kill("late"));
    events.expectNothing();
    assertThat(master.subscribesNotLookedAt()).isEqualTo(1);
    assertThat(master.callsNotLookedAt()).isZero();
  }

  @Test
  void learnsThatTheFrameworkIsRemovedBeforeItIsSubscribed() {
    framework.set(FRAMEWORK.toBuilder().setId(frameworkId("burnt")).build());
    start();
    master.nextStream().error("Framework has been removed");
    assertThat(events.nextDisconnection().kind()).isEqualTo(Kind.REMOVED);
    awaitState(State.STOPPED);
  }

  @Test
  void subscribesAgainAfterAnyOtherError() {
    start();
    subscribe("fw-1").error("Invalid role");
    assertThat(events.nextDisconnection())
        .isEqualTo(new Disconnection(Kind.RETRYING, "the master says: Invalid role"));
    subscribe("fw-1");
    assertThat(driver.snapshot().subscriptions()).isEqualTo(2);
  }

  @Test
  void givesUpASilentMaster() {
    start();
    Stream stream = master.nextStream().subscribed("fw-1", 0.02);
    events.nextEvent();
    assertThat(events.nextDisconnection())
        .isEqualTo(new Disconnection(Kind.RETRYING, "nothing was heard for 5 heartbeat intervals"));
    stream.awaitClosed();
    subscribe("fw-1");
  }

  @Test
  void subscribesAgainWhenTheConnectionIsCutInsideARecord() {
    start();
    Stream stream = subscribe("fw-1");
    stream.chunk("100\nhalf a record".getBytes(StandardCharsets.US_ASCII));
    stream.cut();
    assertThat(events.nextDisconnection().kind()).isEqualTo(Kind.RETRYING);
    subscribe("fw-1");
  }

  @Test
  void subscribesAgainWhenTheStreamEndsInsideARecord() {
    start();
    Stream stream = subscribe("fw-1");
    stream.chunk("100\nhalf a record".getBytes(StandardCharsets.US_ASCII)).finish();
    Disconnection disconnection = events.nextDisconnection();
    assertThat(disconnection.kind()).isEqualTo(Kind.RETRYING);
    assertThat(disconnection.detail()).contains("inside a record, after 13 of 100 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "0\n", "999999999999\n", "3\nabc"})
  void subscribesAgainAfterHostileBytes(String bytes) {
    start();
    Stream stream = subscribe("fw-1");
    stream.chunk(bytes.getBytes(StandardCharsets.US_ASCII));
    assertThat(events.nextDisconnection().kind()).isEqualTo(Kind.RETRYING);
    stream.awaitClosed();
    subscribe("fw-1");
  }

  @Test
  void tellsNothingOfAttemptsThatNeverBecameASubscription() {
    start();
    master.nextStream().send(rescind("before SUBSCRIBED"));
    master.nextStream().cut();
    master.nextStream().finish();
    assertThat(driver.snapshot().lastFailure()).isPresent();
    subscribe("fw-1");
    assertThat(driver.snapshot().subscriptions()).isEqualTo(1);
  }

  @Test
  void takesAnAnswerWithoutProtobufForNoMaster() {
    master.streamHeaders("Content-Type: text/html\r\n");
    start();
    master.nextStream().awaitClosed();
    awaitFailure();
    assertThat(driver.snapshot().lastFailure().orElseThrow().detail())
        .isEqualTo(
            master.address()
                + " is no Mesos master: its answer to SUBSCRIBE has the Content-Type text/html");
    events.expectNothing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
      })
  void triesAgainWhenSubscribeIsNotAnsweredByAMaster(String answer) {
    master.answerSubscribe(answer);
    settings =
        settings.withTimes(LONG, Duration.ofMillis(200), SHORT, SHORT, Duration.ofMillis(200));
    start();
    subscribe("fw-1");
    assertThat(driver.snapshot().lastFailure().orElseThrow().kind()).isEqualTo(Kind.RETRYING);
    assertThat(driver.snapshot().subscriptions()).isEqualTo(1);
  }

  @Test
  void endsTheSubscriptionWhenCallsAreNotAnswered() {
    master.onCall(request -> "");
    settings =
        settings.withTimes(LONG, Duration.ofMillis(200), SHORT, SHORT, Duration.ofMillis(200));
    start();
    Stream stream = subscribe("fw-1");
    driver.send(kill("a"));
    assertThat(events.nextDisconnection().detail())
        .isEqualTo(
            "the connection for calls broke: java.net.SocketTimeoutException: Read timed out");
    stream.awaitClosed();
    subscribe("fw-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"400 Bad Request", "401 Unauthorized", "403 Forbidden"})
  void waitsLongAfterARefusal(String status) {
    master.answerSubscribe(ScriptedMaster.answer(status, "", "not\r\nyou"));
    start();
    assertThat(events.nextDisconnection())
        .isEqualTo(
            new Disconnection(
                Kind.REFUSED,
                "SUBSCRIBE was answered with HTTP " + status.substring(0, 3) + " not you"));
    assertThat(driver.snapshot().state()).isEqualTo(State.CONNECTING);
    master.nextSubscribe();
    assertThat(master.subscribesNotLookedAt()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"//%s/api/v1/scheduler", "%s", "http://%s/api/v1/scheduler"})
  void followsARedirectWithItsCredential(String location) {
    settings = settings.withCredential(new Credential("peloton", "hush"));
    String basic =
        "Basic "
            + Base64.getEncoder().encodeToString("peloton:hush".getBytes(StandardCharsets.UTF_8));
    try (ScriptedMaster leader = new ScriptedMaster()) {
      master.answerSubscribe(
          ScriptedMaster.answer(
              "307 Temporary Redirect",
              "Location: " + String.format(location, leader.address()) + "\r\n",
              ""));
      start();
      Stream stream = leader.nextStream().subscribed("fw-1", 15);
      events.nextEvent();
      driver.send(kill("a"));
      assertThat(stream.request().headers()).containsEntry("authorization", basic);
      assertThat(leader.nextCall().headers()).containsEntry("authorization", basic);
      assertThat(driver.snapshot().master()).contains(leader.address());
      assertThat(master.nextSubscribe().call()).isEqualTo(stream.request().call());
    }
  }

  @Test
  void startsAtTheConfiguredMasterAgainWhenTheLeaderIsLost() {
    try (ScriptedMaster leader = new ScriptedMaster()) {
      master.answerSubscribe(
          ScriptedMaster.answer(
              "307 Temporary Redirect", "Location: //" + leader.address() + "\r\n", ""));
      start();
      leader.nextStream().subscribed("fw-1", 15).cut();
      events.nextEvent();
    }
    assertThat(events.nextDisconnection().kind()).isEqualTo(Kind.RETRYING);
    subscribe("fw-1");
    assertThat(driver.snapshot().master()).contains(master.address());
  }

  @Test
  void triesTheNextMasterWhenOneHasNoLeaderOrIsGone() {
    ScriptedMaster gone = new ScriptedMaster();
    gone.close();
    try (ScriptedMaster second = new ScriptedMaster()) {
      master.answerSubscribe(
          ScriptedMaster.answer("503 Service Unavailable", "", "No leader elected"));
      settings =
          settings(
              new StaticMasters(List.of(gone.address(), master.address(), second.address())),
              SHORT,
              SHORT,
              LONG);
      start();
      second.nextStream().subscribed("fw-1", 15);
      assertThat(events.nextEvent().getType()).isEqualTo(Event.Type.SUBSCRIBED);
      assertThat(driver.snapshot().lastFailure().orElseThrow().detail())
          .isEqualTo("SUBSCRIBE was answered with HTTP 503 No leader elected");
    }
  }

  @Test
  void subscribesAgainWhenTheListenerFails() {
    events.react(
        event -> {
          throw new IllegalStateException("no room");
        });
    start();
    subscribe("fw-1");
    assertThat(events.nextDisconnection().detail()).contains("no room");
    events.react(event -> {});
    subscribe("fw-1");
  }

  @Test
  void keepsTryingWhileTheFrameworkIsNotAvailable() {
    AtomicInteger asked = new AtomicInteger();
    driver =
        new MesosDriver(
            settings,
            () -> {
              if (asked.incrementAndGet() < 3) {
                throw new IllegalStateException("not read yet");
              }
              return FRAMEWORK;
            },
            events,
            new Random(1),
            nanos::get);
    driver.start();
    subscribe("fw-1");
    assertThat(asked).hasValue(3);
  }

  @Test
  void closesWithoutTearingTheFrameworkDown() {
    start();
    Stream stream = subscribe("fw-1");
    driver.send(kill("a"));
    master.nextCall();
    driver.close();
    stream.awaitClosed();
    assertThat(driver.snapshot().state()).isEqualTo(State.STOPPED);
    driver.send(kill("late"));
    events.expectNothing();
    assertThat(master.callsNotLookedAt()).isZero();
    assertThatThrownBy(driver::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closesFromWithinTheListener() {
    events.react(event -> driver.close());
    start();
    master.nextStream().subscribed("fw-1", 15).awaitClosed();
    events.nextEvent();
    awaitState(State.STOPPED);
    events.expectNothing();
  }

  @Test
  void closesWhileItWaitsToTryAgain() {
    ScriptedMaster gone = new ScriptedMaster();
    gone.close();
    settings = settings(new StaticMasters(List.of(gone.address())), LONG, LONG, LONG);
    start();
    awaitFailure();
    driver.close();
    assertThat(driver.snapshot().state()).isEqualTo(State.STOPPED);
    events.expectNothing();
  }

  @Test
  void tellsHowOldTheSubscriptionIsAndHowLongTheMasterIsSilent() {
    start();
    Stream stream = subscribe("fw-1");
    nanos.addAndGet(Duration.ofSeconds(7).toNanos());
    assertThat(driver.snapshot().silentFor()).isEqualTo(Duration.ofSeconds(7));
    stream.send(rescind("a"));
    events.nextEvent();
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(driver.snapshot().subscribedFor()).isEqualTo(Duration.ofSeconds(10));
    assertThat(driver.snapshot().silentFor()).isEqualTo(Duration.ofSeconds(3));
  }

  private void start() {
    driver = new MesosDriver(settings, framework::get, events, new Random(1), nanos::get);
    driver.start();
  }

  private Stream subscribe(String id) {
    Stream stream = master.nextStream().subscribed(id, 15);
    assertThat(events.nextEvent().getType()).isEqualTo(Event.Type.SUBSCRIBED);
    return stream;
  }

  private void drainCalls() {
    while (master.callsNotLookedAt() > 0) {
      master.nextCall();
    }
  }

  private void awaitAccepted(long calls) {
    awaitThat(() -> driver.snapshot().callsAccepted() >= calls);
  }

  private void awaitState(State state) {
    awaitThat(() -> driver.snapshot().state() == state);
  }

  private void awaitFailure() {
    awaitThat(() -> driver.snapshot().lastFailure().isPresent());
  }

  /** Polls; the test's own timeout is the deadline. */
  private static void awaitThat(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static DriverSettings settings(
      MasterDetector masters, Duration shortest, Duration longest, Duration refused) {
    return DriverSettings.of(masters)
        .withTimes(Duration.ofSeconds(5), Duration.ofSeconds(20), shortest, longest, refused);
  }

  private static FrameworkID frameworkId(String value) {
    return FrameworkID.newBuilder().setValue(value).build();
  }

  private static Call kill(String task) {
    return Call.newBuilder()
        .setType(Call.Type.KILL)
        .setKill(Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(task)))
        .build();
  }

  private static Event rescind(String offer) {
    return Event.newBuilder()
        .setType(Event.Type.RESCIND)
        .setRescind(Event.Rescind.newBuilder().setOfferId(OfferID.newBuilder().setValue(offer)))
        .build();
  }

  private static UnknownFieldSet varint(int field, long value) {
    return UnknownFieldSet.newBuilder()
        .addField(field, UnknownFieldSet.Field.newBuilder().addVarint(value).build())
        .build();
  }
}
