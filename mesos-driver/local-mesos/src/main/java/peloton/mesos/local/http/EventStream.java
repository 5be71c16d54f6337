package peloton.mesos.local.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.mesos.local.master.Subscriber;

/**
 * Events on their way to one scheduler, in RecordIO. The event loop adds, the connection's thread
 * encodes and writes. A scheduler that reads too slowly is cut off when the queue is full: it has
 * to subscribe and reconcile anew.
 */
final class EventStream implements Subscriber {

  private static final Logger log = LoggerFactory.getLogger(EventStream.class);
  private static final int CHUNK_BYTES = 64 * 1024;

  private final String streamId;
  private final MediaType form;
  private final int capacity;
  private final Runnable cut;
  private final Consumer<EventStream> whenEnded;
  private final AtomicBoolean wakeUpSent = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final ArrayDeque<Event> queue = new ArrayDeque<>();
  private boolean closing;
  private boolean broken;
  private volatile boolean cutting;
  private DataStreamChannel channel;
  private ByteBuffer chunk = ByteBuffer.allocate(0);

  /**
   * @param capacity the most events that may wait
   * @param cut ends the connection at once; a scheduler that does not read would not notice else
   * @param whenEnded called once when the scheduler can no longer be reached
   */
  EventStream(
      String streamId,
      MediaType form,
      int capacity,
      Runnable cut,
      Consumer<EventStream> whenEnded) {
    this.streamId = streamId;
    this.form = form;
    this.capacity = capacity;
    this.cut = cut;
    this.whenEnded = whenEnded;
  }

  @Override
  public String streamId() {
    return streamId;
  }

  MediaType form() {
    return form;
  }

  @Override
  public void send(Event event) {
    boolean overflow = false;
    synchronized (queue) {
      if (closing || broken) {
        return;
      }
      if (queue.size() < capacity) {
        queue.add(event);
      } else {
        overflow = true;
      }
    }
    if (overflow) {
      log.warn("A scheduler left {} events unread and is cut off", capacity);
      ended();
      cut.run();
    } else {
      wakeUp();
    }
  }

  @Override
  public void close() {
    synchronized (queue) {
      closing = true;
    }
    wakeUp();
  }

  /** Cuts the connection in the middle of the next record that is sent. */
  void cutInRecord() {
    cutting = true;
  }

  /** The connection is gone, or the stream has come to its end. */
  void ended() {
    synchronized (queue) {
      broken = true;
      queue.clear();
    }
    if (ended.compareAndSet(false, true)) {
      whenEnded.accept(this);
    }
  }

  /** How much can be written now, for the HTTP engine. */
  int available() {
    synchronized (queue) {
      return chunk.hasRemaining() || closing || broken || !queue.isEmpty() ? 1 : 0;
    }
  }

  /** Writes what there is; called by the connection's thread. */
  void produce(DataStreamChannel out) throws IOException {
    synchronized (queue) {
      channel = out;
    }
    wakeUpSent.set(false);
    while (chunk.hasRemaining() || fill()) {
      if (cutting) {
        chunk.limit(chunk.position() + Math.max(1, chunk.remaining() / 2));
        out.write(chunk);
        ended();
        cut.run();
        return;
      }
      out.write(chunk);
      if (chunk.hasRemaining()) {
        out.requestOutput();
        return;
      }
    }
    boolean end;
    synchronized (queue) {
      if (broken) {
        throw new ConnectionClosedException("The stream was cut");
      }
      end = closing && queue.isEmpty();
    }
    if (end) {
      out.endStream();
    }
  }

  private void wakeUp() {
    DataStreamChannel out;
    synchronized (queue) {
      out = channel;
    }
    if (out != null && wakeUpSent.compareAndSet(false, true)) {
      out.requestOutput();
    }
  }

  /** Encodes the next events into one chunk; false when there are none. */
  private boolean fill() throws IOException {
    var bytes = new ByteArrayOutputStream(CHUNK_BYTES / 4);
    while (bytes.size() < CHUNK_BYTES) {
      Event event;
      synchronized (queue) {
        event = queue.poll();
      }
      if (event == null) {
        break;
      }
      byte[] record = form.encode(event);
      bytes.writeBytes((record.length + "\n").getBytes(StandardCharsets.US_ASCII));
      bytes.writeBytes(record);
    }
    chunk = ByteBuffer.wrap(bytes.toByteArray());
    return chunk.hasRemaining();
  }
}
