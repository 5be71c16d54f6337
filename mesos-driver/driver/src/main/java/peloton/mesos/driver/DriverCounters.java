package peloton.mesos.driver;

import java.util.concurrent.atomic.LongAdder;

/** What the driver has done so far; written by its threads, read by anyone. */
final class DriverCounters {
  final LongAdder subscriptions = new LongAdder();
  final LongAdder eventsReceived = new LongAdder();
  final LongAdder eventsSkipped = new LongAdder();
  final LongAdder callsAccepted = new LongAdder();
  final LongAdder callsDropped = new LongAdder();
}
