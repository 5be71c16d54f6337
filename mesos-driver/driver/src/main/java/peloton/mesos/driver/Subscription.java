package peloton.mesos.driver;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to subscribe and, if it succeeds, the subscription until its end. The stream of
 * events is read and delivered on the thread that calls {@link #run}; the next read waits until the
 * listener returns, so that a slow listener holds the master back and nothing piles up here.
 */
final class Subscription implements CallChannel.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

  private static final int READ_BUFFER = 64 << 10;

  /** What the Mesos documentation names for a master that does not say. */
  private static final double DEFAULT_HEARTBEAT_SECONDS = 15;

  private static final double LONGEST_HEARTBEAT_SECONDS = 3600;

  /**
   * When another scheduler takes the framework over, calls are turned down at the same moment as
   * the stream says why. So long the stream may take to say it, before the refusal alone counts.
   */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final DriverSettings settings;
  private final MasterAddress master;
  private final MesosEvents events;
  private final DriverCounters counters;
  private final LongSupplier nanoTime;
  private final MasterConnection connection = new MasterConnection();
  private final AtomicReference<Ending> ending = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  private String streamId = "";
  private volatile CallChannel channel;
  private volatile FrameworkID frameworkId;
  private volatile long subscribedAt;
  private volatile long heardAt;

  Subscription(
      DriverSettings settings,
      MasterAddress master,
      MesosEvents events,
      DriverCounters counters,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.master = master;
    this.events = events;
    this.counters = counters;
    this.nanoTime = nanoTime;
  }

  /** Subscribes, delivers events, and returns when it is over. */
  Ending run(Call subscribe) {
    try {
      connection.connect(master, settings);
      connection.write(
          RequestHead.of(master, settings.credential(), Optional.empty()), subscribe.toByteArray());
      connection.flush();
      Reply reply = connection.read();
      if (reply.status() == HttpStatus.SC_OK) {
        readEvents(reply);
      } else {
        end(Ending.ofSubscribe(reply));
      }
    } catch (SocketTimeoutException e) {
      end(Ending.retrying(silence(e)));
    } catch (IOException e) {
      end(Ending.retrying("the connection broke: " + e));
    } catch (RuntimeException e) {
      LOG.error("The subscription failed; subscribing again", e);
    } finally {
      end(Ending.retrying("the driver failed"));
    }
    return ending.get();
  }

  /** Queues a call; false when there is no subscription. */
  boolean send(Call call) {
    CallChannel open = channel;
    return open != null && open.offer(call);
  }

  /** Ends this attempt or subscription, from any thread. Only the first reason counts. */
  void end(Ending reason) {
    if (ending.compareAndSet(null, reason)) {
      connection.close();
      CallChannel open = channel;
      if (open != null) {
        open.close();
      }
      ended.countDown();
    }
  }

  @Override
  public void callsFailed(Ending reason) {
    end(reason);
  }

  @Override
  public void callRefused(Ending reason) {
    try {
      if (!ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        end(reason);
      }
    } catch (InterruptedException e) {
      end(reason);
    }
  }

  MasterAddress master() {
    return master;
  }

  /** The framework id that the master confirmed; empty before it did. */
  Optional<FrameworkID> frameworkId() {
    return Optional.ofNullable(frameworkId);
  }

  boolean isSubscribed() {
    return frameworkId != null && ending.get() == null;
  }

  /** How long ago the master confirmed the subscription; zero before it did. */
  Duration age() {
    return frameworkId == null
        ? Duration.ZERO
        : Duration.ofNanos(nanoTime.getAsLong() - subscribedAt);
  }

  /** How long ago the master last sent anything; zero before the subscription. */
  Duration silence() {
    return frameworkId == null ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - heardAt);
  }

  int queuedCalls() {
    CallChannel open = channel;
    return open == null ? 0 : open.queued();
  }

  private void readEvents(Reply reply) throws IOException {
    Optional<String> id = reply.header(RequestHead.STREAM_ID).filter(Subscription::isPrintable);
    Optional<String> type = reply.header(HttpHeaders.CONTENT_TYPE);
    if (id.isEmpty() || type.filter(Subscription::isProtobuf).isEmpty()) {
      end(
          Ending.retrying(
              master
                  + " is no Mesos master: its answer to SUBSCRIBE has "
                  + (id.isEmpty()
                      ? "no " + RequestHead.STREAM_ID
                      : "the Content-Type " + type.orElse("(none)"))));
      return;
    }
    streamId = id.get();
    readTimeoutFrom(DEFAULT_HEARTBEAT_SECONDS);
    RecordIoDecoder decoder = new RecordIoDecoder(settings.maxRecordBytes());
    InputStream stream = reply.body();
    byte[] buffer = new byte[READ_BUFFER];
    int count;
    while ((count = stream.read(buffer)) >= 0) {
      heardAt = nanoTime.getAsLong();
      if (!decoder.decode(buffer, 0, count, this::record)) {
        return;
      }
    }
    decoder.end();
    end(Ending.retrying("the master closed the stream of events"));
  }

  private boolean record(byte[] bytes, int offset, int length) throws IOException {
    counters.eventsReceived.increment();
    Event event = Event.parser().parsePartialFrom(bytes, offset, length);
    if (!event.isInitialized() || event.getType() == Event.Type.UNKNOWN) {
      skip(event);
    } else if (event.getType() == Event.Type.ERROR) {
      end(Ending.ofError(event.getError().getMessage()));
    } else if (event.getType() != Event.Type.HEARTBEAT) {
      deliver(event);
    }
    return ending.get() == null;
  }

  /**
   * A newer master may know event types and enum values that this version does not; protobuf then
   * reads a required field as missing. Ending the subscription would only bring the event again.
   */
  private void skip(Event event) {
    counters.eventsSkipped.increment();
    LOG.warn(
        "Skipped an event of type {} that this version cannot read: missing {}",
        event.getType(),
        event.findInitializationErrors());
  }

  private void deliver(Event event) throws IOException {
    if (event.getType() == Event.Type.SUBSCRIBED) {
      subscribed(event.getSubscribed());
    } else if (frameworkId == null) {
      throw new IOException("the first event is " + event.getType() + " instead of SUBSCRIBED");
    }
    try {
      events.event(event);
    } catch (RuntimeException e) {
      LOG.error("The listener failed on a {} event; subscribing again", event.getType(), e);
      end(Ending.retrying("the listener failed on a " + event.getType() + " event: " + e));
    }
  }

  private void subscribed(Event.Subscribed confirmation) throws IOException {
    if (frameworkId != null) {
      throw new IOException("a second SUBSCRIBED event in one subscription");
    }
    readTimeoutFrom(
        confirmation.hasHeartbeatIntervalSeconds()
            ? confirmation.getHeartbeatIntervalSeconds()
            : DEFAULT_HEARTBEAT_SECONDS);
    counters.subscriptions.increment();
    subscribedAt = heardAt;
    CallChannel opened =
        new CallChannel(
            settings, master, streamId, confirmation.getFrameworkId(), counters, nanoTime, this);
    opened.start();
    channel = opened;
    frameworkId = confirmation.getFrameworkId();
    if (ending.get() != null) {
      opened.close();
    }
    LOG.info(
        "Subscribed to the Mesos master at {} as framework {}",
        master,
        confirmation.getFrameworkId().getValue());
  }

  /**
   * The watchdog: the socket's own read timeout, which runs on monotonic time, which any byte feeds
   * and which stands still while the listener works.
   */
  private void readTimeoutFrom(double heartbeatSeconds) throws IOException {
    double seconds =
        heartbeatSeconds > 0 && heartbeatSeconds <= LONGEST_HEARTBEAT_SECONDS
            ? heartbeatSeconds
            : DEFAULT_HEARTBEAT_SECONDS;
    connection.readTimeout(Duration.ofNanos((long) (seconds * 1e9 * settings.missedHeartbeats())));
  }

  private String silence(SocketTimeoutException e) {
    return frameworkId == null
        ? "no answer to SUBSCRIBE in time: " + e.getMessage()
        : "nothing was heard for " + settings.missedHeartbeats() + " heartbeat intervals";
  }

  private static boolean isProtobuf(String contentType) {
    String mediaType = contentType.split(";", 2)[0].strip();
    return mediaType.equalsIgnoreCase(RequestHead.PROTOBUF);
  }

  private static boolean isPrintable(String header) {
    return !header.isEmpty() && header.chars().allMatch(c -> c > ' ' && c < 127);
  }
}
