package peloton.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.watch.Watch.PodFilter;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.desired.ApiException;
import peloton.operator.TestCluster;
import peloton.store.view.RecordKey;

/** As many watchers as a replica takes, of which some do not read. */
class ManyWatchersTest {
  private static final int WATCHERS = 1_000;
  private static final int STALLED = 100;
  private static final int RESUMED = 10;
  private static final int BUFFER = 100;
  private static final int CHANGES = 150;
  private static final int LARGE = 4_000;
  private static final WatchRequest PODS =
      WatchRequest.newBuilder().setPodFilter(PodFilter.getDefaultInstance()).build();

  private final TestCluster cluster = TestCluster.started();
  private final WatchHub hub = cluster.hub(new WatchSettings(WATCHERS, BUFFER, 4));
  private final List<Client> reading = new ArrayList<>();
  private final List<Client> stalled = new ArrayList<>();

  @BeforeEach
  void openAll() {
    cluster.createJob(JOB, spec(3).build());
    for (int i = 0; i < WATCHERS; i++) {
      Client client = new Client();
      client.session = hub.open(PODS, client);
      client.reads = i >= STALLED;
      (client.reads ? reading : stalled).add(client);
    }
  }

  @Test
  void thoseThatReadHearOfEveryChangeAndTheOthersAreCutOffAndGoOn() {
    List<Long> revisions = change(BUFFER, 50);
    assertThat(stalled).allSatisfy(client -> assertThat(client.end).isEmpty());
    assertThat(stalled).allSatisfy(c -> assertThat(c.session.backlog()).isEqualTo(BUFFER));

    revisions.addAll(change(CHANGES - BUFFER, 50));

    assertThat(reading).allSatisfy(client -> assertThat(client.revisions()).isEqualTo(revisions));
    assertThat(stalled)
        .allSatisfy(client -> assertThat(client.session.backlog()).isZero())
        .allSatisfy(
            client ->
                assertThat(client.end.map(ApiException::code)).contains(ApiException.Code.ABORTED));
    assertThat(hub.size()).isEqualTo(WATCHERS - STALLED);

    // Their places are free, and nothing that they missed is lost.
    for (Client client : stalled.subList(0, RESUMED)) {
      Client again = new Client();
      hub.open(PODS.toBuilder().setStartRevision(client.last() + 1).build(), again);
      assertThat(again.revisions()).isEqualTo(revisions);
    }
    assertThat(hub.size()).isEqualTo(WATCHERS - STALLED + RESUMED);
  }

  @Test
  void aChangeIsHeldInMemoryOnceHoweverManyWait() {
    change(5, LARGE);
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getThreadAllocatedBytes(Thread.currentThread().getId());
    change(20, LARGE);
    long allocated = thread.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

    // Of each message a watcher has its own head, and shares the rest.
    assertThat(allocated / 20 / WATCHERS).isLessThan(LARGE / 4);
  }

  /** Writes changes of one pod with so much text; returns their revisions. */
  private List<Long> change(int count, int length) {
    List<Long> revisions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      revisions.add(
          cluster.write(
              new RecordKey.Pod(JOB, 0),
              pod(1, PodState.POD_STATE_RUNNING)
                  .setMessage(Character.toString('a' + i % 26).repeat(length))
                  .build()));
    }
    return revisions;
  }

  /** Keeps the bytes that it is sent, as a connection does until they are read. */
  private static final class Client implements WatchSink {
    private final List<ByteString> messages = new ArrayList<>();
    private WatchSession session;
    private boolean reads = true;
    private Optional<ApiException> end = Optional.empty();

    @Override
    public boolean ready() {
      return reads;
    }

    @Override
    public void send(ByteString response) {
      messages.add(response);
    }

    @Override
    public void end(ApiException reason) {
      end = Optional.of(reason);
    }

    /** Of all messages but the first, which tells of no change. */
    List<Long> revisions() {
      return messages.stream().skip(1).map(message -> parse(message).getRevision()).toList();
    }

    /** The revision of the last message. */
    long last() {
      return parse(messages.get(messages.size() - 1)).getRevision();
    }

    private static WatchResponse parse(ByteString message) {
      try {
        return WatchResponse.parseFrom(message);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
  }
}
