package peloton.desired.pod;

import java.util.List;
import peloton.records.PodEventRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;

/**
 * Which events of a run are still to be seen. Events are the leader's records, so a client cannot
 * delete them; it marks them, and readers leave out what is marked.
 */
public final class DeletedEvents {
  /** The mark of a run that is over: all of its events. */
  static final long ALL = Long.MAX_VALUE;

  private DeletedEvents() {}

  /**
   * The events of a run that nobody deleted, oldest first.
   *
   * @param own what was asked of the pod, or null if nothing was
   */
  public static List<PodEventRecord> visible(PodGoalRecord own, PodRecord run) {
    long deleted = own == null ? 0 : own.getEventsDeletedOrDefault(run.getRun(), 0);
    return deleted == 0
        ? run.getEventsList()
        : run.getEventsList().stream().filter(event -> event.getAt() > deleted).toList();
  }
}
