package peloton.command.bench;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Callers that each send the next request when the last answer is complete. Answers are counted and
 * not parsed, so that the client costs the same whatever is asked.
 */
final class ClosedLoop {
  private static final long ANSWER_SECONDS = 30;
  private static final int DIGITS = 3;

  private final List<? extends Channel> channels;
  private final MethodDescriptor<ByteString, ByteString> method;
  private final List<ByteString> requests;
  private final long end;
  private final CountDownLatch running;
  private final AtomicInteger next = new AtomicInteger();
  private final LongAdder bytes = new LongAdder();
  private final Histogram nanos = new ConcurrentHistogram(DIGITS);
  private final AtomicReference<Status> failure = new AtomicReference<>();

  /**
   * What came of it.
   *
   * @param rate calls a second
   * @param nanos how long each took
   * @param bytesPerCall of answers
   */
  record Result(double rate, Histogram nanos, double bytesPerCall) {}

  private ClosedLoop(
      List<? extends Channel> channels,
      MethodDescriptor<ByteString, ByteString> method,
      List<ByteString> requests,
      int callers,
      long end) {
    this.channels = channels;
    this.method = method;
    this.requests = requests;
    this.end = end;
    this.running = new CountDownLatch(callers);
  }

  /**
   * Runs callers for a time.
   *
   * @param channels that the callers share evenly; must call back on their own threads
   * @param requests sent in turn, over and over
   * @throws BenchFailure if a call fails
   */
  static Result run(
      List<? extends Channel> channels,
      MethodDescriptor<ByteString, ByteString> method,
      List<ByteString> requests,
      int callers,
      Duration time)
      throws InterruptedException {
    long begun = System.nanoTime();
    ClosedLoop loop = new ClosedLoop(channels, method, requests, callers, begun + time.toNanos());
    for (int i = 0; i < callers; i++) {
      loop.send(channels.get(i % channels.size()));
    }
    if (!loop.running.await(time.toSeconds() + ANSWER_SECONDS + 1, TimeUnit.SECONDS)) {
      throw new BenchFailure(method.getFullMethodName() + " is not answered");
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    Status failure = loop.failure.get();
    if (failure != null) {
      throw new BenchFailure(method.getFullMethodName() + " is answered with " + failure);
    }
    long calls = loop.nanos.getTotalCount();
    return new Result(calls / seconds, loop.nanos, (double) loop.bytes.sum() / calls);
  }

  private void send(Channel channel) {
    long sent = System.nanoTime();
    ClientCall<ByteString, ByteString> call =
        channel.newCall(
            method, CallOptions.DEFAULT.withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(ByteString message) {
            bytes.add(message.size());
            call.request(1);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            long now = System.nanoTime();
            nanos.recordValue(now - sent);
            if (!status.isOk()) {
              failure.compareAndSet(null, status);
            }
            if (now < end && failure.get() == null) {
              send(channel);
            } else {
              running.countDown();
            }
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage(requests.get(Math.floorMod(next.getAndIncrement(), requests.size())));
    call.halfClose();
  }
}
