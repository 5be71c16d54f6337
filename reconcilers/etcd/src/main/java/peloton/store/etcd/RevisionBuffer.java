package peloton.store.etcd;

import io.etcd.jetcd.api.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peloton.store.KeyValueStore.Change;

/**
 * Makes whole revisions of what a watch sends: an answer may hold part of a revision only when
 * another fragment follows, and a resumed watch may repeat what was seen. Not thread-safe.
 */
final class RevisionBuffer {
  private final List<Change> waiting = new ArrayList<>();
  private long next;

  /**
   * @param next the first revision of interest
   */
  RevisionBuffer(long next) {
    this.next = next;
  }

  /** The first revision that has not been let out. */
  long next() {
    return next;
  }

  /** Whether part of a revision waits for the rest. */
  boolean isPartial() {
    return !waiting.isEmpty();
  }

  /** Takes one answer; the changes that are complete now. */
  List<Change> accept(List<Event> events, boolean moreFollows) {
    for (Event event : events) {
      Change change = change(event);
      if (change.revision() >= next) {
        waiting.add(change);
      }
    }
    if (waiting.isEmpty()) {
      return List.of();
    }
    long newest = waiting.get(waiting.size() - 1).revision();
    int whole = moreFollows ? indexOf(newest) : waiting.size();
    List<Change> complete = List.copyOf(waiting.subList(0, whole));
    waiting.subList(0, whole).clear();
    next = moreFollows ? newest : newest + 1;
    return complete;
  }

  /** Everything up to this revision is known to have been let out. */
  void skipTo(long revision) {
    next = Math.max(next, revision + 1);
  }

  /**
   * Forgets the parts that were taken since the last whole revision, before they are sent again.
   */
  void restart() {
    waiting.clear();
  }

  private int indexOf(long revision) {
    int index = waiting.size();
    while (index > 0 && waiting.get(index - 1).revision() == revision) {
      index--;
    }
    return index;
  }

  private static Change change(Event event) {
    return new Change(
        event.getKv().getKey().toStringUtf8(),
        event.getType() == Event.EventType.DELETE
            ? Optional.empty()
            : Optional.of(event.getKv().getValue()),
        event.getKv().getModRevision());
  }
}
