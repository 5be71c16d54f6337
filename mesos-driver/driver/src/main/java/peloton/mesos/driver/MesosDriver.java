package peloton.mesos.driver;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.mesos.driver.MesosEvents.Disconnection;

/**
 * Keeps a framework subscribed at the leading master, for one life: {@link #start} once, {@link
 * #close} once. Events are delivered on the driver's own thread; calls may come from any thread.
 */
public final class MesosDriver implements MesosCalls, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MesosDriver.class);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final DriverSettings settings;
  private final Supplier<FrameworkInfo> framework;
  private final MesosEvents events;
  private final LongSupplier nanoTime;
  private final Backoff backoff;
  private final MasterRoute route;
  private final DriverCounters counters = new DriverCounters();
  private final Thread thread = new Thread(this::run, "mesos-events");
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Optional<FrameworkID> confirmedId = Optional.empty();
  private volatile Subscription current;
  private volatile Optional<Disconnection> lastFailure = Optional.empty();

  /**
   * @param framework asked for at every attempt; with the stored id, once there is one. An id that
   *     the master gave and that is not stored yet is kept here, so that a connection which breaks
   *     at once does not register a second framework.
   * @param events hears what the master says
   * @param random spreads the pauses before new attempts
   */
  public MesosDriver(
      DriverSettings settings,
      Supplier<FrameworkInfo> framework,
      MesosEvents events,
      RandomGenerator random) {
    this(settings, framework, events, random, System::nanoTime);
  }

  MesosDriver(
      DriverSettings settings,
      Supplier<FrameworkInfo> framework,
      MesosEvents events,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.framework = Objects.requireNonNull(framework, "framework");
    this.events = Objects.requireNonNull(events, "events");
    this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
    this.backoff = new Backoff(settings.backoffMin(), settings.backoffMax(), random);
    this.route = new MasterRoute(settings.masters(), settings.tls().isPresent());
    thread.setDaemon(true);
  }

  /**
   * Begins to subscribe, and goes on until {@link #close} or an ending that is final.
   *
   * @throws IllegalStateException when it was started or closed before
   */
  public void start() {
    if (isClosing() || !started.compareAndSet(false, true)) {
      throw new IllegalStateException("a Mesos driver starts once: make a new one");
    }
    thread.start();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException for SUBSCRIBE and for a call that lacks a required field
   */
  @Override
  public void send(Call call) {
    if (!call.isInitialized() || call.getType() == Call.Type.SUBSCRIBE) {
      throw new IllegalArgumentException(
          call.getType() == Call.Type.SUBSCRIBE
              ? "SUBSCRIBE is the driver's own call"
              : call.getType() + " lacks " + call.findInitializationErrors());
    }
    Subscription subscription = current;
    if (subscription == null || !subscription.send(call)) {
      counters.callsDropped.increment();
    }
  }

  @Override
  public int waiting() {
    Subscription subscription = current;
    return subscription == null ? 0 : subscription.queuedCalls();
  }

  /** What the driver is doing now. */
  public DriverSnapshot snapshot() {
    Subscription now = current;
    Optional<Subscription> subscription = Optional.ofNullable(now);
    boolean subscribed = now != null && now.isSubscribed();
    return new DriverSnapshot(
        state(subscribed),
        subscription.map(Subscription::master),
        subscribed ? now.age() : Duration.ZERO,
        subscribed ? now.silence() : Duration.ZERO,
        counters.subscriptions.sum(),
        counters.eventsReceived.sum(),
        counters.eventsSkipped.sum(),
        counters.callsAccepted.sum(),
        counters.callsDropped.sum(),
        subscription.map(Subscription::queuedCalls).orElse(0),
        lastFailure);
  }

  /**
   * Closes the connections and returns within some 2 s. The master keeps the framework and its
   * tasks until the framework's failover timeout: to end both, send a TEARDOWN and wait for the
   * disconnection before closing. Queued calls are dropped, and the listener hears nothing more
   * once this has returned.
   */
  @Override
  public void close() {
    closing.countDown();
    Subscription subscription = current;
    if (subscription != null) {
      subscription.end(Ending.retrying("the driver was closed"));
    }
    if (!started.get() || Thread.currentThread() == thread) {
      return;
    }
    try {
      if (!stopped.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("The thread of the Mesos driver did not end within {}", CLOSE_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private DriverSnapshot.State state(boolean subscribed) {
    if (stopped.getCount() == 0 || isClosing()) {
      return DriverSnapshot.State.STOPPED;
    }
    if (!started.get()) {
      return DriverSnapshot.State.NEW;
    }
    return subscribed ? DriverSnapshot.State.SUBSCRIBED : DriverSnapshot.State.CONNECTING;
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void run() {
    try {
      Optional<Duration> pause = Optional.of(Duration.ZERO);
      while (pause.isPresent() && !closing.await(pause.get().toNanos(), TimeUnit.NANOSECONDS)) {
        pause = attempt();
      }
    } catch (InterruptedException e) {
      LOG.error("The thread of the Mesos driver was interrupted: it stops");
    } finally {
      stopped.countDown();
    }
  }

  /** Subscribes and stays; then says how long to wait before the next attempt, if there is one. */
  private Optional<Duration> attempt() {
    Optional<MasterAddress> master = route.next();
    if (master.isEmpty()) {
      return ended(Ending.retrying("no Mesos master is known"), Duration.ZERO, false);
    }
    Subscription subscription =
        new Subscription(settings, master.get(), events, counters, nanoTime);
    current = subscription;
    if (isClosing()) {
      return Optional.empty();
    }
    Ending ending = subscribe(subscription);
    boolean wasSubscribed = subscription.frameworkId().isPresent();
    confirmedId = subscription.frameworkId().or(() -> confirmedId);
    Duration age = subscription.age();
    current = null;
    if (isClosing()) {
      return Optional.empty();
    }
    if (ending.location().isPresent()) {
      String location = ending.location().get();
      Optional<String> obstacle = route.follow(master.get(), location);
      if (obstacle.isEmpty()) {
        LOG.info("{} redirects to the leading master: {}", master.get(), location);
        return Optional.of(Duration.ZERO);
      }
      ending = Ending.retrying(obstacle.get());
    }
    return ended(ending, age, wasSubscribed);
  }

  private Ending subscribe(Subscription subscription) {
    Call call;
    try {
      call = subscribeCall(framework.get());
    } catch (RuntimeException e) {
      LOG.error("The framework to subscribe is not available", e);
      return Ending.retrying("the framework to subscribe is not available: " + e);
    }
    return subscription.run(call);
  }

  private Call subscribeCall(FrameworkInfo info) {
    boolean stored = info.hasId() && !info.getId().getValue().isEmpty();
    Optional<FrameworkID> id = stored ? Optional.of(info.getId()) : confirmedId;
    FrameworkInfo.Builder subscribing = info.toBuilder().clearId();
    Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE);
    id.ifPresent(
        known -> {
          subscribing.setId(known);
          call.setFrameworkId(known);
        });
    return call.setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(subscribing)).build();
  }

  private Optional<Duration> ended(Ending ending, Duration age, boolean wasSubscribed) {
    lastFailure = Optional.of(ending.disconnection());
    route.ended(wasSubscribed);
    if (age.compareTo(settings.backoffMax()) >= 0) {
      backoff.reset();
    }
    Optional<Duration> pause = pauseAfter(ending);
    LOG.warn(
        "{}: {}; {}",
        ending.kind(),
        ending.disconnection().detail(),
        pause.map(p -> "trying again in " + p.toMillis() + " ms").orElse("not trying again"));
    if (wasSubscribed || ending.kind() != Disconnection.Kind.RETRYING) {
      tell(ending.disconnection());
    }
    return pause;
  }

  private Optional<Duration> pauseAfter(Ending ending) {
    if (ending.isFinal()) {
      return Optional.empty();
    }
    return Optional.of(
        ending.kind() == Disconnection.Kind.REFUSED
            ? backoff.jittered(settings.refusedBackoff())
            : backoff.next());
  }

  private void tell(Disconnection disconnection) {
    try {
      events.disconnected(disconnection);
    } catch (RuntimeException e) {
      LOG.error("The listener failed on the end of the subscription", e);
    }
  }
}
