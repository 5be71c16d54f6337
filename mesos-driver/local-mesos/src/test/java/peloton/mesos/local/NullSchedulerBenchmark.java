package peloton.mesos.local;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * How much the local Mesos can take: a scheduler that stores nothing launches {@code tasks} tasks
 * on {@code agents} simulated agents, {@code perAccept} with each ACCEPT, acknowledges every update
 * and prints launches a second up to the last RUNNING. Calls are pipelined on one connection. Run
 * by hand; arguments: tasks agents perAccept.
 */
final class NullSchedulerBenchmark {

  private final int tasks;
  private final int perAccept;
  private final OutputStream calls;
  private final String streamId;
  private final DataInputStream events;
  private FrameworkID frameworkId;
  private int launched;
  private int running;
  private long callCount;

  public static void main(String[] arguments) throws Exception {
    int tasks = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50_000;
    int agents = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
    int perAccept = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
    var settings =
        LocalMesosSettings.simulated(Files.createTempDirectory("null-scheduler"), agents)
            .withAgents(AgentSettings.named("agent").withCpus(64).withMemMb(262144).times(agents))
            .withAllocationInterval(Duration.ofMillis(20));
    try (var mesos = LocalMesos.start(settings)) {
      for (int round = 0; round < 3; round++) {
        new NullSchedulerBenchmark(mesos.port(), tasks, perAccept).run();
      }
    }
  }

  private NullSchedulerBenchmark(int port, int tasks, int perAccept) throws Exception {
    this.tasks = tasks;
    this.perAccept = perAccept;
    var stream = new RawHttp(port);
    var subscribe =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(
                Call.Subscribe.newBuilder()
                    .setFrameworkInfo(TestScheduler.framework().clearFailoverTimeout()));
    stream.send(
        RawHttp.request(
            "POST", "/api/v1/scheduler", TestScheduler.PROTOBUF, subscribe.build().toByteArray()));
    streamId = stream.readHead().headers().get("mesos-stream-id");
    events = new DataInputStream(new BufferedInputStream(new Chunks(stream), 1 << 16));
    var socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    calls = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    var drain = new Thread(() -> drain(socket));
    drain.setDaemon(true);
    drain.start();
  }

  private void run() throws Exception {
    long cpuBefore = cpu();
    long begin = 0;
    while (running < tasks) {
      if (events.available() == 0) {
        calls.flush();
      }
      var event = next();
      if (begin == 0) {
        begin = System.nanoTime();
      }
      handle(event);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "%d launches in %.2f s: %.0f a second, %.0f calls a second, %.2f CPU seconds%n",
        tasks, seconds, tasks / seconds, callCount / seconds, (cpu() - cpuBefore) / 1e9);
    call(Call.newBuilder().setType(Call.Type.TEARDOWN));
    calls.flush();
  }

  private void handle(Event event) throws Exception {
    switch (event.getType()) {
      case SUBSCRIBED -> frameworkId = event.getSubscribed().getFrameworkId();
      case OFFERS -> {
        for (var offer : event.getOffers().getOffersList()) {
          launch(offer);
        }
      }
      case UPDATE -> {
        var status = event.getUpdate().getStatus();
        if (status.getState() == TaskState.TASK_RUNNING) {
          running++;
        }
        call(
            Call.newBuilder()
                .setType(Call.Type.ACKNOWLEDGE)
                .setAcknowledge(
                    Call.Acknowledge.newBuilder()
                        .setAgentId(status.getAgentId())
                        .setTaskId(status.getTaskId())
                        .setUuid(status.getUuid())));
      }
      default -> {}
    }
  }

  private void launch(Offer offer) throws Exception {
    var launch = Offer.Operation.Launch.newBuilder();
    for (int i = 0; i < perAccept && launched < tasks; i++) {
      var task = TestScheduler.task(offer, "task-" + launched++, "true").clearResources();
      task.addResources(TestScheduler.scalar("cpus", 0.1));
      task.addResources(TestScheduler.scalar("mem", 32));
      launch.addTaskInfos(task);
    }
    var accept = Call.Accept.newBuilder().addOfferIds(offer.getId());
    accept.getFiltersBuilder().setRefuseSeconds(0);
    accept.addOperationsBuilder().setType(Offer.Operation.Type.LAUNCH).setLaunch(launch);
    call(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept));
  }

  private void call(Call.Builder call) throws Exception {
    callCount++;
    calls.write(
        RawHttp.request(
            "POST",
            "/api/v1/scheduler",
            Map.of("Content-Type", "application/x-protobuf", "Mesos-Stream-Id", streamId),
            call.setFrameworkId(frameworkId).build().toByteArray()));
  }

  private Event next() throws Exception {
    var length = new ByteArrayOutputStream();
    for (int b = events.read(); b != '\n'; b = events.read()) {
      length.write(b);
    }
    byte[] record = new byte[Integer.parseInt(length.toString(StandardCharsets.US_ASCII))];
    events.readFully(record);
    return Event.parseFrom(record);
  }

  private static void drain(Socket socket) {
    try (var in = socket.getInputStream()) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (java.io.IOException e) {
      System.err.println("The calls' connection ended: " + e);
    }
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** The chunks of a response as one stream of bytes. */
  private static final class Chunks extends java.io.InputStream {
    private final RawHttp http;
    private byte[] chunk = new byte[0];
    private int at;

    private Chunks(RawHttp http) {
      this.http = http;
    }

    @Override
    public int available() {
      return chunk.length - at;
    }

    @Override
    public int read() throws java.io.IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws java.io.IOException {
      if (at == chunk.length) {
        chunk = http.chunk();
        at = 0;
        if (chunk == null) {
          return -1;
        }
      }
      int count = Math.min(length, chunk.length - at);
      System.arraycopy(chunk, at, target, offset, count);
      at += count;
      return count;
    }
  }
}
