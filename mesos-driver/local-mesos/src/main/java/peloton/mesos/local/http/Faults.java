package peloton.mesos.local.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a network does to streams and calls, on request; from any thread. */
final class Faults {

  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
  private final AtomicInteger acknowledgementsToLose = new AtomicInteger();

  void opened(EventStream stream) {
    streams.add(stream);
  }

  void ended(EventStream stream) {
    streams.remove(stream);
  }

  /** Cuts all streams of events in the middle of their next record. */
  void cutInRecord() {
    streams.forEach(EventStream::cutInRecord);
  }

  /** The next so many acknowledgements are answered with success and never arrive. */
  void loseAcknowledgements(int count) {
    acknowledgementsToLose.set(count);
  }

  /** Whether this acknowledgement is one of those. */
  boolean losesAcknowledgement() {
    return acknowledgementsToLose.get() > 0
        && acknowledgementsToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }
}
