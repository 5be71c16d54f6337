package peloton.operator.watch;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.desired.ApiException;

/** One client's watch: what it wants, how far it is, and the few messages that it has not taken. */
public final class WatchSession {
  private final long id;
  private final WatchFilter filter;
  private final WatchSink sink;
  private final int buffer;
  private final Runnable onEnd;

  /** The revision up to which everything was handed over. Belongs to the hub's thread. */
  private long cursor;

  // Guarded by this: the client's thread drains what the hub's thread adds.
  private final Deque<ByteString> waiting = new ArrayDeque<>();
  private Optional<Runnable> onDrained = Optional.empty();
  private boolean ended;

  WatchSession(long id, WatchFilter filter, WatchSink sink, int buffer, Runnable onEnd) {
    this.id = id;
    this.filter = filter;
    this.sink = sink;
    this.buffer = buffer;
    this.onEnd = onEnd;
  }

  public long id() {
    return id;
  }

  WatchFilter filter() {
    return filter;
  }

  long cursor() {
    return cursor;
  }

  void startAt(long revision, WatchResponse first) {
    cursor = revision;
    offer(first.toBuilder().setWatchId(id).setRevision(revision).build().toByteString());
  }

  /** Hands over what is new to this client in a publication. */
  void publish(Publication publication) {
    if (publication.revision() <= cursor) {
      return;
    }
    cursor = publication.revision();
    ByteString changes = filter.select(publication);
    if (!changes.isEmpty()) {
      offer(head(publication.revision()).concat(changes));
    }
  }

  /** Notes that nothing happened up to a revision. */
  void advance(long revision) {
    cursor = Math.max(cursor, revision);
  }

  /** Sends what waits, as far as the client takes it; called when it can take more. */
  public void drain() {
    Optional<Runnable> next = Optional.empty();
    synchronized (this) {
      sendWaiting();
      if (waiting.isEmpty()) {
        next = onDrained;
        onDrained = Optional.empty();
      }
    }
    next.ifPresent(Runnable::run);
  }

  /** How many messages wait for the client. */
  synchronized int backlog() {
    return waiting.size();
  }

  /**
   * Runs a task once nothing waits for the client, which may be at once; replaces an earlier one.
   */
  void whenDrained(Runnable task) {
    synchronized (this) {
      onDrained = Optional.of(task);
    }
    drain();
  }

  private void sendWaiting() {
    while (!ended && !waiting.isEmpty() && sink.ready()) {
      sink.send(waiting.poll());
    }
  }

  /** Ends the watch with a reason for the client; does nothing if it has ended. */
  void end(ApiException reason) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      waiting.clear();
      sink.end(reason);
    }
    onEnd.run();
  }

  /** Ends the watch of a client that went away. */
  public void clientGone() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      waiting.clear();
    }
    onEnd.run();
  }

  synchronized boolean ended() {
    return ended;
  }

  private void offer(ByteString message) {
    synchronized (this) {
      if (ended) {
        return;
      }
      sendWaiting();
      if (waiting.isEmpty() && sink.ready()) {
        sink.send(message);
        return;
      }
      if (waiting.size() < buffer) {
        waiting.add(message);
        return;
      }
    }
    end(
        new ApiException(
            ApiException.Code.ABORTED,
            "event overflow: "
                + id
                + ": more than "
                + buffer
                + " messages wait to be read; read faster or watch less, and go on from the"
                + " revision after the last message's"));
  }

  private ByteString head(long revision) {
    return WatchResponse.newBuilder().setWatchId(id).setRevision(revision).build().toByteString();
  }
}
