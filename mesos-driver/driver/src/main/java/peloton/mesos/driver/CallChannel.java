package peloton.mesos.driver;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection for the calls of one subscription, with the thread that owns it. Mesos keeps the
 * order of calls only within a connection, so there is one, and what waits is written to it
 * pipelined: a batch of requests, one flush, then the answers in order.
 *
 * <p>Nothing is sent twice. When the connection breaks with answers outstanding, nobody knows which
 * calls took effect: the subscription ends, and reconciliation finds out.
 */
final class CallChannel {

  /** Whom the channel tells that the subscription is over. */
  interface Owner {

    /** The connection broke or the queue ran over. */
    void callsFailed(Ending ending);

    /** The master turned a call down. */
    void callRefused(Ending ending);
  }

  private static final Logger LOG = LoggerFactory.getLogger(CallChannel.class);

  /** After so long a silence the connection is looked at before it is used. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  /** Wakes the thread; never sent. */
  private static final Call WAKE = Call.getDefaultInstance();

  private final DriverSettings settings;
  private final MasterAddress master;
  private final RequestHead head;
  private final FrameworkID frameworkId;
  private final DriverCounters counters;
  private final LongSupplier nanoTime;
  private final Owner owner;
  private final BlockingQueue<Call> queue;
  private volatile MasterConnection connection;
  private volatile boolean closed;
  private long lastUse;

  CallChannel(
      DriverSettings settings,
      MasterAddress master,
      String streamId,
      FrameworkID frameworkId,
      DriverCounters counters,
      LongSupplier nanoTime,
      Owner owner) {
    this.settings = settings;
    this.master = master;
    this.head = RequestHead.of(master, settings.credential(), Optional.of(streamId));
    this.frameworkId = frameworkId;
    this.counters = counters;
    this.nanoTime = nanoTime;
    this.owner = owner;
    this.queue = new LinkedBlockingQueue<>(settings.maxQueuedCalls());
  }

  void start() {
    Thread thread = new Thread(this::run, "mesos-calls");
    thread.setDaemon(true);
    thread.start();
  }

  /** Queues a call; false when the channel is closed or has just been given up. */
  boolean offer(Call call) {
    if (closed) {
      return false;
    }
    if (!queue.offer(call)) {
      owner.callsFailed(
          Ending.retrying(
              "more than "
                  + settings.maxQueuedCalls()
                  + " calls wait: the master takes them too slowly"));
      return false;
    }
    return true;
  }

  int queued() {
    return queue.size();
  }

  /** Drops what is queued and ends the thread; from any thread. */
  void close() {
    closed = true;
    MasterConnection open = connection;
    if (open != null) {
      open.close();
    }
    counters.callsDropped.add(queue.size());
    queue.clear();
    queue.offer(WAKE);
  }

  private void run() {
    List<Call> batch = new ArrayList<>(settings.pipelinedCalls());
    try {
      boolean open = true;
      while (open) {
        batch.clear();
        batch.add(queue.take());
        queue.drainTo(batch, settings.pipelinedCalls() - 1);
        open = !closed && exchange(batch);
      }
    } catch (IOException e) {
      owner.callsFailed(Ending.retrying("the connection for calls broke: " + e));
    } catch (InterruptedException e) {
      owner.callsFailed(Ending.retrying("the thread for calls was interrupted"));
    } catch (RuntimeException e) {
      LOG.error("The thread for calls failed; subscribing again", e);
    } finally {
      closeConnection();
      owner.callsFailed(Ending.retrying("the thread for calls ended"));
    }
  }

  /** Sends a batch and reads its answers; false when one of them ends the subscription. */
  private boolean exchange(List<Call> batch) throws IOException {
    MasterConnection to = connected();
    for (Call call : batch) {
      to.write(head, call.toBuilder().setFrameworkId(frameworkId).build().toByteArray());
    }
    to.flush();
    int unanswered = batch.size();
    for (Call call : batch) {
      Reply reply = to.read();
      unanswered--;
      if (!reply.isSuccess()) {
        owner.callRefused(Ending.ofCall(call.getType(), reply));
        return false;
      }
      reply.discardBody();
      counters.callsAccepted.increment();
      if (!reply.keepsConnection()) {
        closeConnection();
        if (unanswered > 0) {
          throw new IOException("the master closed it with " + unanswered + " calls unanswered");
        }
      }
    }
    lastUse = nanoTime.getAsLong();
    return true;
  }

  /**
   * The open connection, or a new one when there is none or the master closed it while it was idle.
   * All earlier calls have been answered by then, so that order is kept.
   */
  private MasterConnection connected() throws IOException {
    MasterConnection open = connection;
    if (open != null && nanoTime.getAsLong() - lastUse > IDLE.toNanos() && open.isStale()) {
      closeConnection();
      open = null;
    }
    if (open == null) {
      open = new MasterConnection();
      connection = open;
      if (closed) {
        open.close();
      }
      open.connect(master, settings);
    }
    return open;
  }

  private void closeConnection() {
    MasterConnection open = connection;
    if (open != null) {
      open.close();
      connection = null;
    }
  }
}
