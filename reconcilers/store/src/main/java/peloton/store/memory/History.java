package peloton.store.memory;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import peloton.store.KeyRange;
import peloton.store.KeyValue;
import peloton.store.KeyValueStore.Change;
import peloton.store.StoreException;

/**
 * Every version of every key since the last compaction. Starts at revision 1, as an empty etcd
 * does; each step that changes something takes the next revision. Not thread-safe.
 */
final class History {

  /** One version of a key; no value marks its deletion. */
  private record Version(Optional<KeyValue> value, long revision) {}

  private final NavigableMap<String, List<Version>> versions = new TreeMap<>(KeyOrder.INSTANCE);
  private final NavigableMap<Long, List<Change>> changes = new TreeMap<>();
  private long revision = 1;
  private long compacted;

  /** The newest revision. */
  long revision() {
    return revision;
  }

  Optional<KeyValue> get(String key) {
    List<Version> all = versions.get(key);
    return all == null ? Optional.empty() : last(all).value();
  }

  /**
   * The keys of a range as of a revision.
   *
   * @param at the revision, or 0 for the newest
   * @throws StoreException COMPACTED, or INVALID for a revision that is yet to come
   */
  List<KeyValue> range(KeyRange keys, long at) {
    if (at > revision) {
      throw new StoreException(
          StoreException.Code.INVALID,
          "cannot read at revision " + at + ": the newest is " + revision);
    }
    long upTo = at == 0 ? revision : at;
    requireKept(upTo);
    List<KeyValue> found = new ArrayList<>();
    for (var entry : versions.tailMap(keys.prefix(), true).entrySet()) {
      if (!KeyOrder.within(keys, entry.getKey())) {
        break;
      }
      versionAt(entry.getValue(), upTo).flatMap(Version::value).ifPresent(found::add);
    }
    return found;
  }

  /** The keys of a range that exist now. */
  List<String> keysIn(KeyRange keys) {
    return range(keys, 0).stream().map(KeyValue::key).toList();
  }

  /** Begins a step; every change made through it happens at one revision. */
  Step step() {
    return new Step(revision + 1);
  }

  /**
   * The changes in a range from a revision on.
   *
   * @throws StoreException COMPACTED
   */
  List<Change> since(KeyRange keys, long from) {
    requireKept(from);
    List<Change> found = new ArrayList<>();
    for (List<Change> step : changes.tailMap(from, true).values()) {
      step.stream().filter(change -> KeyOrder.within(keys, change.key())).forEach(found::add);
    }
    return found;
  }

  /**
   * Forgets what was overwritten or deleted before a revision, which stays readable itself.
   *
   * @throws StoreException COMPACTED if that much is forgotten already
   * @throws IllegalArgumentException if the revision is yet to come
   */
  void compact(long upTo) {
    if (upTo > revision) {
      throw new IllegalArgumentException(
          "cannot compact at revision " + upTo + ": the newest is " + revision);
    }
    if (upTo <= compacted) {
      throw StoreException.compacted(compacted);
    }
    compacted = upTo;
    changes.headMap(upTo, false).clear();
    for (Iterator<List<Version>> it = versions.values().iterator(); it.hasNext(); ) {
      List<Version> each = it.next();
      forget(each, upTo);
      if (each.isEmpty()) {
        it.remove();
      }
    }
  }

  private void requireKept(long wanted) {
    if (wanted < compacted) {
      throw StoreException.compacted(compacted);
    }
  }

  private static void forget(List<Version> versions, long upTo) {
    int newest = -1;
    for (int i = 0; i < versions.size() && versions.get(i).revision() <= upTo; i++) {
      newest = i;
    }
    if (newest >= 0) {
      boolean deleted = versions.get(newest).value().isEmpty();
      versions.subList(0, deleted ? newest + 1 : newest).clear();
    }
  }

  private static Optional<Version> versionAt(List<Version> versions, long upTo) {
    for (int i = versions.size() - 1; i >= 0; i--) {
      if (versions.get(i).revision() <= upTo) {
        return Optional.of(versions.get(i));
      }
    }
    return Optional.empty();
  }

  private static Version last(List<Version> versions) {
    return versions.get(versions.size() - 1);
  }

  /** Changes that share one revision. */
  final class Step {
    private final long at;
    private final List<Change> made = new ArrayList<>();

    private Step(long at) {
      this.at = at;
    }

    void put(String key, ByteString value) {
      KeyValue written =
          get(key)
              .map(old -> new KeyValue(key, value, old.createRevision(), at, old.version() + 1))
              .orElseGet(() -> new KeyValue(key, value, at, at, 1));
      record(key, Optional.of(written));
      made.add(new Change(key, Optional.of(value), at));
    }

    /** Deletes a key if it is there. */
    void delete(String key) {
      if (get(key).isPresent()) {
        record(key, Optional.empty());
        made.add(new Change(key, Optional.empty(), at));
      }
    }

    /** Ends the step. Its changes; if there are none, no revision was taken. */
    List<Change> end() {
      if (!made.isEmpty()) {
        revision = at;
        changes.put(at, List.copyOf(made));
      }
      return List.copyOf(made);
    }

    private void record(String key, Optional<KeyValue> value) {
      versions.computeIfAbsent(key, absent -> new ArrayList<>()).add(new Version(value, at));
    }
  }
}
