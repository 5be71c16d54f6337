package peloton.command.bench;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.PutResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Writes to etcd, one key to a revision, and knows when each was due. */
final class Pulse {
  private static final long ANSWER_SECONDS = 30;

  private final KVGrpc.KVStub etcd;
  private final Writes writes;
  private final Map<Long, Long> due = new ConcurrentHashMap<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private long sent;

  /** What is written. */
  interface Writes {
    PutRequest next(long number);
  }

  Pulse(Channel etcd, Writes writes) {
    this.etcd = KVGrpc.newStub(etcd);
    this.writes = writes;
  }

  /**
   * Writes so many times a second, at fixed moments, however long each takes.
   *
   * @return when each revision was due, by {@link System#nanoTime}
   */
  Map<Long, Long> beat(int rate, Duration time) {
    due.clear();
    long count = rate * time.toMillis() / 1000;
    long begun = System.nanoTime();
    for (long i = 0; i < count; i++) {
      long at = begun + i * 1_000_000_000L / rate;
      while (System.nanoTime() - at < 0) {
        LockSupport.parkNanos(at - System.nanoTime());
      }
      put(at);
    }
    await(count);
    return Map.copyOf(due);
  }

  /**
   * Writes for a time as fast as what was written is heard of.
   *
   * @param ahead how many may be on their way
   * @param heard how many have arrived everywhere since this began
   * @return the revisions that were written
   */
  Map<Long, Long> flood(int ahead, LongSupplier heard, Duration time) {
    due.clear();
    long begun = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - begun < time.toNanos() && failure.get() == null) {
      if (count - heard.getAsLong() < ahead) {
        put(System.nanoTime());
        count++;
      } else {
        LockSupport.parkNanos(20_000);
      }
    }
    await(count);
    return Map.copyOf(due);
  }

  private void put(long at) {
    etcd.withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
        .put(
            writes.next(sent++),
            new StreamObserver<>() {
              @Override
              public void onNext(PutResponse response) {
                due.put(response.getHeader().getRevision(), at);
              }

              @Override
              public void onError(Throwable cause) {
                failure.compareAndSet(null, cause);
              }

              @Override
              public void onCompleted() {}
            });
  }

  private void await(long count) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
    while (due.size() < count && failure.get() == null && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(1_000_000);
    }
    if (failure.get() != null || due.size() < count) {
      throw new BenchFailure("etcd does not take what is written: " + failure.get());
    }
  }
}
