package peloton.mesos.driver;

import com.google.protobuf.ByteString;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * Measures how many ACKNOWLEDGE calls a second the driver sends and has answered over loopback, and
 * what they cost its thread. The server only looks for the ends of requests, so that it is not what
 * is measured. Arguments: rounds (5), calls per round (200000).
 */
final class CallThroughput {
  private static final byte[] ACCEPTED =
      "HTTP/1.1 202 Accepted\r\nDate: Mon, 23 Nov 2026 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private CallThroughput() {}

  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int calls = args.length > 1 ? Integer.parseInt(args[1]) : 200_000;
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      daemon("server", () -> serve(server));
      CountDownLatch subscribed = new CountDownLatch(1);
      MasterAddress address = new MasterAddress("127.0.0.1", server.getLocalPort());
      try (MesosDriver driver = driver(address, subscribed, calls)) {
        driver.start();
        subscribed.await();
        for (int round = 1; round <= rounds; round++) {
          measure(driver, round, calls);
        }
      }
    }
  }

  private static void measure(MesosDriver driver, int round, int calls) {
    long before = driver.snapshot().callsAccepted();
    long cpu = callThreadCpu();
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      driver.send(acknowledge(i));
    }
    while (driver.snapshot().callsAccepted() - before < calls) {
      LockSupport.parkNanos(100_000);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (callThreadCpu() - cpu) / 1e9;
    System.out.printf(
        "round %d: %,.0f calls/s, %.2f us CPU per call on the driver's thread%n",
        round, calls / seconds, cpuSeconds / calls * 1e6);
  }

  private static MesosDriver driver(
      MasterAddress address, CountDownLatch subscribed, int maxQueued) {
    MesosEvents events =
        new MesosEvents() {
          @Override
          public void event(Event event) {
            subscribed.countDown();
          }

          @Override
          public void disconnected(Disconnection disconnection) {
            System.err.println(disconnection);
            System.exit(1);
          }
        };
    return new MesosDriver(
        DriverSettings.of(new StaticMasters(List.of(address)))
            .withLimits(5, 1 << 20, maxQueued, 64),
        () -> FrameworkInfo.newBuilder().setUser("root").setName("bench").build(),
        events,
        new Random(1));
  }

  private static Call acknowledge(int i) {
    return Call.newBuilder()
        .setType(Call.Type.ACKNOWLEDGE)
        .setAcknowledge(
            Call.Acknowledge.newBuilder()
                .setAgentId(
                    AgentID.newBuilder().setValue("3dcc744f-016c-6579-9b82-6325424502d2-S1"))
                .setTaskId(
                    TaskID.newBuilder().setValue("3dcc744f-016c-6579-9b82-632542450000-" + i))
                .setUuid(ByteString.copyFrom(new byte[16])))
        .build();
  }

  private static long callThreadCpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null && info.getThreadName().equals("mesos-calls")) {
        return threads.getThreadCpuTime(info.getThreadId());
      }
    }
    return 0;
  }

  private static void serve(ServerSocket server) {
    try {
      Socket stream = server.accept();
      byte[] subscribed =
          RecordIo.encode(
              Event.newBuilder()
                  .setType(Event.Type.SUBSCRIBED)
                  .setSubscribed(
                      Event.Subscribed.newBuilder()
                          .setFrameworkId(FrameworkID.newBuilder().setValue("bench"))
                          .setHeartbeatIntervalSeconds(3600))
                  .build()
                  .toByteArray());
      String head =
          "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nMesos-Stream-Id: s\r\n\r\n";
      stream.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      stream.getOutputStream().write(subscribed);
      answer(server.accept());
    } catch (IOException e) {
      System.err.println("server: " + e);
    }
  }

  /** Reads requests of whatever length and answers each batch that one read brings at once. */
  private static void answer(Socket socket) throws IOException {
    DataInputStream input = new DataInputStream(socket.getInputStream());
    OutputStream output = socket.getOutputStream();
    byte[] buffer = new byte[1 << 20];
    byte[] answers = new byte[ACCEPTED.length * 1024];
    int held = 0;
    int count;
    while ((count = input.read(buffer, held, buffer.length - held)) > 0) {
      held += count;
      int at = 0;
      int answered = 0;
      int length;
      while ((length = requestLength(buffer, at, held)) > 0 && at + length <= held) {
        at += length;
        System.arraycopy(ACCEPTED, 0, answers, answered++ * ACCEPTED.length, ACCEPTED.length);
      }
      System.arraycopy(buffer, at, buffer, 0, held - at);
      held -= at;
      output.write(answers, 0, answered * ACCEPTED.length);
    }
  }

  /** The length of the request at an offset, or 0 while its head is incomplete. */
  private static int requestLength(byte[] buffer, int from, int to) {
    for (int i = from; i + 3 < to; i++) {
      if (buffer[i] == '\r' && buffer[i + 2] == '\r') {
        int body = 0;
        int unit = 1;
        for (int d = i - 1; buffer[d] != ' '; d--) {
          body += (buffer[d] - '0') * unit;
          unit *= 10;
        }
        return i + 4 - from + body;
      }
    }
    return 0;
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
