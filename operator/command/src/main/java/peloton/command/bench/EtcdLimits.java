package peloton.command.bench;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What this etcd can take on this machine when nothing else runs: the measure of what the control
 * plane makes of it.
 *
 * @param single puts a second with one to a transaction and 64 transactions under way
 * @param batched puts a second with 128 to a transaction and one transaction under way
 */
record EtcdLimits(double single, double batched) {
  static final int VALUE_BYTES = 400;
  private static final int KEYS = 10_000;
  private static final String PREFIX = "/bench/limit/";
  private static final long ANSWER_SECONDS = 30;

  /** Measures both, each for so long after a third of that to warm up; leaves no keys behind. */
  static EtcdLimits measure(Channel channel, Duration each) {
    double single = rate(channel, each, 1, 64);
    double batched = rate(channel, each, 128, 1);
    KVGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
        .deleteRange(
            DeleteRangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(PREFIX))
                .setRangeEnd(ByteString.copyFromUtf8(PREFIX.replaceFirst("/$", "0")))
                .build());
    return new EtcdLimits(single, batched);
  }

  private static double rate(Channel channel, Duration time, int operations, int inFlight) {
    run(channel, time.dividedBy(3), operations, inFlight);
    return run(channel, time, operations, inFlight);
  }

  private static double run(Channel channel, Duration time, int operations, int inFlight) {
    KVGrpc.KVStub etcd = KVGrpc.newStub(channel);
    Semaphore room = new Semaphore(inFlight);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    StreamObserver<TxnResponse> answer =
        new StreamObserver<>() {
          @Override
          public void onNext(TxnResponse value) {}

          @Override
          public void onError(Throwable cause) {
            failure.compareAndSet(null, cause);
            room.release();
          }

          @Override
          public void onCompleted() {
            room.release();
          }
        };
    byte[] bytes = new byte[VALUE_BYTES];
    new Random(1).nextBytes(bytes);
    ByteString value = ByteString.copyFrom(bytes);
    long begun = System.nanoTime();
    long transactions = 0;
    int key = 0;
    while (System.nanoTime() - begun < time.toNanos() && failure.get() == null) {
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      for (int i = 0; i < operations; i++) {
        key = (key + 1) % KEYS;
        txn.addSuccess(
            RequestOp.newBuilder()
                .setRequestPut(
                    PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(PREFIX + key))
                        .setValue(value)));
      }
      take(room, 1);
      etcd.withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS).txn(txn.build(), answer);
      transactions++;
    }
    take(room, inFlight);
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (failure.get() != null) {
      throw new BenchFailure("etcd failed while its limits were measured", failure.get());
    }
    return transactions * operations / seconds;
  }

  private static void take(Semaphore room, int permits) {
    try {
      if (!room.tryAcquire(permits, ANSWER_SECONDS + 1, TimeUnit.SECONDS)) {
        throw new BenchFailure("etcd does not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }
}
