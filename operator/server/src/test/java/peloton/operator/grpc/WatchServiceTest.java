package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;
import static peloton.operator.grpc.Statuses.assertFails;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.watch.Watch.PodFilter;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc.WatchServiceBlockingStub;
import peloton.api.v1alpha.watch.svc.WatchSvc.CancelRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.operator.TestCluster;
import peloton.store.view.RecordKey;

class WatchServiceTest {
  private static final WatchRequest PODS =
      WatchRequest.newBuilder().setPodFilter(PodFilter.getDefaultInstance()).build();

  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final WatchServiceBlockingStub blocking = WatchServiceGrpc.newBlockingStub(api.channel());

  @BeforeEach
  void createJob() {
    cluster.createJob(JOB, spec(3).build());
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void changesReachTheClientWithTheirRevision() {
    Client client = watch(PODS, Integer.MAX_VALUE);

    long revision =
        cluster.write(new RecordKey.Pod(JOB, 0), pod(1, PodState.POD_STATE_RUNNING).build());

    assertThat(client.messages).hasSize(2);
    assertThat(client.messages.get(1).getRevision()).isEqualTo(revision);
    assertThat(client.messages.get(1).getWatchId()).isEqualTo(client.messages.get(0).getWatchId());
    assertThat(client.messages.get(1).getPods(0).getPodName().getValue()).isEqualTo(JOB + "-0");
    assertThat(client.messages.get(1).getPods(0).getStatus().getHost()).isEqualTo("agent-0");
  }

  @Test
  void cancelEndsTheStreamAsCancelled() {
    Client client = watch(PODS, Integer.MAX_VALUE);
    long id = client.messages.get(0).getWatchId();

    blocking.cancel(CancelRequest.newBuilder().setWatchId(id).build());

    assertThat(client.end.map(Status::getCode)).contains(Status.Code.CANCELLED);
    assertThat(client.end.orElseThrow().getDescription()).isEqualTo("watch cancelled: " + id);
    assertFails(
        () -> blocking.cancel(CancelRequest.newBuilder().setWatchId(id).build()),
        Status.Code.NOT_FOUND,
        "watch_id");
  }

  @Test
  void aRefusedWatchEndsWithTheReason() {
    assertThat(watch(WatchRequest.getDefaultInstance(), 1).end.map(Status::getCode))
        .contains(Status.Code.INVALID_ARGUMENT);
    assertThat(watch(PODS.toBuilder().setStartRevision(10_000).build(), 1).end.map(Status::getCode))
        .contains(Status.Code.INVALID_ARGUMENT);
    cluster.data.compact(cluster.data.revision());
    assertThat(watch(PODS.toBuilder().setStartRevision(2).build(), 1).end.map(Status::getCode))
        .contains(Status.Code.OUT_OF_RANGE);
  }

  @Test
  void aClientThatDoesNotReadIsCutOffWhileOthersGoOn() {
    Client slow = watch(PODS, 1);
    Client fast = watch(PODS, Integer.MAX_VALUE);

    int changes = 0;
    while (slow.end.isEmpty() && changes < 5000) {
      changes++;
      cluster.write(
          new RecordKey.Pod(JOB, 0),
          pod(changes, PodState.POD_STATE_RUNNING).setMessage("x".repeat(500)).build());
    }

    assertThat(fast.messages).hasSize(changes + 1);
    assertThat(fast.end).isEmpty();
    slow.call.request(Integer.MAX_VALUE);
    assertThat(slow.end.map(Status::getCode)).contains(Status.Code.ABORTED);
    assertThat(slow.end.orElseThrow().getDescription()).startsWith("event overflow");
  }

  @Test
  void aClientThatCatchesUpMissesNothing() {
    Client client = watch(PODS, 1);
    for (int i = 1; i <= 90; i++) {
      cluster.write(
          new RecordKey.Pod(JOB, 0),
          pod(i, PodState.POD_STATE_RUNNING).setMessage("x".repeat(1000)).build());
    }
    assertThat(client.messages).hasSize(1);

    client.call.request(Integer.MAX_VALUE);

    assertThat(client.messages).hasSize(91);
    assertThat(client.messages.get(90).getPods(0).getStatus().getPodId().getValue())
        .isEqualTo(JOB + "-0-90");
    assertThat(client.end).isEmpty();
  }

  @Test
  void aClientThatGoesAwayFreesItsPlace() {
    for (int i = 0; i < 25; i++) {
      Client client = watch(PODS, Integer.MAX_VALUE);
      assertThat(client.messages).as("watch %d of at most 10 at a time", i).hasSize(1);
      client.call.cancel("enough", null);
    }
  }

  private Client watch(WatchRequest request, int messages) {
    Client client = new Client(messages);
    WatchServiceGrpc.newStub(api.channel()).watch(request, client);
    return client;
  }

  /** A client that takes only so many messages by itself. */
  private static final class Client implements ClientResponseObserver<WatchRequest, WatchResponse> {
    private final int asks;
    final List<WatchResponse> messages = new ArrayList<>();
    Optional<Status> end = Optional.empty();
    ClientCallStreamObserver<WatchRequest> call;

    Client(int asks) {
      this.asks = asks;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
      call = stream;
      stream.disableAutoRequestWithInitial(asks);
    }

    @Override
    public void onNext(WatchResponse message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      end = Optional.of(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      end = Optional.of(Status.OK);
    }
  }
}
