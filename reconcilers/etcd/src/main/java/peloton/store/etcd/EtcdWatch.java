package peloton.store.etcd;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchProgressRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.store.KeyRange;
import peloton.store.KeyValueStore;
import peloton.store.KeyValueStore.Change;
import peloton.store.KeyValueStore.WatchListener;
import peloton.store.StoreException;

/**
 * One watch of the port, over as many streams as it takes: whenever a stream ends, errs or falls
 * silent, another one asks for what comes after the last revision that was delivered whole.
 *
 * <p>Everything below runs in one serial context, on the connection's executor.
 */
final class EtcdWatch implements KeyValueStore.Watch {
  private static final Logger LOG = LoggerFactory.getLogger(EtcdWatch.class);
  private static final int SILENT_CHECKS = 3;
  private static final long FIRST_DELAY_MILLIS = 50;
  private static final long LONGEST_DELAY_MILLIS = 2_000;

  private final Connection connection;
  private final KeyRange keys;
  private final WatchListener listener;
  private final Consumer<EtcdWatch> onEnd;
  private final SynchronizationContext serial =
      new SynchronizationContext((thread, failure) -> LOG.error("a watch failed", failure));
  private final AtomicBoolean checkWaits = new AtomicBoolean();
  private volatile boolean closed;

  private Optional<RevisionBuffer> buffer;
  private Optional<Stream> stream = Optional.empty();
  private Optional<Future<?>> checks = Optional.empty();

  /** The newest revision that etcd is known to have had. */
  private long seen;

  private int failures;
  private int silentChecks;
  private boolean interrupted;
  private boolean checkingHistory;

  EtcdWatch(
      Connection connection,
      KeyRange keys,
      long fromRevision,
      WatchListener listener,
      Consumer<EtcdWatch> onEnd) {
    this.connection = connection;
    this.keys = keys;
    this.listener = listener;
    this.onEnd = onEnd;
    buffer = fromRevision == 0 ? Optional.empty() : Optional.of(new RevisionBuffer(fromRevision));
  }

  void start() {
    run(
        () -> {
          long nanos = connection.settings().watchCheck().toNanos();
          checks =
              Optional.of(
                  connection
                      .timer()
                      .scheduleWithFixedDelay(this::checkSoon, nanos, nanos, TimeUnit.NANOSECONDS));
          open();
        });
  }

  @Override
  public void close() {
    closed = true;
    run(this::end);
  }

  /** Runs a step, unless the watch is over. */
  private void run(Runnable step) {
    connection.executor().execute(() -> serial.execute(step));
  }

  private void end() {
    closed = true;
    checks.ifPresent(future -> future.cancel(false));
    drop();
    onEnd.accept(this);
  }

  private void drop() {
    stream.ifPresent(Stream::cancel);
    stream = Optional.empty();
    buffer.ifPresent(RevisionBuffer::restart);
  }

  private void open() {
    if (closed) {
      return;
    }
    if (buffer.isEmpty()) {
      startFromNow();
      return;
    }
    silentChecks = 0;
    Stream opened = new Stream();
    stream = Optional.of(opened);
    connection.stream(WatchGrpc.getWatchMethod(), opened);
    opened.learnVersion();
    opened.send(
        WatchRequest.newBuilder()
            .setCreateRequest(
                Fragments.wanted(
                    WatchCreateRequest.newBuilder()
                        .setKey(Requests.start(keys.prefix()))
                        .setRangeEnd(Requests.end(keys))
                        .setStartRevision(buffer.get().next())
                        .setProgressNotify(true)))
            .build());
  }

  /** Fixes the revision first, so that a stream which breaks early does not move the start. */
  private void startFromNow() {
    connection
        .call(
            KVGrpc.getRangeMethod(),
            Requests.revision(),
            answer -> answer.getHeader().getRevision())
        .whenComplete(
            (revision, failure) ->
                run(
                    () -> {
                      if (failure == null) {
                        buffer = Optional.of(new RevisionBuffer(revision + 1));
                        open();
                      } else {
                        interrupted((StoreException) failure);
                        reopenLater();
                      }
                    }));
  }

  private void reopenLater() {
    if (closed) {
      return;
    }
    long delay = Math.min(FIRST_DELAY_MILLIS << Math.min(failures, 10), LONGEST_DELAY_MILLIS);
    failures++;
    connection.timer().schedule(() -> run(this::open), delay, TimeUnit.MILLISECONDS);
  }

  private void failed(StoreException cause) {
    drop();
    interrupted(cause);
    reopenLater();
  }

  /** Tells the listener once for each time that the watch stands still. */
  private void interrupted(StoreException cause) {
    if (!interrupted && !closed) {
      interrupted = true;
      LOG.info("the watch of {} is interrupted: {}", keys, cause.getMessage());
      tell(to -> to.onInterrupted(cause));
    }
  }

  private void resumed() {
    if (interrupted) {
      interrupted = false;
      LOG.info("the watch of {} goes on at revision {}", keys, buffer.orElseThrow().next());
    }
  }

  private void lost(StoreException cause) {
    if (closed) {
      return;
    }
    LOG.warn("the watch of {} has lost changes: {}", keys, cause.getMessage());
    end();
    try {
      listener.onLost(cause);
    } catch (RuntimeException e) {
      LOG.error("the listener of the watch of {} failed at its end", keys, e);
    }
  }

