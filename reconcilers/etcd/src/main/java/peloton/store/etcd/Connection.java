package peloton.store.etcd;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import peloton.store.StoreException;

/**
 * The way to etcd: one channel that is kept connected, the threads that answers come on, the timer.
 *
 * <p>Calls wait for the connection until their deadline, so a restart of etcd shorter than that
 * costs time only. What was sent when a connection broke is not sent again, reads excepted.
 */
final class Connection implements AutoCloseable {
  private static final int THREADS = 2;
  private static final long RECONNECT_MILLIS = 500;

  private final EtcdSettings settings;
  private final ManagedChannel channel;
  private final ScheduledThreadPoolExecutor timer;
  private final ThreadPoolExecutor answers;
  private final Optional<Tokens> tokens;
  private final CallOptions calls;

  Connection(EtcdSettings settings) {
    this.settings = settings;
    timer = new ScheduledThreadPoolExecutor(1, daemons("etcd-timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    answers = answers();
    channel = channel(settings, answers);
    tokens = settings.login().map(login -> new Tokens(login, this::login));
    calls =
        tokens
            .map(CallOptions.DEFAULT::withCallCredentials)
            .orElse(CallOptions.DEFAULT)
            .withWaitForReady();
    channel.getState(true);
    timer.scheduleWithFixedDelay(
        this::reconnect, RECONNECT_MILLIS, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Sends one request; fails with {@link StoreException} only.
   *
   * @param result what the answer means; may throw a {@link StoreException}
   */
  <Q, A, T> CompletableFuture<T> call(
      MethodDescriptor<Q, A> method, Q request, Function<A, T> result) {
    return send(method, request, result, Failures::of);
  }

  /** Sends one request; fails with what {@code failure} makes of gRPC's exception. */
  <Q, A, T> CompletableFuture<T> send(
      MethodDescriptor<Q, A> method,
      Q request,
      Function<A, T> result,
      Function<Throwable, Throwable> failure) {
    Answer<A, T> answer = new Answer<>(result, heedingTokens(failure));
    inRoot(() -> ClientCalls.asyncUnaryCall(start(method, deadline(calls)), request, answer));
    return answer.future();
  }

  /** Sends one request on a stream of its own and takes the one answer. */
  <Q, A, T> CompletableFuture<T> callOnStream(
      MethodDescriptor<Q, A> method, Q request, Function<A, T> result) {
    Answer<A, T> answer = new Answer<>(result, heedingTokens(Failures::of));
    inRoot(
        () -> {
          StreamObserver<Q> requests =
              ClientCalls.asyncBidiStreamingCall(start(method, deadline(calls)), answer);
          requests.onNext(request);
          // Without this the server keeps its side of the stream.
          requests.onCompleted();
        });
    return answer.future();
  }

  /** Opens a stream that lasts. */
  <Q, A> void stream(MethodDescriptor<Q, A> method, ClientResponseObserver<Q, A> answers) {
    inRoot(() -> ClientCalls.asyncBidiStreamingCall(start(method, calls), answers));
  }

  /** Opens a stream that ends within the request timeout. */
  <Q, A> void shortStream(MethodDescriptor<Q, A> method, ClientResponseObserver<Q, A> answers) {
    inRoot(() -> ClientCalls.asyncBidiStreamingCall(start(method, deadline(calls)), answers));
  }

  /** Logs in anew with the next call. */
  void forgetToken() {
    tokens.ifPresent(Tokens::forget);
  }

  /** Where answers and callbacks run. */
  Executor executor() {
    return answers;
  }

  /** For everything that waits; its tasks must be short. */
  ScheduledExecutorService timer() {
    return timer;
  }

  EtcdSettings settings() {
    return settings;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    channel.shutdownNow();
  }

  /** A call that carries no token, to get one with. */
  private <Q, A> void login(MethodDescriptor<Q, A> method, Q request, StreamObserver<A> answer) {
    CallOptions options = deadline(CallOptions.DEFAULT.withWaitForReady());
    inRoot(() -> ClientCalls.asyncUnaryCall(start(method, options), request, answer));
  }

  private Function<Throwable, Throwable> heedingTokens(Function<Throwable, Throwable> failure) {
    return cause -> {
      if (Failures.isInvalidToken(Status.fromThrowable(cause).getDescription())) {
        forgetToken();
      }
      return failure.apply(cause);
    };
  }

  private <Q, A> ClientCall<Q, A> start(MethodDescriptor<Q, A> method, CallOptions options) {
    return channel.newCall(method, options);
  }

  private CallOptions deadline(CallOptions options) {
    return options.withDeadlineAfter(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Outside of any call that this thread serves just now, whose end would cancel what we begin. */
  private static void inRoot(Runnable work) {
    Context.ROOT.run(work);
  }

  /** gRPC itself would wait ever longer, up to two minutes. */
  private void reconnect() {
    ConnectivityState state = channel.getState(true);
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
  }

  private static ManagedChannel channel(EtcdSettings settings, Executor answers) {
    return Grpc.newChannelBuilder(
            EndpointResolverProvider.target(settings.endpoints()), credentials(settings))
        .executor(answers)
        .maxInboundMessageSize(settings.maxInboundBytes())
        .keepAliveTime(settings.keepAlive().toNanos(), TimeUnit.NANOSECONDS)
        .keepAliveTimeout(settings.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
        .defaultServiceConfig(readsAreRepeated())
        .build();
  }

  private static Map<String, ?> readsAreRepeated() {
    return Map.of(
        "methodConfig",
        List.of(
            Map.of(
                "name",
                List.of(Map.of("service", "etcdserverpb.KV", "method", "Range")),
                "retryPolicy",
                Map.of(
                    "maxAttempts",
                    5.0,
                    "initialBackoff",
                    "0.1s",
                    "maxBackoff",
                    "1s",
                    "backoffMultiplier",
                    2.0,
                    "retryableStatusCodes",
                    List.of("UNAVAILABLE")))));
  }

  private static ChannelCredentials credentials(EtcdSettings settings) {
    if (settings.tls().isEmpty()) {
      return InsecureChannelCredentials.create();
    }
    EtcdSettings.Tls tls = settings.tls().get();
    TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
    try {
      if (tls.trusted().isPresent()) {
        credentials.trustManager(tls.trusted().get().toFile());
      }
      if (tls.identity().isPresent()) {
        EtcdSettings.Identity identity = tls.identity().get();
        credentials.keyManager(identity.certificates().toFile(), identity.key().toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("etcd TLS files cannot be read: " + e.getMessage(), e);
    }
    return credentials.build();
  }

  /**
   * Where answers are handled. Its threads go when they have nothing to do, so that an answer that
   * comes while the channel closes still finds one.
   */
  private static ThreadPoolExecutor answers() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("etcd"));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
