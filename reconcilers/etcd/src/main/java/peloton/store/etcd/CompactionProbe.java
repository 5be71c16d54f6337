package peloton.store.etcd;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;

/**
 * Asks for the oldest revision that can be read, once a read was refused. Only a watch that starts
 * too early is told.
 */
final class CompactionProbe implements ClientResponseObserver<WatchRequest, WatchResponse> {
  private final CompletableFuture<Long> oldest = new CompletableFuture<>();
  private ClientCallStreamObserver<WatchRequest> requests;

  private CompactionProbe() {}

  /** The revision; fails with {@link peloton.store.StoreException} only. */
  static CompletableFuture<Long> ask(Connection connection) {
    CompactionProbe probe = new CompactionProbe();
    connection.shortStream(WatchGrpc.getWatchMethod(), probe);
    probe.requests.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder().setKey(Requests.start("")).setStartRevision(1))
            .build());
    return probe.oldest;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> to) {
    requests = to;
  }

  @Override
  public void onNext(WatchResponse response) {
    if (response.getCompactRevision() != 0) {
      oldest.complete(response.getCompactRevision());
      requests.cancel("asked and answered", null);
    } else if (!response.getCreated()) {
      requests.cancel("nothing is compacted", null);
      onError(Status.INTERNAL.withDescription("nothing is compacted").asException());
    }
  }

  @Override
  public void onError(Throwable cause) {
    oldest.completeExceptionally(Failures.of(cause));
  }

  @Override
  public void onCompleted() {
    onError(Status.UNAVAILABLE.withDescription("etcd has closed the stream").asException());
  }
}
