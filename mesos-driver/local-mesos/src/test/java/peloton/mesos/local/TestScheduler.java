package peloton.mesos.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** A scheduler that does what the test tells it, over two raw connections. */
final class TestScheduler implements AutoCloseable {

  static final Map<String, String> PROTOBUF =
      Map.of("Content-Type", "application/x-protobuf", "Accept", "application/x-protobuf");

  private static final long PATIENCE_SECONDS = 60;

  private final RawHttp stream;
  private final RawHttp calls;
  private final String streamId;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final List<Event> skipped = new ArrayList<>();
  private volatile boolean ended;
  private String frameworkId = "";

  /** Subscribes; what comes first is for the test to read. */
  TestScheduler(int port, FrameworkInfo info) throws IOException {
    this(port, info, List.of());
  }

  TestScheduler(int port, FrameworkInfo info, List<String> suppressedRoles) throws IOException {
    stream = new RawHttp(port);
    calls = new RawHttp(port);
    var call =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(
                Call.Subscribe.newBuilder()
                    .setFrameworkInfo(info)
                    .addAllSuppressedRoles(suppressedRoles));
    if (info.hasId()) {
      call.setFrameworkId(info.getId());
    }
    stream.send(RawHttp.request("POST", "/api/v1/scheduler", PROTOBUF, call.build().toByteArray()));
    var head = stream.readHead();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers()).containsEntry("content-type", "application/x-protobuf");
    streamId = head.headers().get("mesos-stream-id");
    var reader = new Thread(this::readEvents, "test-scheduler");
    reader.setDaemon(true);
    reader.start();
  }

  /** Subscribes and reads SUBSCRIBED. */
  static TestScheduler subscribed(int port, FrameworkInfo info) throws Exception {
    var scheduler = new TestScheduler(port, info);
    scheduler.readSubscribed();
    return scheduler;
  }

  Event.Subscribed readSubscribed() throws InterruptedException {
    var subscribed = expect(Event.Type.SUBSCRIBED).getSubscribed();
    frameworkId = subscribed.getFrameworkId().getValue();
    return subscribed;
  }

  static FrameworkInfo.Builder framework(FrameworkInfo.Capability.Type... capabilities) {
    var info = FrameworkInfo.newBuilder().setUser("root").setName("test").setFailoverTimeout(600);
    for (var capability : capabilities) {
      info.addCapabilitiesBuilder().setType(capability);
    }
    return info;
  }

  String frameworkId() {
    return frameworkId;
  }

  FrameworkID id() {
    return FrameworkID.newBuilder().setValue(frameworkId).build();
  }

  String streamId() {
    return streamId;
  }

  boolean ended() {
    return ended;
  }

  /** The next event of the type; others but heartbeats are kept for later. */
  Event expect(Event.Type type) throws InterruptedException {
    return expect(event -> event.getType() == type, type.toString());
  }

  Event expect(Predicate<Event> wanted, String what) throws InterruptedException {
    for (var kept : skipped) {
      if (wanted.test(kept)) {
        skipped.remove(kept);
        return kept;
      }
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      var event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertThat(event).as("an event: %s; seen instead: %s", what, skipped).isNotNull();
      if (wanted.test(event)) {
        return event;
      }
      if (event.getType() != Event.Type.HEARTBEAT) {
        skipped.add(event);
      }
    }
  }

  Offer expectOffer() throws InterruptedException {
    var offers = expect(Event.Type.OFFERS).getOffers().getOffersList();
    assertThat(offers).hasSize(1);
    return offers.get(0);
  }

  List<Offer> expectOffers() throws InterruptedException {
    return expect(Event.Type.OFFERS).getOffers().getOffersList();
  }

  /** The next update of any task. */
  TaskStatus expectUpdate() throws InterruptedException {
    return expect(Event.Type.UPDATE).getUpdate().getStatus();
  }

  /** The next update of a task, which has to be of that state; acknowledges it. */
  TaskStatus expectState(String taskId, TaskState state) throws Exception {
    var status =
        expect(
                event ->
                    event.getType() == Event.Type.UPDATE
                        && event.getUpdate().getStatus().getTaskId().getValue().equals(taskId),
                "an update of " + taskId)
            .getUpdate()
            .getStatus();
    assertThat(status.getState()).as("%s", status).isEqualTo(state);
    if (status.hasUuid()) {
      acknowledge(status);
    }
    return status;
  }

  /** Nothing but heartbeats has come that was not expected. */
  void expectNothingOf(Event.Type type) {
    var seen = new ArrayList<>(skipped);
    seen.addAll(events);
    assertThat(seen).noneMatch(event -> event.getType() == type);
  }

  void acknowledge(TaskStatus status) throws IOException {
    call(
        Call.newBuilder()
            .setType(Call.Type.ACKNOWLEDGE)
            .setAcknowledge(
                Call.Acknowledge.newBuilder()
                    .setAgentId(status.getAgentId())
                    .setTaskId(status.getTaskId())
                    .setUuid(status.getUuid())));
  }

  void launch(Offer offer, TaskInfo... tasks) throws IOException {
    launch(List.of(offer), tasks);
  }

  void launch(List<Offer> offers, TaskInfo... tasks) throws IOException {
    var accept = Call.Accept.newBuilder();
    offers.forEach(offer -> accept.addOfferIds(offer.getId()));
    accept
        .addOperationsBuilder()
        .setType(Offer.Operation.Type.LAUNCH)
        .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(Arrays.asList(tasks)));
    call(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept));
  }

  void decline(Offer offer, double refuseSeconds) throws IOException {
    var decline = Call.Decline.newBuilder().addOfferIds(offer.getId());
    decline.getFiltersBuilder().setRefuseSeconds(refuseSeconds);
    call(Call.newBuilder().setType(Call.Type.DECLINE).setDecline(decline));
  }

  void kill(String taskId) throws IOException {
    call(
        Call.newBuilder()
            .setType(Call.Type.KILL)
            .setKill(Call.Kill.newBuilder().setTaskId(taskId(taskId))));
  }

  void reconcile(Call.Reconcile.Builder reconcile) throws IOException {
    call(Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(reconcile));
  }

  void simple(Call.Type type) throws IOException {
    call(Call.newBuilder().setType(type));
  }

  /** Makes a call that has to be accepted. */
  void call(Call.Builder call) throws IOException {
    var response = tryCall(call.build());
    assertThat(response.status()).as(response.text()).isEqualTo(202);
  }

  /** Makes a call as this framework through this stream. */
  RawHttp.Response tryCall(Call call) throws IOException {
    return calls.call(
        "POST",
        "/api/v1/scheduler",
        headers(),
        call.toBuilder().setFrameworkId(id()).build().toByteArray());
  }

  Map<String, String> headers() {
    var headers = new HashMap<>(PROTOBUF);
    headers.put("Mesos-Stream-Id", streamId);
    return headers;
  }

  static TaskInfo.Builder task(Offer offer, String id, String command) {
    var task =
        TaskInfo.newBuilder()
            .setName("task")
            .setTaskId(taskId(id))
            .setAgentId(offer.getAgentId())
            .addResources(scalar("cpus", 0.5))
            .addResources(scalar("mem", 32));
    task.getCommandBuilder().setValue(command);
    return task;
  }

  static TaskID taskId(String id) {
    return TaskID.newBuilder().setValue(id).build();
  }

  static AgentID agentId(String id) {
    return AgentID.newBuilder().setValue(id).build();
  }

  static Resource.Builder scalar(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount));
  }

  static Resource.Builder ports(long begin, long end) {
    return Resource.newBuilder()
        .setName("ports")
        .setType(Value.Type.RANGES)
        .setRanges(
            Value.Ranges.newBuilder()
                .addRange(Value.Range.newBuilder().setBegin(begin).setEnd(end)));
  }

  @Override
  public void close() throws IOException {
    stream.close();
    calls.close();
  }

  private void readEvents() {
    var buffer = new ByteArrayOutputStream();
    try {
      for (byte[] chunk = stream.chunk(); chunk != null; chunk = stream.chunk()) {
        buffer.writeBytes(chunk);
        byte[] bytes = buffer.toByteArray();
        int at = 0;
        while (true) {
          int newline = at;
          while (newline < bytes.length && bytes[newline] != '\n') {
            newline++;
          }
          if (newline == bytes.length) {
            break;
          }
          int length =
              Integer.parseInt(new String(bytes, at, newline - at, StandardCharsets.US_ASCII));
          if (newline + 1 + length > bytes.length) {
            break;
          }
          events.add(Event.parseFrom(Arrays.copyOfRange(bytes, newline + 1, newline + 1 + length)));
          at = newline + 1 + length;
        }
        buffer.reset();
        buffer.write(bytes, at, bytes.length - at);
      }
    } catch (IOException e) {
      // The test sees it as the end of the stream.
    }
    ended = true;
  }
}
