package peloton.store.view;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import peloton.store.KeyValue;
import peloton.store.Range;

/**
 * Finds where the records in memory differ from a reading of the store. The records may move on
 * meanwhile: what the watch brings after the reading's revision is newer and left alone. Used from
 * the view's thread.
 */
final class Resync {
  private final Records records;
  private final RecordDecoder decoder;
  private final Range range;
  private final Map<RecordKey, Long> touched;
  private final Set<RecordKey> stored;
  private final List<RecordChange> differences = new ArrayList<>();
  private int position;

  /**
   * @param touched the newest revision of each record that changed since the reading was asked for;
   *     the caller goes on adding to it
   */
  Resync(Records records, RecordDecoder decoder, Range range, Map<RecordKey, Long> touched) {
    this.records = records;
    this.decoder = decoder;
    this.range = range;
    this.touched = touched;
    this.stored = new HashSet<>((int) (range.entries().size() / 0.75f) + 1);
  }

  /** A comparison for records that nothing else changes meanwhile. */
  static Resync whole(Records records, RecordDecoder decoder, Range range) {
    return new Resync(records, decoder, range, new HashMap<>());
  }

  long revision() {
    return range.revision();
  }

  /** Compares some more; whether there is more to compare. */
  boolean compare(int atMost) {
    int end = (int) Math.min(range.entries().size(), (long) position + atMost);
    for (; position < end; position++) {
      KeyValue entry = range.entries().get(position);
      decoder.key(entry.key()).ifPresent(key -> compare(key, entry));
    }
    return position < range.entries().size();
  }

  private void compare(RecordKey key, KeyValue entry) {
    stored.add(key);
    Optional<Message> value = decoder.value(key, entry.value());
    if (value.isPresent() && !records.holds(key, value.get(), entry.modRevision())) {
      differences.add(new RecordChange(key, value, entry.modRevision()));
    }
  }

  /** What has to be applied to make the records those of the reading; called once, at the end. */
  List<RecordChange> differences() {
    records.forEachKey(
        key -> {
          if (!stored.contains(key)) {
            differences.add(new RecordChange(key, Optional.empty(), range.revision()));
          }
        });
    differences.removeIf(change -> touched.getOrDefault(change.key(), 0L) > range.revision());
    return differences;
  }
}