  /** At most one check waits: a listener that takes its time is no silence of etcd's. */
  private void checkSoon() {
    if (checkWaits.compareAndSet(false, true)) {
      run(this::check);
    }
  }

  private void check() {
    checkWaits.set(false);
    if (closed || stream.isEmpty()) {
      return;
    }
    silentChecks++;
    if (silentChecks > 1) {
      interrupted(silence());
    }
    if (silentChecks > SILENT_CHECKS) {
      failed(silence());
    } else {
      stream.get().askForProgress();
    }
  }

  private StoreException silence() {
    return new StoreException(
        StoreException.Code.UNAVAILABLE, "etcd gives no sign of life on the watch");
  }

  private void received(WatchResponse response) {
    silentChecks = 0;
    long revision = response.getHeader().getRevision();
    if (response.getCanceled()) {
      canceled(response);
    } else {
      resumed();
      if (response.getEventsCount() > 0) {
        events(response);
      } else if (response.getCreated()) {
        progress(revision, false);
      } else {
        progress(revision, response.getWatchId() >= 0 || stream.orElseThrow().answersInOrder);
      }
    }
    seen = Math.max(seen, revision);
  }

  private void canceled(WatchResponse response) {
    if (response.getCompactRevision() != 0) {
      lost(StoreException.compacted(response.getCompactRevision()));
      return;
    }
    if (Failures.isInvalidToken(response.getCancelReason())) {
      connection.forgetToken();
    }
    failed(
        new StoreException(
            StoreException.Code.UNAVAILABLE,
            "etcd has ended the watch: " + response.getCancelReason()));
  }

  /** A revision older than one seen before: a member that lags, or a cluster that was restored. */
  private void checkHistory() {
    if (checkingHistory) {
      return;
    }
    checkingHistory = true;
    connection
        .call(
            KVGrpc.getRangeMethod(),
            Requests.revision(),
            answer -> answer.getHeader().getRevision())
        .whenComplete(
            (newest, failure) -> run(() -> compareHistory(failure == null ? newest : seen)));
  }

  private void compareHistory(long revision) {
    checkingHistory = false;
    if (revision < seen) {
      lost(
          new StoreException(
              StoreException.Code.INVALID,
              "etcd has gone back from revision "
                  + seen
                  + " to "
                  + revision
                  + ": it was replaced or restored"));
    }
  }

  private void events(WatchResponse response) {
    List<Change> changes =
        buffer.orElseThrow().accept(response.getEventsList(), Fragments.moreFollow(response));
    if (!changes.isEmpty()) {
      failures = 0;
      tell(to -> to.onChanges(changes));
    }
  }

  /**
   * @param ordered whether etcd put the note in line with the events; if not, it tells nothing
   *     about revisions that were not delivered
   */
  private void progress(long revision, boolean ordered) {
    if (ordered && !buffer.orElseThrow().isPartial()) {
      buffer.get().skipTo(revision);
    }
    if (revision < seen) {
      checkHistory();
    }
    if (revision < buffer.orElseThrow().next()) {
      failures = 0;
      tell(to -> to.onProgress(revision));
    }
  }

  /** A listener that throws has missed changes, so it cannot go on from here. */
  private void tell(Consumer<WatchListener> call) {
    if (closed) {
      return;
    }
    try {
      call.accept(listener);
    } catch (RuntimeException e) {
      LOG.error("the listener of the watch of {} failed", keys, e);
      lost(new StoreException(StoreException.Code.INVALID, "the listener of the watch failed", e));
    }
  }

  /** One gRPC stream; what comes from one that was dropped is ignored. */
  private final class Stream implements ClientResponseObserver<WatchRequest, WatchResponse> {
    private ClientCallStreamObserver<WatchRequest> requests;
    private boolean ended;

    /** Whether the member that serves the stream is known to be free of an old defect. */
    private boolean answersInOrder;

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> to) {
      requests = to;
      // One answer at a time: a slow listener slows etcd down instead of filling our memory.
      to.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(WatchResponse response) {
      serial.execute(
          () -> {
            if (isCurrent()) {
              received(response);
              requests.request(1);
            }
          });
    }

    @Override
    public void onError(Throwable cause) {
      serial.execute(() -> over(Failures.of(cause), cause));
    }

    @Override
    public void onCompleted() {
      serial.execute(
          () ->
              over(
                  new StoreException(
                      StoreException.Code.UNAVAILABLE, "etcd has closed the watch's stream"),
                  Status.OK.asException()));
    }

    private void over(StoreException cause, Throwable told) {
      ended = true;
      if (isCurrent()) {
        if (Failures.isInvalidToken(Status.fromThrowable(told).getDescription())) {
          connection.forgetToken();
        }
        failed(cause);
      }
    }

    private boolean isCurrent() {
      return !closed && stream.filter(current -> current == this).isPresent();
    }

    void learnVersion() {
      connection
          .call(
              MaintenanceGrpc.getStatusMethod(),
              StatusRequest.getDefaultInstance(),
              status -> ServerVersion.parse(status.getVersion()))
          .thenAccept(
              version -> serial.execute(() -> answersInOrder = version.answersProgressInOrder()));
    }

    void send(WatchRequest request) {
      requests.onNext(request);
    }

    void askForProgress() {
      if (!ended) {
        send(
            WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
      }
    }

    void cancel() {
      ended = true;
      requests.cancel("the watch goes on elsewhere or is closed", null);
    }
  }
}
