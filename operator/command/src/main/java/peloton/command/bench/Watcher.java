package peloton.command.bench;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** One watching client on a connection of its own, which notes what it hears of and when. */
final class Watcher implements AutoCloseable {
  private static final int SMALL_WINDOW = 65_535;

  private final WatchTarget target;
  private final LongAdder heard;
  private final ManagedChannel channel;
  private final ClientCall<ByteString, ByteString> call;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  // Guarded by this.
  private long[] revisions = new long[1024];
  private long[] times = new long[1024];
  private int count;
  private boolean reads;
  private Status end = Status.UNKNOWN;

  /**
   * Begins to watch; returns at once.
   *
   * @param start the first revision to hear of; 0 for what comes
   * @param reads whether messages are taken as they come; else only the first one, until {@link
   *     #readOn}
   * @param heard counts the changes that all watchers heard of
   */
  Watcher(WatchTarget target, long start, boolean reads, LongAdder heard) {
    this.target = target;
    this.reads = reads;
    this.heard = heard;
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget("dns:///" + target.address())
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .directExecutor();
    channel = (reads ? builder : builder.flowControlWindow(SMALL_WINDOW)).build();
    call = channel.newCall(target.method(), CallOptions.DEFAULT);
    call.start(new Listener(), new Metadata());
    call.request(1);
    call.sendMessage(target.request().from(start));
    if (!target.requests()) {
      call.halfClose();
    }
  }

  /** Waits for the first message, which says that the watch has begun. */
  void awaitBegin(long seconds) throws InterruptedException {
    if (!begun.await(seconds, TimeUnit.SECONDS)) {
      throw new BenchFailure(target.name() + " does not begin a watch");
    }
    synchronized (this) {
      if (ended.getCount() == 0) {
        throw new BenchFailure(target.name() + " refuses a watch: " + end);
      }
    }
  }

  /** Takes messages from now on. */
  void readOn() {
    synchronized (this) {
      reads = true;
    }
    call.request(1);
  }

  /** Waits until the server ends the watch; says how. */
  Status awaitEnd(long seconds) throws InterruptedException {
    if (!ended.await(seconds, TimeUnit.SECONDS)) {
      throw new BenchFailure(target.name() + " does not end a watch that was not read");
    }
    synchronized (this) {
      return end;
    }
  }

  /** Forgets what was heard so far. */
  synchronized void forget() {
    count = 0;
  }

  synchronized int count() {
    return count;
  }

  /** The revisions that were heard of, in the order in which they came. */
  synchronized long[] revisions() {
    return Arrays.copyOf(revisions, count);
  }

  /** When each was heard of, by {@link System#nanoTime}. */
  synchronized long[] times() {
    return Arrays.copyOf(times, count);
  }

  private synchronized void take(ByteString message, long now) {
    try {
      target.reading().read(message, revision -> note(revision, now));
    } catch (IOException e) {
      throw new BenchFailure("a message of " + target.name() + " cannot be read: " + e, e);
    }
  }

  private void note(long revision, long now) {
    if (count == revisions.length) {
      revisions = Arrays.copyOf(revisions, 2 * count);
      times = Arrays.copyOf(times, 2 * count);
    }
    revisions[count] = revision;
    times[count] = now;
    count++;
    heard.increment();
  }

  @Override
  public void close() {
    call.cancel("done", null);
    channel.shutdownNow();
  }

  private final class Listener extends ClientCall.Listener<ByteString> {
    @Override
    public void onMessage(ByteString message) {
      take(message, System.nanoTime());
      begun.countDown();
      synchronized (Watcher.this) {
        if (!reads) {
          return;
        }
      }
      call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      synchronized (Watcher.this) {
        end = status;
      }
      begun.countDown();
      ended.countDown();
    }
  }
}
