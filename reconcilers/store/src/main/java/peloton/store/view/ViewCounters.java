package peloton.store.view;

import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link ViewStats}. */
final class ViewCounters {
  final LongAdder changes = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder unknownKeys = new LongAdder();
  final LongAdder unreadable = new LongAdder();
  final LongAdder loads = new LongAdder();
  final LongAdder resyncs = new LongAdder();
  final LongAdder repairs = new LongAdder();

  ViewStats snapshot() {
    return new ViewStats(
        changes.sum(),
        duplicates.sum(),
        unknownKeys.sum(),
        unreadable.sum(),
        loads.sum(),
        resyncs.sum(),
        repairs.sum());
  }
}
